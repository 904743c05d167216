// The page itself: which address shows which page, and what each step does.

import { here, link } from "./address.js";
import { codePage } from "./code.js";
import { el } from "./elements.js";
import { footer, header, way } from "./frame.js";
import { Unreadable, isGiven, parse } from "./kinds.js";
import { beginPage, homePage, plainPage, stopPage } from "./pages.js";
import { sentenceFor } from "./problems.js";
import { Procedure } from "./procedure.js";
import { questionPage, rowsPage } from "./question.js";
import { reviewPage } from "./review.js";
import { TooMuch } from "./symbols.js";
import { Visit } from "./visit.js";
import { Words } from "./words.js";

const NO_ERA = /^\d{1,3}年/;

export class App {
  constructor(catalogue, place) {
    this.catalogue = catalogue;
    this.place = place;
    this.visit = new Visit(catalogue);
    this.shown = null; // the page in view
    this.next = {}; // for the page about to be shown: {path, sentence, reason, typed}
    this.last = null; // the question answered last
    this.busy = false;
  }

  start() {
    window.addEventListener("hashchange", () => this.#show());
    window.addEventListener("beforeunload", (event) => {
      if (this.visit.hasUnsaved) event.preventDefault();
    });
    return this.#show();
  }

  get #at() {
    return here(this.catalogue.languages);
  }

