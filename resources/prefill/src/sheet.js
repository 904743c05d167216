// The code and the answers on one A4 sheet in plain Japanese, for the person and for the counter.

import { el } from "./elements.js";
import { showKnown } from "./era.js";
import { show } from "./kinds.js";
import { picture } from "./picture.js";
import { sectionsOf } from "./review.js";
import { Words } from "./words.js";

const paper = new Words("ja");

/** `made` and `until`: days, in ISO. */
export function sheet({ filling, symbols, made, until }) {
  return el(
    "article",
    { class: "sheet", lang: "ja" },
    el("h1", {}, filling.form.label),
    el("p", {}, paper.plain("sheet.made", { made: showKnown(made), until: showKnown(until) })),
    el("p", { class: "careful" }, paper.plain("sheet.careful")),
    el("div", { class: "symbols" }, symbols.map(figure), bring(filling)),
    el("div", { class: "given" }, tables(filling)),
  );
}

function figure(rows, at, { length }) {
  const name = `${at + 1}/${length}`;
  return el("figure", {}, picture(rows, name), length > 1 ? el("figcaption", {}, name) : null);
}

function bring({ papers, quote: { lines, total } }) {
  const items = papers.map(({ label }) => el("li", {}, label));
  const yen = `${total.toLocaleString("en-US")}円`;
  return el(
    "aside",
    {},
    items.length ? [el("h2", {}, paper.plain("papers")), el("ul", {}, items)] : null,
    lines.length ? [el("h2", {}, paper.plain("fee")), el("p", {}, yen)] : null,
  );
}

/** A table for each section, or for each of its rows. */
function tables(filling) {
  const { questions, values } = filling.standing;
  return sectionsOf(questions).flatMap(({ section, rows }) =>
    rows.map(({ row, asked }) => {
      const own = row === null ? values : values[section.id][row];
      const isShown = ({ path, field }) =>
        field.kind !== "rows" && filling.step(path) && own[field.id] !== undefined;
      const lines = asked.filter(isShown).map(({ field }) => line(field, own[field.id]));
      const name = row === null ? section.label : `${section.label} ${row + 1}`;
      return lines.length ? table(name, lines) : null;
    }),
  );
}

const table = (name, lines) => el("table", {}, el("caption", {}, name), el("tbody", {}, lines));

const line = (field, value) =>
  el("tr", {}, el("th", { scope: "row" }, field.label), el("td", {}, show(field, value)));
