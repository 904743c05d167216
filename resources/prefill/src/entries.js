// How each kind of answer is given: {nodes, read, inputs}. `read` gives what `kinds.parse` takes;
// `inputs` tells for a reason which inputs are to be mended, the first of them to begin with.

import { dateEntry } from "./dates.js";
import { el, secondary } from "./elements.js";
import { ACCOUNT_TYPES, PREFECTURES } from "./places.js";

const AUTOCOMPLETE = { name: "name", phone: "tel", email: "email" };
const KEYBOARDS = {
  phone: "tel",
  digits: "numeric",
  count: "numeric",
  money: "numeric",
  email: "email",
};
// What Japanese keyboards make of a stroke: many look-alikes, all meant as one.
const STROKES = /[\u2010-\u2015\u2212]/g;
const STROKED = ["phone", "digits", "postcode"];
const typedIn = (name, input) =>
  STROKED.includes(name) ? input.value.replace(STROKES, "-") : input.value;
const TYPES = { phone: "tel", email: "email", time: "time" };

/** `page`: {words, procedure}; `value`: what was given or typed before; `about`: ids that describe. */
export function entry(page, step, value, about) {
  const draw = DRAWN[step.field.kind] ?? line;
  return draw({ ...page, step, field: step.field, value, about });
}

/** Kinds whose several inputs share one question. */
export const isGroup = (kind) =>
  ["choice", "choices", "yes-no", "date", "address", "account"].includes(kind);

function line({ field, value, about }) {
  const input = el("input", {
    id: "entry",
    type: TYPES[field.kind] ?? "text",
    inputmode: KEYBOARDS[field.kind] ?? null,
    autocomplete: AUTOCOMPLETE[field.fact] ?? "off",
    autocapitalize: "off",
    spellcheck: "false",
    lang: "ja",
    class: ["time", "digits", "phone", "count", "money"].includes(field.kind) ? "short" : null,
    "aria-describedby": about,
  });
  input.value = value ?? "";
  return {
    nodes: [input],
    read: () => typedIn(field.kind, input),
    typed: () => input.value,
    inputs: () => [input],
  };
}

function money(drawn) {
  const { nodes, ...rest } = line(drawn);
  return {
    nodes: [el("div", { class: "beside" }, nodes, el("span", {}, drawn.words.say("unit.yen")))],
    ...rest,
  };
}

function note({ field, value, about }) {
  const input = el("textarea", {
    id: "entry",
    rows: 5,
    lang: "ja",
    "aria-describedby": about,
    maxlength: 2 * (field.maximum ?? 2000),
  });
  input.value = value ?? "";
  return { nodes: [input], read: () => input.value, inputs: () => [input] };
}

/** A number with big steps down and up; typing it works too. */
function count(drawn) {
  const {
    nodes: [input],
    ...rest
  } = line(drawn);
  const { minimum = 0, maximum = Infinity } = drawn.field;
  const told = el("span", { class: "unseen", role: "status" });
  const step = (by) => () => {
    const at = Number.parseInt(input.value, 10);
    input.value = Math.min(maximum, Math.max(minimum, Number.isNaN(at) ? minimum : at + by));
    told.textContent = input.value;
  };
  const less = secondary("−", step(-1), { "aria-label": drawn.words.plain("count.less") });
  const more = secondary("＋", step(1), { "aria-label": drawn.words.plain("count.more") });
  return { nodes: [el("div", { class: "count" }, less, input, more, told)], ...rest };
}

/** Radios or checkboxes, each a big target with its words. */
function choosing(type, drawn, options, isChosen) {
  const inputs = options.map(({ id, words }) => {
    const input = el("input", { type, name: "entry", value: id, id: `entry-${id}` });
    input.checked = isChosen(id);
    return { input, node: el("label", { class: "choice", for: input.id }, input, words) };
  });
  const chosen = () => inputs.filter(({ input }) => input.checked).map(({ input }) => input.value);
  return {
    nodes: [
      el(
        "div",
        { class: "choices" },
        inputs.map(({ node }) => node),
      ),
    ],
    chosen,
    inputs: () => inputs.map(({ input }) => input),
  };
}

const optionsOf = ({ step, field, procedure, words }) =>
  step.options.map((option) => ({
    id: option.value,
    words: words.node(procedure.option(field, option)),
  }));

function choice(drawn) {
  const { chosen, ...rest } = choosing(
    "radio",
    drawn,
    optionsOf(drawn),
    (id) => id === drawn.value,
  );
  return { ...rest, read: () => chosen()[0] };
}

