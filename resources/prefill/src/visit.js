// One visit to the page: the procedure in hand, what is known from others, what the phone keeps.

import { plusDays, todayInJapan } from "./days.js";
import { learned } from "./facts.js";
import { Filling } from "./filling.js";
import { erase, keep, kept } from "./keeping.js";
import { fromBase64url, seal } from "./seal.js";
import { UnreadableSymbol, draw, split } from "./symbols.js";

const TRIES = 3;
const TERM = 30; // days that the terminal takes a code

export class Visit {
  constructor(catalogue) {
    this.catalogue = catalogue;
    this.files = new Map(); // id -> {form, texts}
    this.facts = {}; // said in an earlier procedure
    this.filling = null;
    this.code = null; // {symbols, made, until}
    this.isKept = kept(new Date()) !== null;
  }

  get texts() {
    return this.files.get(this.filling.form.id).texts;
  }

  /** Whether leaving now would lose what nobody else has. */
  get hasUnsaved() {
    return Boolean(this.filling?.seen.size) && !this.isKept && !this.code;
  }

  /** Takes the procedure of that name in hand; false where there is none. */
  async open(id) {
    if (this.filling?.form.id === id) return true;
    const listed = this.catalogue.forms.find((form) => form.id === id);
    if (!listed) return false;
    if (!this.files.has(id)) this.files.set(id, await (await fetch(listed.file)).json());
    const { form } = this.files.get(id);
    if (this.filling) Object.assign(this.facts, learned(this.filling.form, this.filling.content));
    this.filling = this.#resumed(form) ?? new Filling(form, this.#occasion, { facts: this.facts });
    this.code = null;
    return true;
  }

  #resumed(form) {
    const found = kept(new Date());
    if (found?.form !== form.id || found.version !== form.version) return null;
    try {
      return new Filling(form, this.#occasion, { kept: found.filling });
    } catch {
      erase(); // what lies there is not what this page kept
      return null;
    }
  }

  get #occasion() {
    const closed = new Set(this.catalogue.closed);
    return { today: todayInJapan(new Date()), channel: "web", closed };
  }

  /** The answers as symbols; any later answer makes them void. */
  async makeCode() {
    const { form, content, occasion } = this.filling;
    const at = `${new Date().toISOString().slice(0, 19)}Z`;
    const body = { f: form.id, v: form.version, t: at, a: content };
    const symbols = await symbolsOf(body, this.catalogue.city.key);
    this.code = { symbols, made: occasion.today, until: plusDays(occasion.today, TERM) };
  }

  agree(isAgreed) {
    this.isKept = isAgreed;
    if (isAgreed) this.save();
    else erase();
  }

  save() {
    if (this.isKept && this.filling) keep(this.filling.form, this.filling.toKeep(), new Date());
  }

  /** What an earlier visit left here, if anything. */
  get left() {
    return kept(new Date());
  }

  forget() {
    erase();
    this.isKept = false;
    this.filling = null;
    this.facts = {};
    this.code = null;
  }
}

/** Sealed and drawn; where a symbol cannot be read back, sealed again, which makes another. */
async function symbolsOf(body, key) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return draw(await split(await seal(body, fromBase64url(key))));
    } catch (fault) {
      if (!(fault instanceof UnreadableSymbol) || attempt === TRIES) throw fault;
    }
  }
}
