// SurveyJS's model of the form that Python describes on standard input: the time of each answer.

import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { SurveyModel } from "survey-core";

const { fields, rounds } = JSON.parse(readFileSync(0, "utf8"));
const KINDS = { count: "text", choice: "radiogroup", "yes-no": "boolean", text: "text" };

const elements = fields.map(({ id, kind, options, when, required, sum }) => {
  if (sum) return { type: "expression", name: id, expression: sum.map((n) => `{${n}}`).join(" + ") };
  const element = { type: KINDS[kind], name: id, isRequired: required };
  if (kind === "count") element.inputType = "number";
  if (options) element.choices = options;
  if (when) element.visibleIf = when.map(([name, value]) => `{${name}} = ${value}`).join(" and ");
  return element;
});

const model = new SurveyModel({ pages: [{ name: "page", elements }] });
for (const { id, first } of fields) if (first !== undefined) model.setValue(id, first);

const times = [];
for (let round = 0; round < rounds; round += 1) {
  const { id, answers } = fields[round % fields.length];
  if (!answers) continue;
  const begun = performance.now();
  model.setValue(id, answers[(1 + Math.floor(round / fields.length)) % answers.length]);
  times.push(performance.now() - begun);
}
const visible = model.getAllQuestions().filter((question) => question.isVisible).map(({ name }) => name);
process.stdout.write(JSON.stringify({ times, visible }));
