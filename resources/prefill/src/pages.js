// The quiet pages: which procedure, before it begins, where it ends early.

import { el, primary, quiet, secondary } from "./elements.js";

const CATEGORIES = [
  "certificate",
  "move",
  "family",
  "insurance",
  "care",
  "tax",
  "disaster",
  "facility",
  "voice",
  "other",
];

export function homePage({ words, catalogue, link, go, kept, forget }) {
  const groups = CATEGORIES.map((category) => {
    const forms = catalogue.forms.filter((form) => form.category === category);
    if (!forms.length) return null;
    return el(
      "section",
      {},
      el("h2", {}, words.say(`category.${category}`)),
      el(
        "ul",
        { class: "forms" },
        forms.map((form) =>
          el(
            "li",
            {},
            el(
              "a",
              { href: link(form.id) },
              words.node(words.ofForm(form.texts, ["title"], form.label)),
            ),
          ),
        ),
      ),
    );
  });
  return {
    title: words.plain("home.title"),
    nodes: [
      el("h1", { tabindex: -1 }, words.say("home.title")),
      el("p", {}, words.say("home.what")),
      el(
        "ol",
        { class: "ways" },
        ["home.way.1", "home.way.2", "home.way.3"].map((key) => el("li", {}, words.say(key))),
      ),
      kept ? resume(words, catalogue, kept, go, forget) : null,
      groups,
    ],
  };
}

function resume(words, catalogue, kept, go, forget) {
  const form = catalogue.forms.find(
    ({ id, version }) => id === kept.form && version === kept.version,
  );
  if (!form) return null;
  return el(
    "section",
    { class: "notice" },
    el("h2", {}, words.say("kept.title")),
    el("p", {}, words.node(words.ofForm(form.texts, ["title"], form.label))),
    el(
      "div",
      { class: "buttons" },
      primary(words.say("kept.continue"), () => go(form.id, "begin")),
      secondary(words.say("kept.erase"), forget),
    ),
  );
}

/** Before the first question: what it is, who may, what happens to the answers. */
export function beginPage({ words, procedure, filling, isKept, keep, begin }) {
  const who = procedure.applicants("web");
  const box = el("input", { type: "checkbox", id: "keep", change: () => keep(box.checked) });
  box.checked = isKept;
  return {
    title: procedure.title.plain,
    nodes: [
      el("h1", { tabindex: -1 }, words.node(procedure.title)),
      el("p", {}, words.say("begin.questions", { count: filling.steps.length })),
      who.length
        ? [
            el("h2", {}, words.say("begin.who")),
            el(
              "ul",
              {},
              who.map((each) => el("li", {}, words.node(each))),
            ),
          ]
        : null,
      el("h2", {}, words.say("begin.safe")),
      el("p", {}, words.say("begin.safe.how")),
      el("label", { class: "choice", for: "keep" }, box, el("span", {}, words.say("keep.ask"))),
      el("p", { class: "hint" }, words.say("keep.how")),
      el(
        "div",
        { class: "buttons" },
        primary(words.say(filling.seen.size ? "begin.again" : "begin"), begin),
      ),
    ],
  };
}

/** The procedure ends here, with the reason and the ways on. */
export function stopPage({ words, procedure, stop, back, home }) {
  const reason = stop.rule
    ? words.node(procedure.rule(stop.rule))
    : words.say("stop.may-not-apply");
  return {
    title: words.plain("stop.title"),
    nodes: [
      el("h1", { tabindex: -1 }, words.say("stop.title")),
      el("p", { class: "reason" }, reason),
      el("p", {}, words.say("stop.counter")),
      el(
        "div",
        { class: "buttons" },
        primary(words.say("stop.back"), back),
        secondary(words.say("stop.home"), home),
      ),
    ],
  };
}

/** Everything was erased, or a page is not there. */
export function plainPage({ words, key, home }) {
  return {
    title: words.plain(`${key}.title`),
    nodes: [
      el("h1", { tabindex: -1 }, words.say(`${key}.title`)),
      el("p", {}, words.say(`${key}.what`)),
      el("div", { class: "buttons" }, quiet(words.say("stop.home"), home)),
    ],
  };
}