function choices(drawn) {
  const given = drawn.value ?? [];
  const { chosen, ...rest } = choosing("checkbox", drawn, optionsOf(drawn), (id) =>
    given.includes(id),
  );
  return { ...rest, read: chosen };
}

function yesNo(drawn) {
  const options = ["yes", "no"].map((id) => ({ id, words: drawn.words.say(id) }));
  const { chosen, ...rest } = choosing(
    "radio",
    drawn,
    options,
    (id) => (id === "yes") === drawn.value,
  );
  return { ...rest, read: () => ({ yes: true, no: false })[chosen()[0]] };
}

/** Several lines under one question: [{name, label, …attributes}]. */
function lines({ words, value, about }, asked) {
  const inputs = asked.map(({ name, hint, options, ...attributes }) => {
    const shared = { id: `entry-${name}`, lang: "ja", "aria-describedby": about, ...attributes };
    const input = options
      ? el(
          "select",
          shared,
          el("option", { value: "" }, words.say("select")),
          options.map((each) => el("option", { value: each }, each)),
        )
      : el("input", { type: "text", autocapitalize: "off", spellcheck: "false", ...shared });
    input.value = value?.[name] ?? "";
    const label = el("label", { for: input.id }, words.say(hint ?? `part.${name}`));
    return { name, input, node: el("div", { class: "line" }, label, input) };
  });
  const read = () =>
    Object.fromEntries(inputs.map(({ name, input }) => [name, typedIn(name, input)]));
  return {
    nodes: inputs.map(({ node }) => node),
    read,
    byName: Object.fromEntries(inputs.map(({ name, input }) => [name, input])),
  };
}

function address(drawn) {
  const own = drawn.field.fact === "address";
  const fill = (name) => (own ? name : "off");
  const value = typeof drawn.value === "string" ? { town: drawn.value } : drawn.value;
  const { byName, ...rest } = lines({ ...drawn, value }, [
    { name: "postcode", inputmode: "numeric", autocomplete: fill("postal-code"), class: "short" },
    {
      name: "prefecture",
      options: PREFECTURES,
      autocomplete: fill("address-level1"),
      class: "short",
    },
    { name: "city", autocomplete: fill("address-level2") },
    { name: "town", autocomplete: fill("address-line1") },
    { name: "number", autocomplete: "off" },
    { name: "building", autocomplete: fill("address-line2") },
  ]);
  return {
    ...rest,
    inputs: (reason) => culprits(byName, ADDRESS_REASONS[reason] ?? [], ["city", "town"]),
  };
}

const ADDRESS_REASONS = { "not-a-postcode": ["postcode"], "not-a-prefecture": ["prefecture"] };

/** The parts that the reason names; else those that are empty and must not be; else the first. */
function culprits(byName, named, needed) {
  const empty = needed.filter((name) => !byName[name].value.trim());
  const names = [named, empty, Object.keys(byName).slice(0, 1)].find((each) => each.length);
  return names.map((name) => byName[name]);
}

function account(drawn) {
  const value = typeof drawn.value === "object" ? drawn.value : {};
  const names = lines({ ...drawn, value }, [
    { name: "bank", autocomplete: "off" },
    { name: "branch", autocomplete: "off" },
  ]);
  const types = Object.keys(ACCOUNT_TYPES).map((id) => ({
    id,
    words: drawn.words.say(`account.${id}`),
  }));
  const type = choosing("radio", drawn, types, (id) => id === value?.type);
  const numbers = lines({ ...drawn, value }, [
    {
      name: "number",
      hint: "part.account-number",
      inputmode: "numeric",
      autocomplete: "off",
      class: "short",
    },
    { name: "holder", autocomplete: "off" },
  ]);
  const group = el(
    "fieldset",
    { class: "inner" },
    el("legend", {}, drawn.words.say("part.type")),
    type.nodes,
  );
  return {
    nodes: [names.nodes, group, numbers.nodes],
    read: () => ({ ...names.read(), type: type.chosen()[0] ?? "", ...numbers.read() }),
    inputs: (reason) => {
      if (reason === "not-a-choice") return type.inputs();
      const byName = { ...names.byName, ...numbers.byName };
      return culprits(byName, reason === "not-kana" ? ["holder"] : [], Object.keys(byName));
    },
  };
}

const DRAWN = {
  note,
  money,
  count,
  choice,
  choices,
  "yes-no": yesNo,
  date: dateEntry,
  address,
  account,
};
