// The code, what to bring, what it costs, what to do next.

import { el, primary, quiet, secondary } from "./elements.js";
import { noticeList } from "./review.js";
import { picture } from "./picture.js";
import { sheet } from "./sheet.js";
import { pixels } from "./symbols.js";

export function codePage({
  words,
  procedure,
  filling,
  symbols,
  made,
  until,
  isKept,
  forget,
  link,
  formLink,
  catalogue,
}) {
  return {
    title: words.plain("code.title"),
    nodes: [
      el("h1", { tabindex: -1 }, words.say("code.title")),
      el(
        "p",
        {},
        words.say(symbols.length > 1 ? "code.show-all" : "code.show", { count: symbols.length }),
      ),
      viewer(words, symbols),
      el("p", {}, words.say("code.until", { day: procedure.dayInWords(until) })),
      el("p", { class: "hint" }, words.say("code.lasts")),
      el("h2", {}, words.say("code.next")),
      el(
        "ol",
        {},
        ["code.next.1", "code.next.2", "code.next.3"].map((key) => el("li", {}, words.say(key))),
      ),
      papers(words, procedure, filling),
      price(words, procedure, filling),
      noticeList(words, procedure, filling),
      others({ words, procedure, filling, formLink, catalogue }),
      el("p", {}, el("a", { href: link }, words.say("code.change"))),
      isKept ? el("p", {}, quiet(words.say("kept.erase"), forget)) : null,
    ],
    sheet: sheet({ filling, symbols, made, until }),
  };
}

/** The symbol large; where there are several, one by one. */
function viewer(words, symbols) {
  let at = 0;
  const place = el("div", { class: "symbol" });
  const where = el("p", { class: "where", role: "status" });
  const turn = (by) => () => {
    at = (at + by + symbols.length) % symbols.length;
    show();
  };
  const show = () => {
    const label = words.plain("code.symbol", { at: at + 1, count: symbols.length });
    place.replaceChildren(picture(symbols[at], label));
    where.textContent = symbols.length > 1 ? `${at + 1}/${symbols.length}` : "";
  };
  show();
  const several = symbols.length > 1;
  return el(
    "section",
    { class: "viewer", "aria-label": words.plain("code.title") },
    place,
    several
      ? el(
          "div",
          { class: "turn" },
          secondary(words.say("code.previous"), turn(-1)),
          where,
          primary(words.say("code.following"), turn(1)),
        )
      : null,
    el(
      "div",
      { class: "buttons" },
      secondary(words.say("code.print"), () => window.print()),
      quiet(words.say("code.save"), () => save(symbols[at], at)),
    ),
  );
}

function save(rows, at) {
  const { data, width, height } = pixels(rows, 8);
  const canvas = el("canvas", { width, height });
  canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
  canvas.toBlob((blob) => {
    const href = URL.createObjectURL(blob);
    el("a", { href, download: `kakanai-${at + 1}.png` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60_000);
  });
}

function papers(words, procedure, filling) {
  const brought = filling.papers.map((paper) =>
    el(
      "li",
      {},
      words.node(procedure.paper(paper)),
      paper.later ? el("span", { class: "hint" }, words.say("papers.later")) : null,
    ),
  );
  const given = filling.atCounter.map((field) => el("li", {}, words.node(procedure.field(field))));
  return [
    el("h2", {}, words.say("papers")),
    brought.length ? el("ul", {}, brought) : el("p", {}, words.say("papers.none")),
    given.length ? [el("h2", {}, words.say("at-counter")), el("ul", {}, given)] : null,
  ];
}

function price(words, procedure, filling) {
  const { lines, waiver, waived, total } = filling.quote;
  if (!filling.form.fees?.length)
    return [el("h2", {}, words.say("fee")), el("p", {}, words.say("fee.none"))];
  const rows = lines.map(({ fee, unit, count, amount }) =>
    el(
      "tr",
      {},
      el(
        "th",
        { scope: "row" },
        words.node(procedure.fee(fee)),
        ` ${unit.toLocaleString("en-US")} × ${count}`,
      ),
      el("td", {}, words.yen(amount)),
    ),
  );
  if (waiver)
    rows.push(
      el(
        "tr",
        {},
        el("th", { scope: "row" }, words.node(procedure.waiver(waiver))),
        el("td", {}, words.yen(-waived)),
      ),
    );
  return [
    el("h2", {}, words.say("fee")),
    el(
      "table",
      {},
      el(
        "tbody",
        {},
        rows,
        el(
          "tr",
          { class: "total" },
          el("th", { scope: "row" }, words.say("fee.total")),
          el("td", {}, words.yen(total)),
        ),
      ),
    ),
  ];
}

function others({ words, procedure, filling, formLink, catalogue }) {
  if (!filling.followups.length) return null;
  const item = ({ followup, row }) => {
    const whose = row === null ? null : procedure.rowName(filling.standing, followup.each, row);
    const here = catalogue.forms.some(({ id }) => id === followup.form);
    const name = words.node(procedure.followup(followup));
    return el(
      "li",
      {},
      here ? el("a", { href: formLink(followup.form) }, name) : name,
      whose ? ["（", whose, "）"] : null,
      el("p", { class: "hint" }, words.node(procedure.because(followup))),
    );
  };
  return [el("h2", {}, words.say("followups")), el("ul", {}, filling.followups.map(item))];
}
