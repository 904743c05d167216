// What is asked with these answers, which of them count, and what is wrong with them: one walk.

import { holds } from "./conditions.js";
import { workOut } from "./formulas.js";
import { KINDS, Unreadable, isGiven, parse } from "./kinds.js";
import { Scope } from "./scope.js";

/** A question as it is asked here and now; in a repeated section, of one row. */
const question = (section, field, scope, row) => ({
  path: row === null ? field.id : `${section.id}[${row}].${field.id}`,
  section,
  field,
  row,
  scope,
  required:
    typeof field.required === "object" ? holds(field.required, scope) : field.required !== false,
  get options() {
    return (field.options ?? []).filter((option) => holds(option.when, scope));
  },
});

export const isAskedOn = (channel, part) => !part.channels || part.channels.includes(channel);

/** For each field of a repeated section, that section's id. */
export function homesOf(form) {
  const repeated = form.sections.filter((section) => section.repeat);
  return Object.fromEntries(
    repeated.flatMap((section) => section.fields.map((field) => [field.id, section.id])),
  );
}

/** The answers before anything is asked. */
export const defaults = (fields) =>
  Object.fromEntries(
    fields.filter((field) => field.default != null).map((field) => [field.id, field.default]),
  );

export const start = (form) =>
  defaults(form.sections.filter((each) => !each.repeat).flatMap((each) => each.fields));

/** `occasion`: {today, channel, closed (a set of days)}. `answers`: by field id; rows by section id. */
export function stand(form, answers, occasion) {
  const values = {};
  const scope = new Scope(values, homesOf(form), occasion);
  const questions = [];
  for (const section of form.sections) {
    if (!holds(section.when, scope)) continue;
    if (section.repeat)
      values[section.id] = standRows(section, answers[section.id], scope, questions);
    else
      for (const field of section.fields)
        ask(section, field, answers, values, scope, questions, null);
  }
  return { questions, values, scope };
}

function standRows(section, given, scope, questions) {
  const { channel } = scope.occasion;
  if (section.fields.some((field) => isAskedOn(channel, field))) {
    questions.push({
      path: section.id,
      section,
      field: rowsField(section),
      row: null,
      required: section.repeat.minimum !== 0,
      options: [],
    });
  }
  return (Array.isArray(given) ? given : []).map((row, number) => {
    const values = {};
    const inner = scope.within(section.id, values);
    for (const field of section.fields)
      ask(section, field, row ?? {}, values, inner, questions, number);
    return values;
  });
}

const rowsField = (section) => ({
  id: section.id,
  kind: "rows",
  label: section.label,
  minimum: 1,
  maximum: 10,
  ...section.repeat,
});

function ask(section, field, given, values, scope, questions, row) {
  if (!holds(field.when, scope)) return;
  let value;
  if (field.value != null) {
    value = workOut(field.value, scope);
  } else {
    if (isAskedOn(scope.channel, field)) questions.push(question(section, field, scope, row));
    else if (field.channels.length) return;
    value = readable(field, given[field.id]);
  }
  if (isGiven(value)) values[field.id] = value;
}

function readable(field, value) {
  try {
    return isGiven(value) ? parse(field, value) : undefined;
  } catch (fault) {
    if (fault instanceof Unreadable) return undefined;
    throw fault;
  }
}

/** The answer at a question's path, as it was given. */
export function given(answers, { section, field, row }) {
  if (field.kind === "rows") return answers[section.id];
  return row === null ? answers[field.id] : answers[section.id]?.[row]?.[field.id];
}

/** What is wrong with one answer; null where nothing is. */
export function fault(asked, value) {
  if (asked.field.kind === "rows") return rowsFault(asked.field, value ?? []);
  let stored;
  try {
    stored = isGiven(value) ? parse(asked.field, value) : undefined;
  } catch (wrong) {
    if (wrong instanceof Unreadable) return wrong.reason;
    throw wrong;
  }
  if (!isGiven(stored)) return asked.required ? "required" : null;
  if (!asked.field.options) return null;
  const allowed = asked.options.map((option) => option.value);
  return [stored].flat().every((each) => allowed.includes(each)) ? null : "not-a-choice";
}

function rowsFault(field, rows) {
  if (rows.length < field.minimum) return rows.length ? "too-few" : "required";
  return rows.length > field.maximum ? "too-many" : null;
}

/** What of the answers goes to the city: only what was asked and answered. */
export function content({ questions, values }) {
  const kept = {};
  for (const { section, field, row } of questions) {
    if (field.kind === "rows") {
      if (values[section.id].length) kept[section.id] = values[section.id].map(() => ({}));
      continue;
    }
    const value = row === null ? values[field.id] : values[section.id][row][field.id];
    if (value === undefined || !KINDS[field.kind].onPhone) continue;
    if (row === null) kept[field.id] = value;
    else kept[section.id][row][field.id] = value;
  }
  return kept;
}
