// Values worked out from answers. If something a formula needs is missing, the value is undefined.

import { holds } from "./conditions.js";
import * as days from "./days.js";

const HEADS = {
  sum: (formula, scope) => withAll(formula.sum, scope, (each) => each.reduce((a, b) => a + b, 0)),
  product: (formula, scope) =>
    withAll(formula.product, scope, (each) => each.reduce((a, b) => a * b, 1)),
  difference: (formula, scope) => withAll(formula.difference, scope, ([a, b]) => a - b),
  largest: (formula, scope) => withAll(formula.largest, scope, (each) => Math.max(...each)),
  smallest: (formula, scope) => withAll(formula.smallest, scope, (each) => Math.min(...each)),
  share_of: (formula, scope) =>
    withAll([formula.share_of, formula.percent ?? 100], scope, ([whole, percent]) =>
      share(whole, percent, formula.rounding ?? "down", formula.to ?? 1),
    ),
  age_of: (formula, scope) =>
    withDays([formula.age_of, formula.on ?? "today"], scope, ([birth, on]) =>
      days.age(birth, on, formula.reached === "day-before"),
    ),
  days_from: (formula, scope) =>
    withDays([formula.days_from, formula.until ?? "today"], scope, ([first, last]) =>
      days.daysBetween(first, last),
    ),
  day: (formula, scope) => withDays([formula.day], scope, ([day]) => movedDay(formula, day, scope)),
  month_end: (formula, scope) =>
    withDays([formula.month_end], scope, ([day]) => days.monthEnd(day)),
  school_year_end: (formula, scope) =>
    withDays([formula.school_year_end], scope, ([birth]) =>
      days.schoolYearEnd(birth, formula.age ?? 18),
    ),
  fiscal_year_of: (formula, scope) =>
    withDays([formula.fiscal_year_of], scope, ([day]) =>
      days.fiscalYear(day, formula.begins ?? "04-01"),
    ),
  count: (formula, scope) => count(formula, scope),
  total: (formula, scope) => total(formula, scope),
  choose: (formula, scope) => {
    const branch = formula.choose.find((each) => holds(each.when, scope));
    return workOut(branch ? branch.value : formula.otherwise, scope);
  },
  by_date: (formula, scope) =>
    withDays([formula.on ?? "today"], scope, ([day]) => {
      const begun = formula.by_date.filter((each) => each.from <= day);
      begun.sort((one, other) => (one.from < other.from ? 1 : -1));
      return workOut(begun.length ? begun[0].value : formula.otherwise, scope);
    }),
};

/** A number, a field's answer, or a formula's value. */
export function workOut(operand, scope) {
  if (operand == null) return undefined;
  if (typeof operand === "number") return operand;
  if (typeof operand === "string") return scope.value(operand);
  const head = Object.keys(HEADS).find((name) => operand[name] != null);
  return HEADS[head](operand, scope) ?? undefined;
}

function withAll(operands, scope, work) {
  const found = operands.map((each) => workOut(each, scope));
  return found.every((each) => typeof each === "number") ? work(found) : undefined;
}

function withDays(names, scope, work) {
  const found = names.map((each) => scope.value(each));
  return found.every(days.isDay) ? work(found) : undefined;
}

/** So many percent, down, up or to the nearest multiple (a half goes up); exact in whole numbers. */
function share(whole, percent, rounding, to) {
  const [hundredths, step] = [BigInt(whole) * BigInt(percent), BigInt(100 * to)];
  const extra = { down: 0n, up: step - 1n, nearest: step / 2n }[rounding];
  const raised = hundredths + extra;
  const rest = ((raised % step) + step) % step;
  return Number((raised - rest) / step) * to;
}

function movedDay(formula, day, scope) {
  const { plus_days = 0, plus_months = 0, plus_years = 0 } = formula;
  const found = days.moved(day, { days: plus_days, months: plus_months, years: plus_years });
  return found && formula.if_closed ? days.nextOpen(found, scope.closed) : found;
}

function count(formula, scope) {
  if (!scope.isRows(formula.count)) return scope.value(formula.count)?.length ?? 0;
  return scope.rows(formula.count).filter((row) => holds(formula.where, row)).length;
}

function total(formula, scope) {
  const rows = scope.rowsWith(formula.total).filter((row) => holds(formula.where, row));
  const numbers = rows
    .map((row) => row.value(formula.total))
    .filter((each) => typeof each === "number");
  return numbers.reduce((a, b) => a + b, 0);
}
