// Whether a condition of a procedure holds, for what a scope lets it see.

import { isDay } from "./days.js";
import { bankKana } from "./places.js";
import { workOut } from "./formulas.js";

const list = (value) => (Array.isArray(value) ? value : [value]);

export function holds(condition, scope) {
  if (condition == null) return true;
  if (condition.all) return condition.all.every((each) => holds(each, scope));
  if (condition.any) return condition.any.some((each) => holds(each, scope));
  if (condition.none) return !condition.none.some((each) => holds(each, scope));
  if (condition.channel) return condition.channel.includes(scope.channel);
  if (condition.some) return scope.rows(condition.some).some((row) => holds(condition.where, row));
  if (condition.every) {
    const rows = scope.rows(condition.every);
    return rows.length > 0 && rows.every((row) => holds(condition.where, row));
  }
  return tested(condition, scope);
}

/** One test of one answer. What is not given passes none but `answered: false`. */
function tested(condition, scope) {
  const value = scope.value(condition.field);
  if (condition.answered !== undefined) return (value !== undefined) === condition.answered;
  if (value === undefined) return false;
  if (condition.is !== undefined) return isOneOf(value, condition.is);
  if (condition.is_not !== undefined) return !isOneOf(value, condition.is_not);
  if (condition.at_least !== undefined) return reaches(value, bound(condition.at_least, scope));
  if (condition.at_most !== undefined) return reaches(bound(condition.at_most, scope), value);
  return alike(condition, value, scope.value(condition.same_as));
}

/** A bank writes readings without gaps or small kana. */
function alike({ field, same_as }, value, other) {
  const asBank = `${field} ${same_as}`.includes(".holder");
  if (asBank && typeof value === "string" && typeof other === "string") {
    return bankKana(value) === bankKana(other);
  }
  return same(value, other);
}

function isOneOf(value, wanted) {
  const literals = list(wanted);
  return list(value).some((each) => literals.includes(each));
}

const bound = (wanted, scope) => (isDay(wanted) ? wanted : workOut(wanted, scope));

/** Numbers compare with numbers, dates with dates: one known in part counts as its first day. */
const reaches = (larger, smaller) =>
  typeof larger === typeof smaller &&
  ["number", "string"].includes(typeof larger) &&
  larger >= smaller;

function same(one, other) {
  if (one === other) return true;
  if (one === null || other === null || typeof one !== "object" || typeof other !== "object")
    return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length && keys.every((key) => same(one[key], other[key]))
  );
}
