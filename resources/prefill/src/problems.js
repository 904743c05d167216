// A problem in words: a rule's own sentence, or the page's sentence for that reason.

const CHOSEN = ["choice", "choices", "yes-no"];

export function sentenceFor({ words, procedure }, { reason, rule }, field) {
  if (rule) return words.node(procedure.rule(rule));
  const { kind, minimum = "", maximum = "", length = "" } = field ?? {};
  const half = minimum === "" ? "at-most" : maximum === "" ? "at-least" : "";
  const endings = [kind, CHOSEN.includes(kind) ? "choice" : "", half].filter(Boolean);
  const keys = [
    ...endings.map((ending) => `problem.${reason}.${ending}`),
    `problem.${reason}`,
    "problem.other",
  ];
  return words.say(
    keys.find((key) => words.knows(key)),
    { minimum, maximum, length },
  );
}
