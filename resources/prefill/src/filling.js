// One procedure being filled in: the answers, the pages they make, and what was seen already.

import { recalled } from "./facts.js";
import { isOnPhone } from "./procedure.js";
import { content, defaults, given, stand, start } from "./standing.js";
import * as verdicts from "./verdicts.js";

const WHO = ["name", "address", "birth"]; // the terminal takes no code without them
const SOON = 0.25;
const AFTER_ROWS = 0.5;

export class Filling {
  /** `kept`: what an earlier `toKeep` gave; `facts`: what another procedure told. */
  constructor(form, occasion, { kept = null, facts = {} } = {}) {
    this.form = form;
    this.occasion = occasion;
    this.answers = kept?.answers ?? { ...start(form), ...recalled(form, facts) };
    this.left = new Set(kept?.left);
    this.seen = new Set(kept?.seen);
    this.finished = kept?.finished ?? false;
    this.told = new Set();
    this.#settle();
  }

  toKeep() {
    const { answers, left, seen, finished } = this;
    return { answers, left: [...left], seen: [...seen], finished };
  }

  /** The pages: each question; a repeated section's own page after its rows. */
  get steps() {
    const steps = [];
    let rows = null;
    for (const question of this.standing.questions) {
      if (rows && question.section !== rows.section) {
        steps.push(rows);
        rows = null;
      }
      if (question.field.kind === "rows") rows = question;
      else if (isOnPhone(question.field)) steps.push(question);
    }
    return rows ? [...steps, rows] : steps;
  }

  /** What is asked but cannot be given on a phone: a signature, photos, files. */
  get atCounter() {
    const ids = new Map(
      this.standing.questions.map((question) => [question.field.id, question.field]),
    );
    return [...ids.values()].filter((field) => !isOnPhone(field));
  }

  step(path) {
    return this.steps.find((step) => step.path === path);
  }

  value(step) {
    return given(this.answers, step);
  }

  put(step, value) {
    const { section, field, row } = step;
    this.left.delete(step.path);
    if (row === null) this.answers = { ...this.answers, [field.id]: value };
    else
      this.#putRows(
        section,
        this.answers[section.id].map((each, at) =>
          at === row ? { ...each, [field.id]: value } : each,
        ),
      );
    this.#settle();
  }

  leave(step) {
    this.put(step, undefined);
    this.left.add(step.path);
  }

  addRow(section) {
    const rows = this.answers[section.id] ?? [];
    this.#putRows(section, [...rows, defaults(section.fields)]);
    this.#settle();
    this.revisit(section, rows.length);
    return rows.length;
  }

  /** A row is gone through whole again, and the rows are looked at after it. */
  revisit(section, row) {
    const again = this.steps.filter(
      (step) => step.section === section && [row, null].includes(step.row),
    );
    for (const { path } of again) this.seen.delete(path);
  }

  removeRow(section, number) {
    const rows = this.answers[section.id];
    const last = `${section.id}[${rows.length - 1}]`;
    for (const paths of [this.seen, this.left]) {
      for (const path of [...paths]) if (path.startsWith(`${last}.`)) paths.delete(path);
    }
    this.#putRows(
      section,
      rows.filter((_, at) => at !== number),
    );
    this.#settle();
  }

  /** The page after this one: in order at first; later the next that is still open, then the review. */
  after(path) {
    const { steps } = this;
    if (this.finished) return steps.find((step) => !this.seen.has(step.path))?.path ?? null;
    return steps[steps.findIndex((step) => step.path === path) + 1]?.path ?? null;
  }

  before(path) {
    const { steps } = this;
    return steps[steps.findIndex((step) => step.path === path) - 1]?.path ?? null;
  }

  /** What is wrong and can be mended here. What was left to the counter is not wrong. */
  get problems() {
    const wrong = verdicts.problems(this.form, this.answers, this.standing);
    return wrong.filter(({ path, reason, rule }) => {
      if (rule) return this.#isRipe(rule);
      const asked = this.standing.questions.find((question) => question.path === path);
      return isOnPhone(asked.field) && !(reason === "required" && this.left.has(path));
    });
  }

  /** Problems of pages that were seen. */
  get seenProblems() {
    return this.problems.filter(({ path }) => this.seen.has(path));
  }

  /** Why this ends here, as soon as everything the reason rests on was asked. */
  get blocked() {
    const stop = verdicts.blocked(this.form, this.standing);
    if (!stop) return null;
    return stop.rule
      ? this.#isRipe(stop.rule)
        ? stop
        : null
      : this.seen.has("relation")
        ? stop
        : null;
  }

  get notices() {
    return verdicts.notices(this.form, this.standing).filter((rule) => this.#isRipe(rule));
  }

  /** Notices that were not told yet; from now on they were. */
  tellNotices() {
    const fresh = this.notices.filter((rule) => !this.told.has(rule.id));
    for (const rule of fresh) this.told.add(rule.id);
    return fresh;
  }

  get quote() {
    return verdicts.quote(this.form, this.standing);
  }

  get papers() {
    return verdicts.papers(this.form, this.standing);
  }

  get followups() {
    return verdicts.followups(this.form, this.standing);
  }

  get content() {
    return content(this.standing);
  }

  /**
   * What decides which questions are asked cannot be left to the counter, nor who it is; what has
   * an answer need not.
   */
  mayLeave({ field, required }) {
    if (!required || field.default != null || field.kind === "rows") return false;
    const isWho = !this.form.anonymous && WHO.includes(field.id);
    return !isWho && !this.#deciding.has(field.id);
  }

  get #deciding() {
    const stops = (this.form.rules ?? []).filter((rule) => rule.then === "stop");
    const fields = this.form.sections.flatMap((section) => section.fields);
    const options = fields.flatMap((field) => field.options ?? []);
    const conditions = [...this.form.sections, ...fields, ...options, ...stops].map(
      (part) => part.when,
    );
    const required = fields
      .map((field) => field.required)
      .filter((each) => typeof each === "object");
    const names = [...conditions, ...required].flatMap((each) =>
      verdicts.namesIn(each, { inside: true }),
    );
    return new Set(["relation", ...names]);
  }

  /** A sentence is due once every question that it rests on has been seen. */
  #isRipe(rule) {
    if (this.finished) return true;
    const names = [rule.at, ...verdicts.namesIn(rule.when, { inside: true })].filter(Boolean);
    return Math.max(-1, ...names.map((name) => this.#place(name))) <= this.#reached;
  }

  get #reached() {
    const open = this.steps.find((step) => !this.seen.has(step.path));
    return open ? this.#place(open.field.id) - SOON : Infinity;
  }

  #place(name) {
    const fields = this.form.sections.flatMap((section) =>
      section.fields.map((field) => ({ field, section })),
    );
    const own = fields.findIndex(({ field }) => field.id === name);
    if (own >= 0) return own;
    return fields.findLastIndex(({ section }) => section.id === name) + AFTER_ROWS;
  }

  #putRows(section, rows) {
    this.answers = { ...this.answers, [section.id]: rows };
  }

  /** Work out what stands; a section that needs rows has them from the start. */
  #settle() {
    this.standing = stand(this.form, this.answers, this.occasion);
    const short = this.standing.questions.find(
      ({ field, section }) =>
        field.kind === "rows" && (this.answers[section.id] ?? []).length < field.minimum,
    );
    if (!short) return;
    const rows = this.answers[short.section.id] ?? [];
    this.#putRows(short.section, [...rows, defaults(short.section.fields)]);
    this.#settle();
  }
}
