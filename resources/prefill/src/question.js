// One question a page; and the page that asks whether there are more rows.

import { el, primary, quiet, secondary } from "./elements.js";
import { entry, isGroup } from "./entries.js";

/** `wrong`: a sentence beside the field, or null; `typed`: what was in the boxes a moment ago. */
export function questionPage({
  words,
  procedure,
  filling,
  step,
  wrong,
  reason,
  typed,
  notices,
  next,
  leave,
}) {
  const { field } = step;
  const why = procedure.why(field);
  const about = [why && "why", wrong && "wrong"].filter(Boolean).join(" ") || null;
  const {
    nodes,
    read,
    inputs,
    typed: boxes = read,
  } = entry({ words, procedure }, step, typed ?? filling.value(step), about);
  const mended = wrong ? inputs(reason) : [];
  for (const input of mended) input.setAttribute("aria-invalid", "true");
  const asked = words.node(procedure.ask(field));
  const optional = step.required ? null : el("span", { class: "optional" }, words.say("optional"));
  const heading = isGroup(field.kind)
    ? el("legend", {}, el("h1", { tabindex: -1 }, asked, optional))
    : el("h1", { tabindex: -1 }, el("label", { for: "entry" }, asked, optional));
  const inner = [
    heading,
    why ? el("p", { id: "why", class: "hint" }, words.node(why)) : null,
    wrong
      ? el(
          "p",
          { id: "wrong", class: "wrong", role: "alert" },
          el("strong", {}, words.say("wrong")),
          wrong,
        )
      : null,
    nodes,
  ];
  const form = el(
    "form",
    {
      novalidate: true,
      submit: (event) => {
        event.preventDefault();
        next(read(), boxes());
      },
    },
    isGroup(field.kind) ? el("fieldset", { "aria-describedby": about }, inner) : inner,
    el(
      "div",
      { class: "buttons" },
      el("button", { type: "submit", class: "primary" }, words.say("next")),
    ),
    filling.mayLeave(step) ? el("p", {}, quiet(words.say("leave"), leave)) : null,
  );
  return {
    title: `${wrong ? words.plain("wrong") : ""}${procedure.ask(field).plain}`,
    nodes: [
      notices.map((rule) =>
        el("p", { class: "notice", role: "status" }, words.node(procedure.rule(rule))),
      ),
      el(
        "p",
        { class: "section" },
        words.node(procedure.section(step.section)),
        step.row === null ? null : ` ${step.row + 1}`,
      ),
      form,
    ],
    focus: mended[0] ?? null,
    typed: boxes,
  };
}

/** The rows so far: change, take away, add another, or go on. */
export function rowsPage({ words, procedure, filling, step, wrong, change, remove, add, next }) {
  const { section, field } = step;
  const rows = filling.standing.values[section.id] ?? [];
  const name = procedure.section(section);
  const item = (values, number) => {
    const called = el("span", { class: "unseen" }, `: ${name.plain} ${number + 1}`);
    return el(
      "li",
      {},
      el("h2", {}, words.node(name), ` ${number + 1}`),
      el("p", {}, summary(procedure, section, values)),
      el(
        "div",
        { class: "buttons" },
        secondary([words.say("rows.change"), called], () => change(number)),
        rows.length > field.minimum
          ? quiet([words.say("rows.remove"), called.cloneNode(true)], () => remove(number))
          : null,
      ),
    );
  };
  return {
    title: name.plain,
    nodes: [
      el("h1", { tabindex: -1 }, words.node(name)),
      wrong ? el("p", { class: "wrong", role: "alert" }, wrong) : null,
      el(
        "p",
        { role: "status" },
        words.say(rows.length ? "rows.so-far" : "rows.none-yet", { count: rows.length }),
      ),
      el("ol", { class: "rows" }, rows.map(item)),
      rows.length < field.maximum
        ? el("p", {}, secondary(words.say("rows.add"), add))
        : el("p", { class: "hint" }, words.say("rows.full", { count: field.maximum })),
      el(
        "div",
        { class: "buttons" },
        primary(words.say(rows.length ? "rows.done" : "rows.none"), next),
      ),
    ],
  };
}

/** A row in a line: its first answers. */
function summary(procedure, section, values) {
  const given = section.fields
    .filter((field) => field.value == null && values[field.id] !== undefined)
    .slice(0, 3);
  return given.map((field, at) => [at ? " ・ " : "", procedure.shown(field, values[field.id])]);
}
