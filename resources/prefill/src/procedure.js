// A procedure as the page talks about it: its words in the language chosen, its answers as people read them.

import { KINDS, show } from "./kinds.js";
import { showKnown } from "./era.js";

export class Procedure {
  constructor(form, texts, words) {
    this.form = form;
    this.texts = texts;
    this.words = words;
  }

  #of(keys, label) {
    return this.words.ofForm(this.texts, keys, label);
  }

  get title() {
    return this.#of(["title"], this.form.label);
  }

  section(section) {
    return this.#of([`section.${section.id}`], section.label);
  }

  field(field) {
    return this.#of([`field.${field.id}`], field.label);
  }

  ask(field) {
    return this.#of([`ask.${field.id}`, `field.${field.id}`], field.label);
  }

  why(field) {
    return this.#of([`why.${field.id}`], null);
  }

  option(field, option) {
    return this.#of([`option.${field.id}.${option.value}`], option.label);
  }

  rule(rule) {
    return this.#of([`rule.${rule.id}`], rule.label);
  }

  paper(paper) {
    return this.#of([`paper.${paper.id}`], paper.label);
  }

  fee(fee) {
    return this.#of([`fee.${fee.id}`], fee.label);
  }

  waiver(waiver) {
    return this.#of([`waiver.${waiver.id}`], waiver.label);
  }

  followup(followup) {
    return this.#of([`followup.${followup.form}`], followup.label);
  }

  because(followup) {
    return this.#of([`because.${followup.form}`], followup.because);
  }

  /** Who may apply, in words, on this channel. */
  applicants(channel) {
    const here =
      this.form.who?.filter((who) => !who.channels || who.channels.includes(channel)) ?? [];
    return here.map((who) => this.#of([`who.${who.relation[0]}`], who.label));
  }

  /** A stored answer as nodes, in the language chosen where it has words of its own. */
  shown(field, value) {
    const { words } = this;
    const node = (phrase) => words.node(phrase);
    switch (field.kind) {
      case "yes-no":
        return [words.say(value ? "yes" : "no")];
      case "choice":
        return [node(this.#chosen(field, value))];
      case "choices":
        return value.flatMap((each, at) => [
          at ? words.say("list.comma") : "",
          node(this.#chosen(field, each)),
        ]);
      case "money":
        return [words.yen(value)];
      case "date":
        return [
          words.language === "en" ? `${westernDay(value)} ` : "",
          node(words.japanese(this.#day(value))),
        ];
      default:
        return [node(words.japanese(show(field, value)))];
    }
  }

  dayInWords(day) {
    return this.words.language === "en" ? westernDay(day) : showKnown(day);
  }

  /** What a row is called: its name where it has one, else its number. */
  rowName(standing, id, row) {
    const section = this.form.sections.find((each) => each.id === id);
    const named = section.fields.find((field) => field.kind === "name");
    const value = standing.values[id][row][named?.id];
    return value ? this.words.node(this.words.japanese(value)) : String(row + 1);
  }

  #chosen(field, value) {
    return this.option(
      field,
      field.options.find((option) => option.value === value),
    );
  }

  #day(value) {
    return this.words.language === "en" ? `（${showKnown(value)}）` : showKnown(value);
  }
}

const MONTHS =
  "January February March April May June July August September October November December".split(
    " ",
  );

/** 3 May 1944, and as much of it as is known. */
export function westernDay(stored) {
  const [year, month, day] = stored.split("-").map(Number);
  return [day, MONTHS[month - 1], year].filter(Boolean).join(" ");
}

export const isOnPhone = (field) => field.kind === "rows" || KINDS[field.kind].onPhone;
