// What the page says, in the language chosen. Japanese stands in where another language has no words.

import { el } from "./elements.js";
import en from "../texts/en.json";
import ja from "../texts/ja.json";
import jaEasy from "../texts/ja_easy.json";

const PAGE = { ja, ja_easy: jaEasy, en };
const TAGS = { ja: "ja", ja_easy: "ja", en: "en" };
// 窓口（まどぐち） as cities write it, or [窓口|まどぐち] as the terminal's texts do.
const READING = /\[([^|\]]+)\|([^\]]+)\]|([\p{Script=Han}々〆ヶ0-9０-９]+)（([ぁ-ゖー]+)）/gu;

export const tagOf = (language) => TAGS[language] ?? "ja";

/** Words and the language they are in; `node` shows them, `plain` is for titles and labels. */
class Phrase {
  constructor(text, language) {
    this.text = text;
    this.language = language;
  }

  get plain() {
    return this.language === "ja_easy" ? this.text.replace(READING, "$1$3") : this.text;
  }

  /** Small readings over the kanji; a span with its own language where that is not the page's. */
  node(pageLanguage) {
    const tag = tagOf(this.language);
    const pieces = this.language === "ja_easy" ? withReadings(this.text) : [this.text];
    return el("span", { lang: tag === tagOf(pageLanguage) ? null : tag }, pieces);
  }
}

function withReadings(text) {
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(READING)) {
    const [base, reading] = [found[1] ?? found[3], found[2] ?? found[4]];
    pieces.push(text.slice(at, found.index), ruby(base, reading));
    at = found.index + found[0].length;
  }
  return [...pieces, text.slice(at)];
}

// Speech says the kanji; said twice, with its reading, nobody would follow.
const ruby = (base, reading) => el("ruby", {}, base, el("rt", { "aria-hidden": "true" }, reading));

const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export class Words {
  constructor(language) {
    this.language = language;
  }

  get tag() {
    return tagOf(this.language);
  }

  /** The page's own words. */
  phrase(key, values = {}) {
    const own = PAGE[this.language]?.[key];
    if (own !== undefined) return new Phrase(filled(own, values), this.language);
    return new Phrase(filled(PAGE.ja[key], values), "ja");
  }

  say(key, values) {
    return this.phrase(key, values).node(this.language);
  }

  plain(key, values) {
    return this.phrase(key, values).plain;
  }

  knows(key) {
    return Object.hasOwn(PAGE.ja, key);
  }

  /** A procedure's words under the first key that has any; in Japanese its label. */
  ofForm(texts, keys, label) {
    const own = keys.map((key) => texts[key]?.[this.language]).find(Boolean);
    if (own) return new Phrase(own, this.language);
    const japanese = keys.map((key) => texts[key]?.ja).find(Boolean) ?? label;
    return japanese ? new Phrase(japanese, "ja") : null;
  }

  japanese(text) {
    return new Phrase(text, "ja");
  }

  node(phrase) {
    return phrase.node(this.language);
  }

  /** Yen, grouped; the words around them are the page's. */
  yen(amount) {
    return this.say("yen", { amount: amount.toLocaleString("en-US") });
  }
}
