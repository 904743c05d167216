// What a condition or formula may see: the answers that stand, the row in hand, the occasion.

import { isGiven } from "./kinds.js";

export class Scope {
  /** `homes`: for each field of a repeated section, that section; `row`: {section, values}. */
  constructor(values, homes, occasion, row = null) {
    this.values = values;
    this.homes = homes;
    this.occasion = occasion;
    this.row = row;
  }

  get channel() {
    return this.occasion.channel;
  }

  get closed() {
    return this.occasion.closed;
  }

  within(section, values) {
    return new Scope(this.values, this.homes, this.occasion, { section, values });
  }

  /** The answer of that name (`today` and parts like `account.holder` too); undefined if none. */
  value(name) {
    if (name === "today") return this.occasion.today;
    const [plain, part] = name.split(".");
    let value = this.#whole(plain);
    if (part !== undefined) value = typeof value === "object" ? value?.[part] : undefined;
    return isGiven(value) ? value : undefined;
  }

  isRows(name) {
    return Object.values(this.homes).includes(name);
  }

  /** A scope for each row of a repeated section. */
  rows(section) {
    return (this.values[section] ?? []).map((row) => this.within(section, row));
  }

  rowsWith(field) {
    return this.rows(this.homes[field]);
  }

  #whole(name) {
    const home = Object.hasOwn(this.homes, name) ? this.homes[name] : null;
    if (home === null) return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
    return this.row?.section === home && Object.hasOwn(this.row.values, name)
      ? this.row.values[name]
      : undefined;
  }
}
