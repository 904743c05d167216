// A date given as era, year, month and day; said back as it was understood.

import { el } from "./elements.js";
import { ERAS, parseKnown, showKnown } from "./era.js";
import { westernDay } from "./procedure.js";

const WEST = "西暦";
const ASKED = ["令和", "平成", "昭和", "大正", WEST];
const BIRTH = /birth/;

export function dateEntry({ words, field, value, about }) {
  const given = split(value, words.language, field);
  const told = el("p", { class: "told", role: "status" });
  const eras = words.language === "en" ? [] : ASKED.map((era) => radio(era, given.era === era));
  const numbers = ["year", "month", "day"].map((name) => {
    const input = el("input", {
      id: `entry-${name}`,
      type: "text",
      inputmode: "numeric",
      maxlength: name === "year" ? 4 : 2,
      autocomplete: field.fact === "birth" ? `bday-${name}` : "off",
      "aria-describedby": about,
    });
    input.value = given[name] ?? "";
    return {
      name,
      input,
      node: el("label", { class: name }, input, el("span", {}, words.say(`date.${name}`))),
    };
  });
  const read = () => ({
    era: eras.find(({ input }) => input.checked)?.input.value ?? (eras.length ? "" : WEST),
    ...Object.fromEntries(
      numbers.map(({ name, input }) => [name, input.value.normalize("NFKC").trim()]),
    ),
  });
  const tell = () => told.replaceChildren(...said(read(), words));
  const group = el(
    "fieldset",
    { class: "inner eras", input: tell, hidden: !eras.length },
    el("legend", {}, words.say("date.era")),
    eras.map(({ node }) => node),
  );
  tell();
  return {
    nodes: [
      eras.length ? group : null,
      el(
        "div",
        { class: "date", input: tell },
        numbers.map(({ node }) => node),
      ),
      told,
    ],
    read: () => written(read()),
    typed: read,
    inputs: (reason) => (reason === "no-era" ? eras : numbers).map(({ input }) => input),
  };
}

function radio(era, checked) {
  const input = el("input", { type: "radio", name: "era", value: era, id: `era-${era}` });
  input.checked = checked;
  return {
    input,
    node: el("label", { class: "era", for: input.id }, input, el("span", { lang: "ja" }, era)),
  };
}

/** What stands in the boxes: from typed parts or from a stored date. */
function split(value, language, field) {
  if (value && typeof value === "object") {
    const known = parseKnown(written(value));
    return known && language === "en" ? split(known, language, field) : value;
  }
  if (!value) return { era: BIRTH.test(field.id) ? "" : "令和" };
  const [year, month, day] = value.split("-").map(Number);
  const era =
    language === "en" ? null : ERAS.find(({ start }) => value.length === 10 && value >= start);
  if (!era || era.name === "明治") return { era: WEST, year, month, day };
  return { era: era.name, year: year - Number(era.start.slice(0, 4)) + 1, month, day };
}

/** As a person would write it, 昭和19年5月3日; a year of four digits is a Western one whatever the era. */
export function written({ era, year, month, day }) {
  if (![year, month, day].some(Boolean)) return "";
  const western = era === WEST || /^\d{4}$/.test(year);
  return [`${western ? "" : era}${year}年`, month && `${month}月`, day && `${day}日`]
    .filter(Boolean)
    .join("");
}

function said(parts, words) {
  const known = parseKnown(written(parts));
  if (!known || (!parts.day && known.length < 10)) return [];
  const western =
    words.language === "en"
      ? westernDay(known)
      : words.plain("date.western", { year: known.slice(0, 4) });
  return [
    words.language === "en" ? `${western} ` : "",
    el("span", { lang: "ja" }, showKnown(known)),
    words.language === "en" ? "" : western,
  ];
}
