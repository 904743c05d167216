// The phone page's logic, asked from outside: node engine.mjs QUESTIONS.json prints its answers as JSON.

import { readFile } from "node:fs/promises";
import { KINDS, Unreadable, isGiven, parse, show } from "../../resources/prefill/src/kinds.js";
import { content, stand } from "../../resources/prefill/src/standing.js";
import * as verdicts from "../../resources/prefill/src/verdicts.js";

/** Everything that some answers come to, in the words of `kakanai forms fill --json`. */
export function judge(form, answers, occasion) {
  const standing = stand(form, answers, occasion);
  const problems = verdicts
    .problems(form, answers, standing)
    .map(({ path, reason }) => [path, reason]);
  const fields = form.sections.flatMap((section) => section.fields);
  const worked = fields.filter((field) => field.value != null).map((field) => field.id);
  const quote = verdicts.quote(form, standing);
  return {
    visible: standing.questions.map((question) => question.path),
    required: standing.questions
      .filter((question) => question.required)
      .map((question) => question.path),
    problems: {
      ...Object.fromEntries(problems),
      ...untaken(fields, answers),
      ...strangers(form, answers),
    },
    blocked: verdicts.blocked(form, standing)?.id ?? null,
    notices: verdicts.notices(form, standing).map((rule) => rule.id),
    papers: verdicts.papers(form, standing).map((paper) => paper.id),
    followups: verdicts.followups(form, standing).map(({ followup, row }) => [followup.form, row]),
    fee: quote.total,
    values: Object.fromEntries(
      worked.filter((id) => id in standing.values).map((id) => [id, standing.values[id]]),
    ),
    content: content(standing),
  };
}

/** Answers of any kind that cannot be read, asked or not. */
function untaken(fields, answers) {
  const wrong = {};
  for (const field of fields) {
    for (const [path, value] of given(field.id, answers)) {
      const { reason } = isGiven(value) ? read(field, value) : {};
      if (reason) wrong[path] = reason;
    }
  }
  return wrong;
}

/** Names that this procedure does not ask for. */
function strangers(form, answers) {
  const fields = form.sections
    .filter((section) => !section.repeat)
    .flatMap((section) => section.fields);
  const known = fields.filter((field) => field.value == null).map((field) => field.id);
  const repeated = form.sections.filter((section) => section.repeat).map((section) => section.id);
  const names = Object.keys(answers).filter((name) => ![...known, ...repeated].includes(name));
  return Object.fromEntries(names.map((name) => [name, "unknown-field"]));
}

function given(id, answers) {
  const rows = Object.entries(answers).filter(([, value]) => Array.isArray(value));
  const inRows = rows.flatMap(([section, values]) =>
    values.map((row, at) => [`${section}[${at}].${id}`, row?.[id]]),
  );
  return [[id, answers[id]], ...inRows];
}

/** What a kind makes of an answer: {stored, shown} or {reason}. */
export function read(field, value) {
  try {
    const stored = parse(field, value);
    return {
      stored,
      shown: isGiven(stored) && KINDS[field.kind].onPhone ? show(field, stored) : "",
    };
  } catch (fault) {
    if (!(fault instanceof Unreadable)) throw fault;
    return { reason: fault.reason };
  }
}

if (process.argv[2]) {
  const asked = JSON.parse(await readFile(process.argv[2], "utf8"));
  const closed = new Set(asked.closed);
  const judged = asked.cases.map(({ form, answers, today, channel }) =>
    judge(asked.forms[form], answers, { today, channel, closed }),
  );
  process.stdout.write(
    JSON.stringify({ judged, read: asked.read.map(({ field, value }) => read(field, value)) }),
  );
}
