// What stands around every page: the city, the languages, the way back and how far it is.

import { el } from "./elements.js";
import { Words } from "./words.js";

export function header({ words, languages, city, home, speak }) {
  const buttons = languages.map((language) => {
    const own = new Words(language);
    const isOwn = String(language === words.language);
    return el(
      "button",
      { type: "button", lang: own.tag, "aria-pressed": isOwn, click: () => speak(language) },
      own.plain("language"),
    );
  });
  return el(
    "header",
    {},
    el("a", { class: "city", href: home }, city),
    el(
      "div",
      { class: "languages", role: "group", "aria-label": words.plain("language.choose") },
      buttons,
    ),
  );
}

/** `at` and `total` count questions; where there is no question, there is only the way back. */
export function way({ words, back, at = 0, total = 0 }) {
  const told = { at, total };
  return el(
    "nav",
    { "aria-label": words.plain("way") },
    el("button", { type: "button", class: "back", click: back }, words.say("back")),
    at ? el("p", { class: "far" }, words.say("step", told)) : null,
    at ? el("progress", { max: total, value: at, "aria-label": words.plain("step", told) }) : null,
  );
}

export const footer = ({ words }) => el("footer", {}, el("p", {}, words.say("footer")));