  get #filling() {
    return this.visit.filling;
  }

  #link(...parts) {
    return link(this.#at.language, ...parts);
  }

  #go(...parts) {
    const to = this.#link(...parts);
    if (decodeURIComponent(location.hash) === to) return this.#show();
    location.hash = to;
    return undefined;
  }

  #replace(...parts) {
    history.replaceState(null, "", this.#link(...parts));
    return this.#show();
  }

  // Showing

  async #show() {
    const { language, form, page, path } = this.#at;
    const words = new Words(language);
    const { next } = this;
    this.next = {};
    if (!form) return this.#render(words, this.#home(words));
    if (!(await this.visit.open(form))) return this.#render(words, this.#plain(words, "missing"));
    const filling = this.#filling;
    const procedure = new Procedure(filling.form, this.visit.texts, words);
    const isUnopened = !filling.seen.size && path !== filling.steps[0].path;
    const mayShow = page === "begin" || !isUnopened;
    const made = mayShow ? this.#page({ words, filling, procedure }, page, path, next) : null;
    return made ? this.#render(words, made, filling) : this.#replace(form, "begin");
  }

  #page(context, page, path, next) {
    const { filling } = context;
    if (page === "begin") return this.#begin(context);
    if (page === "stop") return filling.blocked ? this.#stop(context) : null;
    if (page === "review") return this.#review(context, next);
    if (page === "code") return this.visit.code ? this.#codePage(context) : null;
    const step = page === "ask" && filling.step(path);
    if (!step) return null;
    const about = next.path === path ? { ...next, wrong: next.sentence?.(context) } : {};
    const isRows = step.field.kind === "rows";
    return isRows ? this.#rows(context, step, about) : this.#question(context, step, about);
  }

  #render(words, page, filling = null) {
    this.shown = page;
    const { city, languages } = this.catalogue;
    const name = words.ofForm({ name: city.name }, ["name"], "");
    document.documentElement.lang = words.tag;
    document.title = [page.title, name?.plain].filter(Boolean).join(" – ");
    const main = el("main", {}, page.nodes);
    const speak = (language) => this.#speak(language);
    const top = header({
      words,
      languages,
      city: name && words.node(name),
      home: this.#link(),
      speak,
    });
    this.place.replaceChildren(top, this.#way(words, filling), main, footer({ words }));
    this.#lay(page.sheet);
    (page.focus ?? main.querySelector("h1")).focus({ preventScroll: true });
    if (page.focus) page.focus.scrollIntoView({ block: "center" });
    else window.scrollTo(0, 0);
  }

  /** The sheet that is printed instead of the page. */
  #lay(sheet) {
    document.querySelector(".sheet")?.remove();
    if (sheet) document.body.append(sheet);
    document.documentElement.toggleAttribute("data-sheet", Boolean(sheet));
  }

  #way(words, filling) {
    const { form, page, path } = this.#at;
    if (!form) return "";
    if (!filling || page === "begin") return way({ words, back: () => this.#go() });
    const { steps } = filling;
    const before = {
      code: () => ["review"],
      stop: () => ["ask", this.#lastAnswered],
      review: () => ["ask", steps.at(-1).path],
      ask: () => (filling.before(path) ? ["ask", filling.before(path)] : ["begin"]),
    }[page];
    const at = steps.findIndex((step) => step.path === path) + 1;
    return way({ words, back: () => this.#go(form, ...before()), at, total: steps.length });
  }

  /** Another language, on the same page, with what is in the boxes. */
  #speak(language) {
    const { form, page, path } = this.#at;
    const typed = this.shown.typed?.();
    if (typed !== undefined) this.next = { path, typed };
    history.replaceState(null, "", link(language, form, page, path));
    return this.#show();
  }

  // Pages

  #home(words) {
    return homePage({
      words,
      catalogue: this.catalogue,
      link: (form) => this.#link(form, "begin"),
      go: (form, page) => this.#go(form, page),
      kept: this.visit.left,
      forget: () => this.#forget(),
    });
  }

  #plain(words, key) {
    return plainPage({ words, key, home: () => this.#go() });
  }

  #begin(context) {
    const { form } = this.#at;
    const { filling } = context;
    const open = () => filling.steps.find((step) => !filling.seen.has(step.path));
    return beginPage({
      ...context,
      isKept: this.visit.isKept,
      keep: (isAgreed) => this.visit.agree(isAgreed),
      begin: () => (open() ? this.#go(form, "ask", open().path) : this.#go(form, "review")),
    });
  }

  #stop(context) {
    const back = () => this.#go(this.#at.form, "ask", this.#lastAnswered);
    return stopPage({ ...context, stop: context.filling.blocked, back, home: () => this.#go() });
  }

  /** Where to go back to from an early end. */
  get #lastAnswered() {
    const filling = this.#filling;
    const seen = filling.steps.filter((step) => filling.seen.has(step.path));
    return (filling.step(this.last) ?? seen.at(-1) ?? filling.steps[0]).path;
  }

  #question(context, step, { wrong = null, reason, typed }) {
    const { filling } = context;
    return questionPage({
      ...context,
      step,
      wrong,
      reason,
      typed,
      notices: filling.tellNotices(),
      next: (read, boxes) => this.#answer(step, read, boxes),
      leave: () => {
        filling.leave(step);
        this.#onward(step.path);
      },
    });
  }

  #rows(context, step, { wrong = null }) {
    const { filling } = context;
    const { section } = step;
    const isOf = (row) => (each) => each.section === section && each.row === row;
    const ask = (row) => this.#go(this.#at.form, "ask", filling.steps.find(isOf(row)).path);
    return rowsPage({
      ...context,
      step,
      wrong,
      change: (row) => {
        filling.revisit(section, row);
        return ask(row);
      },
      add: () => ask(filling.addRow(section)),
      remove: (row) => {
        filling.removeRow(section, row);
        this.visit.save();
        this.#show();
      },
      next: () => this.#onward(step.path),
    });
  }

  #review(context, { isTooMuch = false }) {
    const { filling } = context;
    filling.finished = true;
    if (filling.blocked) return this.#stop(context);
    return reviewPage({
      ...context,
      link: (path) => this.#link(filling.form.id, "ask", path),
      sentence: (problem, asked) => sentenceFor(context, problem, asked?.field),
      busy: this.busy,
      isTooMuch,
      make: () => this.#make(),
    });
  }

  #codePage(context) {
    const { visit } = this;
    return codePage({
      ...context,
      ...visit.code,
      catalogue: this.catalogue,
      link: this.#link(this.#at.form, "review"),
      formLink: (id) => this.#link(id, "begin"),
      isKept: visit.isKept,
      forget: () => this.#forget(),
    });
  }

  // Steps

  #answer(step, read, typed) {
    const { path, field } = step;
    const refuse = (problem) => this.#refuse(path, field, problem, typed);
    let stored;
    try {
      stored = isGiven(read) ? parse(field, read) : undefined;
    } catch (fault) {
      if (!(fault instanceof Unreadable)) throw fault;
      const hasNoEra = field.kind === "date" && NO_ERA.test(read);
      return refuse({ reason: hasNoEra ? "no-era" : fault.reason });
    }
    const filling = this.#filling;
    filling.put(step, isGiven(stored) ? stored : undefined);
    this.visit.code = null;
    const own = filling.problems.find((problem) => problem.path === path && !problem.rule);
    return own ? refuse(own) : this.#onward(path);
  }

  /** On from a page that is done: where it ends, where something is wrong, or to the next question. */
  #onward(path) {
    const { form } = this.#at;
    const filling = this.#filling;
    filling.seen.add(path);
    this.last = path;
    this.visit.code = null;
    this.visit.save();
    if (filling.blocked) return this.#go(form, "stop");
    const wrong = filling.seenProblems.filter((problem) => filling.step(problem.path));
    const problem = wrong.find((each) => each.path === path) ?? wrong[0];
    if (problem) return this.#refuse(problem.path, filling.step(problem.path).field, problem);
    const next = filling.after(path);
    return next ? this.#go(form, "ask", next) : this.#go(form, "review");
  }

  #refuse(path, field, problem, typed) {
    const sentence = (context) => sentenceFor(context, problem, field);
    this.next = { path, sentence, reason: problem.reason, typed };
    return this.#go(this.#at.form, "ask", path);
  }

  async #make() {
    const { form, problems } = this.#filling;
    if (this.busy || problems.length) return;
    this.busy = true;
    try {
      await this.#show();
      await this.visit.makeCode();
    } catch (fault) {
      if (!(fault instanceof TooMuch)) throw fault;
      this.next = { isTooMuch: true };
    } finally {
      this.busy = false;
    }
    this.#go(form.id, this.visit.code ? "code" : "review");
  }

  #forget() {
    this.visit.forget();
    history.replaceState(null, "", this.#link());
    const words = new Words(this.#at.language);
    this.#render(words, this.#plain(words, "erased"));
  }
}
