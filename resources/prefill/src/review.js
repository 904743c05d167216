// Everything that was answered, each with a way back to it.

import { el, primary } from "./elements.js";

export function reviewPage({ words, procedure, filling, link, sentence, make, busy, isTooMuch }) {
  const problems = filling.problems;
  return {
    title: words.plain("review.title"),
    nodes: [
      el("h1", { tabindex: -1 }, words.say("review.title")),
      problems.length ? wrongList(problems, { words, procedure, filling, link, sentence }) : null,
      noticeList(words, procedure, filling),
      answerLists({ words, procedure, filling, link }),
      isTooMuch ? el("p", { class: "wrong", role: "alert" }, words.say("review.too-much")) : null,
      el("p", {}, words.say("review.what")),
      el(
        "div",
        { class: "buttons" },
        primary(words.say(busy ? "review.making" : "review.make"), make, {
          "aria-disabled": busy || problems.length ? "true" : null,
        }),
      ),
    ],
  };
}

export function noticeList(words, procedure, filling) {
  if (!filling.notices.length) return null;
  return el(
    "section",
    { class: "notice" },
    el("h2", {}, words.say("notices")),
    el(
      "ul",
      {},
      filling.notices.map((rule) => el("li", {}, words.node(procedure.rule(rule)))),
    ),
  );
}

function wrongList(problems, { words, procedure, filling, link, sentence }) {
  const item = (problem) => {
    const asked = filling.standing.questions.find(({ path }) => path === problem.path);
    const name =
      asked &&
      words.node(
        asked.field.kind === "rows"
          ? procedure.section(asked.section)
          : procedure.field(asked.field),
      );
    return el(
      "li",
      {},
      el(
        "a",
        { href: asked ? link(problem.path) : null },
        name,
        name ? ": " : "",
        sentence(problem, asked),
      ),
    );
  };
  return el(
    "section",
    { class: "wrong", role: "alert" },
    el("h2", {}, words.say("review.wrong")),
    el("ul", {}, problems.map(item)),
  );
}

function answerLists({ words, procedure, filling, link }) {
  const { values, questions } = filling.standing;
  return sectionsOf(questions).map(({ section, rows }) =>
    rows.map(({ row, asked }) => {
      const steps = asked.filter((each) => filling.step(each.path) && each.field.kind !== "rows");
      const overview = asked.find((each) => each.field.kind === "rows");
      const name = procedure.section(section);
      if (!steps.length && !overview) return null;
      return el(
        "section",
        { class: "answers" },
        el("h2", {}, words.node(name), row === null ? null : ` ${row + 1}`),
        overview
          ? line(
              words,
              words.say("review.rows"),
              words.say("rows.so-far", { count: values[section.id].length }),
              link(overview.path),
              name.plain,
            )
          : null,
        steps.map((step) => {
          const value =
            row === null ? values[step.field.id] : values[section.id][row][step.field.id];
          const shown =
            value === undefined
              ? words.say(filling.left.has(step.path) ? "review.left" : "review.empty")
              : procedure.shown(step.field, value);
          const field = procedure.field(step.field);
          return line(
            words,
            words.node(field),
            shown,
            link(step.path),
            field.plain,
            value === undefined,
          );
        }),
      );
    }),
  );
}

function line(words, name, shown, href, plain, isEmpty = false) {
  const change = el(
    "a",
    { href },
    words.say("review.change"),
    el("span", { class: "unseen" }, `: ${plain}`),
  );
  return el(
    "dl",
    {},
    el("dt", {}, name),
    el("dd", { class: isEmpty ? "empty" : null }, shown),
    el("dd", { class: "change" }, change),
  );
}

/** The questions by section, and in it by row. */
export function sectionsOf(questions) {
  const sections = [];
  for (const asked of questions) {
    if (sections.at(-1)?.section !== asked.section)
      sections.push({ section: asked.section, rows: [] });
    const { rows } = sections.at(-1);
    if (!rows.length || rows.at(-1).row !== asked.row) rows.push({ row: asked.row, asked: [] });
    rows.at(-1).asked.push(asked);
  }
  return sections;
}
