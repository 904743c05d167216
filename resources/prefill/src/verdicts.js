// What follows from the answers besides more questions: problems, stops, notices, price, papers, what next.

import { holds } from "./conditions.js";
import { workOut } from "./formulas.js";
import { fault, given, isAskedOn } from "./standing.js";

export const MAY_NOT_APPLY = "may-not-apply";

/** What keeps these answers from being sealed: [{path, reason}], a rule's id among the reasons. */
export function problems(form, answers, standing) {
  const wrong = standing.questions
    .map((asked) => ({ path: asked.path, reason: fault(asked, given(answers, asked)) }))
    .filter(({ reason }) => reason);
  return [
    ...wrong,
    ...found(form, standing, "problem").map(({ rule, path }) => ({ path, reason: rule.id, rule })),
  ];
}

/** Why the application ends here: {id, rule}, or null. */
export function blocked(form, standing) {
  const relation = standing.scope.value("relation");
  if (form.who?.length && relation !== undefined && !mayApply(form, relation, standing.scope)) {
    return { id: MAY_NOT_APPLY, rule: null };
  }
  const [stop] = found(form, standing, "stop");
  return stop ? { id: stop.rule.id, rule: stop.rule } : null;
}

const mayApply = (form, relation, scope) =>
  form.who.some(
    (who) =>
      who.relation.includes(relation) && isAskedOn(scope.channel, who) && holds(who.when, scope),
  );

export const notices = (form, standing) => found(form, standing, "notice").map(({ rule }) => rule);

/** The rules of one fate that hold: [{rule, path}]. */
function found(form, { scope }, then) {
  return (form.rules ?? [])
    .filter((rule) => rule.then === then)
    .flatMap((rule) => {
      const section = sectionJudged(rule, scope.homes);
      if (!section) return holds(rule.when, scope) ? [{ rule, path: rule.at ?? null }] : [];
      return scope
        .rows(section)
        .flatMap((row, number) =>
          holds(rule.when, row) ? [{ rule, path: `${section}[${number}].${rule.at}` }] : [],
        );
    });
}

/** A rule at a field of rows looks at each row, unless it can be told from outside. */
function sectionJudged(rule, homes) {
  const home = homes[rule.at];
  return home && namesIn(rule.when).some((name) => homes[name] === home) ? home : null;
}

/** The fields a condition looks at, those inside `some` and `every` left out unless wanted. */
export function namesIn(condition, { inside = false } = {}) {
  if (condition == null) return [];
  const { all, any, none, where, field, at_least, at_most, same_as, some, every } = condition;
  const nested = [
    ...(all ?? []),
    ...(any ?? []),
    ...(none ?? []),
    ...(inside && where ? [where] : []),
  ];
  const own = [field, at_least, at_most, same_as, some, every].filter(
    (name) => typeof name === "string",
  );
  return [
    ...own.map((name) => name.split(".")[0]),
    ...nested.flatMap((each) => namesIn(each, { inside })),
  ];
}

/** The fee: {lines: [{fee, count, unit, amount}], waiver, total}. */
export function quote(form, { scope }) {
  const lines = (form.fees ?? [])
    .filter((fee) => isAskedOn(scope.channel, fee) && inForce(fee, scope) && holds(fee.when, scope))
    .map((fee) => ({ fee, unit: workOut(fee.unit, scope), count: workOut(fee.times ?? 1, scope) }))
    .filter(({ unit, count }) => typeof unit === "number" && typeof count === "number" && count > 0)
    .map((line) => ({ ...line, amount: line.unit * line.count }));
  const total = lines.reduce((sum, line) => sum + line.amount, 0);
  const applies = (waiver) => inForce(waiver, scope) && holds(waiver.when, scope);
  const waiver = total ? (form.waivers ?? []).find(applies) : undefined;
  const waived = waiver ? Math.floor((total * (waiver.percent ?? 100)) / 100) : 0;
  return { lines, waiver: waiver ?? null, waived, total: total - waived };
}

const inForce = ({ from, until }, scope) =>
  (!from || from <= scope.occasion.today) && (!until || scope.occasion.today <= until);

export const papers = (form, { scope }) =>
  (form.papers ?? []).filter((paper) => holds(paper.when, scope));

/** What else these answers make necessary: [{followup, row}]. */
export function followups(form, { scope }) {
  return (form.followups ?? []).flatMap((followup) => {
    if (!followup.each) return holds(followup.when, scope) ? [{ followup, row: null }] : [];
    return scope
      .rows(followup.each)
      .flatMap((row, number) => (holds(followup.when, row) ? [{ followup, row: number }] : []));
  });
}
