// What was said once in this visit, for the next procedure: asked again only to be looked at.

import { Unreadable, isGiven, parse } from "./kinds.js";

const plainFields = (form) =>
  form.sections
    .filter((section) => !section.repeat)
    .flatMap((section) => section.fields)
    .filter((field) => field.fact);

/** What these answers tell about the person: {fact: value}. */
export function learned(form, values) {
  const told = plainFields(form).filter((field) => isGiven(values[field.id]));
  return Object.fromEntries(told.map((field) => [field.fact, values[field.id]]));
}

/** First answers from what is known, as far as this procedure can take them. */
export function recalled(form, facts) {
  const known = plainFields(form).filter(
    (field) => field.value == null && fits(field, facts[field.fact]),
  );
  return Object.fromEntries(known.map((field) => [field.id, facts[field.fact]]));
}

function fits(field, value) {
  try {
    return isGiven(value) && isGiven(parse(field, value));
  } catch (fault) {
    if (fault instanceof Unreadable) return false;
    throw fault;
  }
}
