// Every procedure can be filled in page by page: whatever is answered, the review, a stop or a mend comes.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { webcrypto } from "node:crypto";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { base32 } from "../../resources/prefill/src/base32.js";
import { learned, recalled } from "../../resources/prefill/src/facts.js";
import { Filling } from "../../resources/prefill/src/filling.js";
import { pack, packUncompressed } from "../../resources/prefill/src/packing.js";
import { TooMuch, split } from "../../resources/prefill/src/symbols.js";

globalThis.crypto ??= webcrypto; // Node 18

const { forms, closed } = JSON.parse(await readFile(process.env.KAKANAI_FORMS, "utf8"));
const occasion = { today: "2026-11-20", channel: "web", closed: new Set(closed) };
const MOST_PAGES = 400;

/** The same numbers every time. */
function chance(seed) {
  let state = seed + 1;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

function answer({ field, options }, draw) {
  const any = (list) => list[draw(list.length)];
  switch (field.kind) {
    case "choice":
      return options.length ? any(options).value : undefined;
    case "choices":
      return options.slice(0, Math.max(field.minimum ?? 1, 1)).map(({ value }) => value);
    case "yes-no":
      return draw(2) === 0;
    case "count":
    case "money":
      return Math.min(field.maximum ?? 1000, (field.minimum ?? 0) + draw(3));
    case "date":
      return any(["2026-11-10", "1950-01-01", "2010-04-01", "2026-01-01"]);
    case "time":
      return "09:30";
    case "kana":
      return "ワタナベ　タロウ";
    case "phone":
      return "0312345678";
    case "digits":
      return field.required === false ? undefined : "1".repeat(field.length ?? field.minimum ?? 3);
    case "text":
      return field.pattern ? "AB12345678CD".slice(0, draw(13)) : "ことば";
    case "email":
      return "a@example.jp";
    case "address":
      return { prefecture: "東京都", city: "千代田区", town: "千代田" };
    case "account":
      return {
        bank: "みどり銀行",
        branch: "本店",
        type: "ordinary",
        number: "1",
        holder: "ヤマダ",
      };
    default:
      return "渡邉󠄂　太郎";
  }
}

/** Answers as they are drawn; what is wrong, or ends there, is answered again. */
function walk(form, seed) {
  const draw = chance(seed);
  const filling = new Filling(form, occasion);
  let path = filling.steps[0].path;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const step = filling.step(path);
    assert.ok(step, `${form.id}: ${path} is not asked`);
    give(filling, step, draw);
    filling.seen.add(path);
    const seen = filling.steps.filter((each) => filling.seen.has(each.path));
    const [wrong] = filling.seenProblems.filter((problem) => filling.step(problem.path));
    if (filling.blocked) path = seen[draw(seen.length)].path;
    else if (wrong) path = draw(3) ? wrong.path : seen[draw(seen.length)].path;
    else path = filling.after(path);
    if (path !== null) continue;
    filling.finished = true;
    if (!filling.blocked && !filling.problems.length) return "review";
    path = seen[draw(seen.length)].path;
  }
  return "lost";
}

function give(filling, step, draw) {
  const isRows = step.field.kind === "rows";
  const rows = filling.answers[step.section.id] ?? [];
  if (isRows && !draw(4) && rows.length < step.field.maximum) filling.addRow(step.section);
  else if (isRows && !draw(4) && rows.length > step.field.minimum)
    filling.removeRow(step.section, draw(rows.length));
  else if (!isRows && filling.mayLeave(step) && !draw(10)) filling.leave(step);
  else if (!isRows) filling.put(step, answer(step, draw));
}

for (const form of Object.values(forms).filter(
  ({ channels }) => !channels || channels.includes("web"),
)) {
  test(`${form.id} reaches its review`, () => {
    const ends = Array.from({ length: 20 }, (_, seed) => walk(form, seed));
    assert.ok(ends.includes("review"), ends.join(", "));
  });
}

test("what was said once is there in the next procedure, as far as it fits", () => {
  const [one, other] = ["juminhyo", "zei-shomei"].map((id) => forms[id]);
  const values = { name: "渡邉󠄂　太郎", birth: "1944-05-03", phone: "0312345678" };
  const facts = { ...learned(one, values), address: 7 };
  assert.deepEqual(recalled(other, facts), values);
  assert.equal(new Filling(other, occasion, { facts }).answers.name, values.name);
});
test("who it is must be said at home, and so must what decides the questions", () => {
  const filling = new Filling(forms.juminhyo, occasion);
  const may = (id) => filling.mayLeave(filling.step(id));
  assert.deepEqual(["name", "birth", "relation", "phone"].map(may), [false, false, false, true]);
});
test("a set of symbols that the terminal would not take is not made", async () => {
  await assert.rejects(split(new Uint8Array(10_000)), TooMuch);
  assert.equal((await split(new Uint8Array(8_000))).length, 15);
});

test("base32 is that of RFC 4648", () => {
  const bytes = (text) => new TextEncoder().encode(text);
  assert.deepEqual(
    ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map((text) => base32(bytes(text))),
    ["", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"],
  );
});
test("both ways of packing are zlib", async () => {
  const bytes = new Uint8Array(70_000).map((_, at) => at % 251);
  assert.deepEqual(new Uint8Array(inflateSync(await pack(bytes))), bytes);
  assert.deepEqual(new Uint8Array(inflateSync(packUncompressed(bytes))), bytes);
  assert.equal(inflateSync(packUncompressed(new Uint8Array())).length, 0);
});
