// Every operator, kind and verdict of docs/forms.md, one by one.

import assert from "node:assert/strict";
import { test } from "node:test";
import { holds } from "../../resources/prefill/src/conditions.js";
import { workOut } from "../../resources/prefill/src/formulas.js";
import { parse, show } from "../../resources/prefill/src/kinds.js";
import { Scope } from "../../resources/prefill/src/scope.js";
import { fault, stand, start } from "../../resources/prefill/src/standing.js";
import * as verdicts from "../../resources/prefill/src/verdicts.js";

const occasion = {
  today: "2026-11-20",
  channel: "web",
  closed: new Set(["2026-11-21", "2026-11-22", "2026-11-23"]),
};
const homes = { mover_age: "movers", mover_fee: "movers", mover_name: "movers" };
const values = {
  purpose: "other",
  chosen: ["a", "b"],
  agreed: true,
  age: 40,
  moved_on: "2026-11-07",
  born: "2008-04-01",
  partly: "1944-05",
  name: "ヤマダ　タロウ",
  account: { bank: "x", holder: "ヤマダ　タロウ" },
  movers: [
    { mover_age: 17, mover_fee: 300 },
    { mover_age: 40, mover_name: "乙" },
  ],
};
const scope = new Scope(values, homes, occasion);

const CONDITIONS = [
  [{ field: "purpose", is: "other" }, true],
  [{ field: "purpose", is: ["loan", "other"] }, true],
  [{ field: "purpose", is_not: "other" }, false],
  [{ field: "purpose", is_not: ["loan"] }, true],
  [{ field: "missing", is: "other" }, false],
  [{ field: "missing", is_not: "other" }, false],
  [{ field: "missing", answered: false }, true],
  [{ field: "missing", answered: true }, false],
  [{ field: "purpose", answered: true }, true],
  [{ field: "purpose", answered: false }, false],
  [{ field: "agreed", is: true }, true],
  [{ field: "agreed", is_not: false }, true],
  [{ field: "chosen", is: "b" }, true],
  [{ field: "chosen", is: ["c"] }, false],
  [{ field: "chosen", is_not: "c" }, true],
  [{ field: "age", at_least: 40 }, true],
  [{ field: "age", at_least: 41 }, false],
  [{ field: "age", at_most: 40 }, true],
  [{ field: "missing", at_most: 40 }, false],
  [{ field: "age", at_least: "2020-01-01" }, false],
  [{ field: "moved_on", at_most: "today" }, true],
  [{ field: "today", at_least: "2026-11-20" }, true],
  [{ field: "today", at_least: "2026-11-21" }, false],
  [{ field: "today", at_least: "moved_on" }, true],
  [{ field: "today", at_least: "missing" }, false],
  [{ field: "account.holder", same_as: "name" }, true],
  [{ field: "account.bank", same_as: "name" }, false],
  [{ field: "account.branch", answered: false }, true],
  [{ field: "missing", same_as: "missing" }, false],
  [{ field: "account", same_as: "account" }, true],
  [
    {
      all: [
        { field: "agreed", is: true },
        { field: "age", is: 40 },
      ],
    },
    true,
  ],
  [
    {
      any: [
        { field: "missing", answered: true },
        { field: "age", is: 40 },
      ],
    },
    true,
  ],
  [
    {
      none: [
        { field: "missing", is: "x" },
        { field: "age", is: 41 },
      ],
    },
    true,
  ],
  [{ some: "movers", where: { field: "mover_age", at_least: 18 } }, true],
  [{ every: "movers", where: { field: "mover_age", at_least: 18 } }, false],
  [{ every: "movers", where: { field: "mover_age", answered: true } }, true],
  [{ every: "nobody", where: { field: "mover_age", answered: true } }, false],
  [
    {
      some: "movers",
      where: {
        all: [
          { field: "mover_age", at_least: "age" },
          { field: "mover_name", is: "乙" },
        ],
      },
    },
    true,
  ],
  [{ field: "mover_age", answered: true }, false],
  [{ channel: ["kiosk", "web"] }, true],
  [{ channel: ["counter"] }, false],
];

for (const [condition, wanted] of CONDITIONS) {
  test(`${JSON.stringify(condition)} ${wanted ? "holds" : "does not hold"}`, () =>
    assert.equal(holds(condition, scope), wanted));
}

const FORMULAS = [
  [3, 3],
  ["age", 40],
  ["missing", undefined],
  [{ sum: ["age", 2] }, 42],
  [{ sum: ["age", "missing"] }, undefined],
  [{ product: ["age", 3] }, 120],
  [{ difference: ["age", 50] }, -10],
  [{ largest: [1, "age", 3] }, 40],
  [{ smallest: [1, "age", 3] }, 1],
  [{ share_of: 335, percent: 150, to: 10 }, 500],
  [{ share_of: 335, percent: 150, rounding: "up", to: 10 }, 510],
  [{ share_of: 335, percent: 150, rounding: "nearest", to: 10 }, 500],
  [{ share_of: 5, percent: 50, rounding: "nearest" }, 3],
  [{ share_of: -5, percent: 50 }, -3],
  [{ share_of: "age", percent: { sum: [100, 50] } }, 60],
  [{ age_of: "born" }, 18],
  [{ age_of: "born", on: "moved_on", reached: "day-before" }, 18],
  [{ age_of: "partly" }, undefined],
  [{ days_from: "moved_on" }, 13],
  [{ days_from: "today", until: "moved_on" }, -13],
  [{ day: "moved_on", plus_days: 14 }, "2026-11-21"],
  [{ day: "moved_on", plus_days: 14, if_closed: true }, "2026-11-24"],
  [{ day: "today", plus_months: 3 }, "2027-02-20"],
  [{ day: "missing", plus_days: 1 }, undefined],
  [{ month_end: "moved_on" }, "2026-11-30"],
  [{ school_year_end: "born" }, "2026-03-31"],
  [{ fiscal_year_of: "today", begins: "06-01" }, 2026],
  [{ fiscal_year_of: "born" }, 2008],
  [{ count: "movers" }, 2],
  [{ count: "movers", where: { field: "mover_age", at_most: 18 } }, 1],
  [{ count: "chosen" }, 2],
  [{ count: "missing" }, 0],
  [{ total: "mover_fee" }, 300],
  [{ total: "mover_age", where: { field: "mover_name", answered: true } }, 40],
  [{ choose: [{ when: { field: "age", at_least: 65 }, value: 1 }], otherwise: 2 }, 2],
  [{ choose: [{ when: { field: "age", at_least: 40 }, value: { sum: [1, 1] } }] }, 2],
  [{ choose: [{ when: { field: "age", at_least: 65 }, value: 1 }] }, undefined],
  [
    {
      by_date: [
        { from: "2024-10-01", value: 30000 },
        { from: "2026-11-20", value: 1 },
      ],
      otherwise: 15000,
    },
    1,
  ],
  [{ by_date: [{ from: "2026-11-21", value: 30000 }], otherwise: 15000 }, 15000],
];

for (const [formula, wanted] of FORMULAS) {
  test(`${JSON.stringify(formula)} is ${wanted}`, () =>
    assert.equal(workOut(formula, scope), wanted));
}

const AGES = [
  ["2024-02-29", "2026-02-28", false, 1],
  ["2024-02-29", "2026-02-28", true, 2],
  ["2024-02-29", "2028-02-28", true, 4],
  ["2024-02-29", "2028-02-29", false, 4],
  ["2000-01-01", "2025-12-31", true, 26],
  ["2000-01-01", "2025-12-31", false, 25],
];
for (const [birth, on, before, wanted] of AGES) {
  test(`born ${birth}, on ${on}: ${wanted}${before ? " by law" : ""}`, () => {
    const inner = new Scope({ birth, on }, {}, occasion);
    assert.equal(
      workOut({ age_of: "birth", on: "on", reached: before ? "day-before" : "birthday" }, inner),
      wanted,
    );
  });
}
for (const [born, wanted] of [
  ["2008-04-01", "2026-03-31"],
  ["2008-04-02", "2027-03-31"],
  ["2008-03-31", "2026-03-31"],
]) {
  test(`born ${born}, the 18歳年度末 is ${wanted}`, () => {
    assert.equal(workOut({ school_year_end: "born" }, new Scope({ born }, {}, occasion)), wanted);
  });
}
test("a month later than January 31st is the last day of February", () => {
  const inner = new Scope({ from: "2028-01-31" }, {}, occasion);
  assert.equal(workOut({ day: "from", plus_months: 1 }, inner), "2028-02-29");
  assert.equal(workOut({ day: "from", plus_months: -2 }, inner), "2027-11-30");
});

const KINDS = [
  [{ kind: "name" }, "渡邉󠄂  太郎", "渡邉󠄂　太郎"],
  [{ kind: "kana" }, "わたなべ ﾀﾛｳ", "ワタナベ　タロウ"],
  [{ kind: "kana" }, "きゃっと", "キャット"],
  [{ kind: "date" }, "昭和64年1月7日", "1989-01-07"],
  [{ kind: "date" }, "S64.1.7", "1989-01-07"],
  [{ kind: "date" }, "１９８９－０１－０７", "1989-01-07"],
  [{ kind: "date", partial: true }, "昭和19年5月日不詳", "1944-05"],
  [{ kind: "time" }, "9時05分", "09:05"],
  [{ kind: "phone" }, "０３（１２３４）５６７８", "0312345678"],
  [{ kind: "digits", check: "mynumber" }, "1234 5678 9018", "123456789018"],
  [{ kind: "digits", check: "corporate" }, "7000012050002", "7000012050002"],
  [{ kind: "count", minimum: 1, maximum: 10 }, "３", 3],
  [{ kind: "money" }, "¥1,500", 1500],
  [{ kind: "choice", options: [{ value: "a", label: "甲" }] }, "a", "a"],
  [
    {
      kind: "choices",
      options: [
        { value: "a", label: "甲" },
        { value: "b", label: "乙" },
      ],
    },
    ["b", "a"],
    ["a", "b"],
  ],
  [{ kind: "yes-no" }, false, false],
  [
    { kind: "address" },
    "東京都　千代田区　―　1-1",
    { prefecture: "東京都", city: "千代田区", number: "1-1" },
  ],
  [{ kind: "note" }, " a \r\nb\n\n", "a\nb"],
];
for (const [field, typed, stored] of KINDS) {
  test(`${field.kind}: ${JSON.stringify(typed)} is kept as ${JSON.stringify(stored)}, and what is shown reads the same`, () => {
    assert.deepEqual(parse(field, typed), stored);
    if (!["choice", "choices", "yes-no"].includes(field.kind))
      assert.deepEqual(parse(field, show(field, stored)), stored);
  });
}

const form = {
  id: "f",
  sections: [
    {
      id: "one",
      label: "一",
      fields: [
        {
          id: "relation",
          kind: "choice",
          label: "関係",
          options: [
            { value: "self", label: "本人" },
            { value: "agent", label: "代理" },
          ],
        },
        { id: "hidden", kind: "text", label: "窓口", channels: ["counter"] },
        { id: "known", kind: "text", label: "既知", channels: [] },
        {
          id: "more",
          kind: "yes-no",
          label: "はい",
          default: true,
          required: { field: "relation", is: "agent" },
        },
        { id: "why", kind: "text", label: "わけ", when: { field: "more", is: true } },
        {
          id: "extra",
          kind: "choice",
          label: "特",
          options: [{ value: "x", label: "x", when: { field: "why", is: "z" } }],
          required: false,
        },
        { id: "two", kind: "count", label: "二", value: { sum: [1, 1] } },
      ],
    },
    {
      id: "movers",
      label: "人",
      repeat: { minimum: 1, maximum: 2 },
      when: { field: "relation", is: "self" },
      fields: [
        { id: "mover", kind: "name", label: "名" },
        { id: "adult", kind: "yes-no", label: "大人", when: { field: "mover", is_not: "子" } },
      ],
    },
  ],
  who: [
    { relation: ["self"], label: "本人" },
    { relation: ["agent"], label: "代理", channels: ["counter"] },
  ],
  fees: [
    { id: "a", label: "A", unit: 300, times: { count: "movers" } },
    { id: "b", label: "B", unit: 90, channels: ["kiosk"] },
    { id: "c", label: "C", unit: 5, until: "2026-11-19" },
  ],
  waivers: [
    { id: "half", label: "半", percent: 33, when: { field: "why", is: "poor" } },
    { id: "all", label: "全", when: { field: "more", is: true } },
  ],
  papers: [
    { id: "p", label: "紙", when: { field: "more", is: true } },
    { id: "q", label: "常" },
  ],
  rules: [
    { id: "stop", then: "stop", when: { field: "why", is: "stop" }, label: "止" },
    { id: "each", then: "problem", at: "adult", when: { field: "adult", is: false }, label: "各" },
    {
      id: "once",
      then: "problem",
      at: "adult",
      when: { some: "movers", where: { field: "adult", is: false } },
      label: "一度",
    },
    { id: "tell", then: "notice", when: { field: "more", is: true }, label: "知" },
  ],
  followups: [
    { form: "g", label: "g", because: "g", when: { field: "adult", is: true }, each: "movers" },
  ],
};
const visible = (answers) =>
  stand(form, answers, occasion).questions.map((question) => question.path);

test("an answer to a question that is not asked counts for nothing", () => {
  const { values: standing } = stand(
    form,
    { more: false, why: "x", hidden: "y", known: "k" },
    occasion,
  );
  assert.deepEqual(standing, { more: false, known: "k", two: 2 });
});
test("rows are asked after how many there are, each by itself", () => {
  const asked = visible({ relation: "self", movers: [{ mover: "子" }, { mover: "親" }] });
  assert.deepEqual(asked, [
    "relation",
    "more",
    "extra",
    "movers",
    "movers[0].mover",
    "movers[1].mover",
    "movers[1].adult",
  ]);
});
test("defaults are the first answers, in rows only once there is one", () =>
  assert.deepEqual(start(form), { more: true }));
test("required follows its condition", () => {
  const more = (relation) =>
    stand(form, { relation }, occasion).questions.find(({ path }) => path === "more");
  assert.equal(more("self").required, false);
  assert.equal(more("agent").required, true);
});
test("an option that does not stand cannot be chosen", () => {
  const { questions } = stand(form, { more: true, why: "y" }, occasion);
  assert.equal(
    fault(
      questions.find(({ path }) => path === "extra"),
      "x",
    ),
    "not-a-choice",
  );
});
test("rules, fees, papers, who and what follows", () => {
  const answers = {
    relation: "self",
    more: true,
    why: "poor",
    movers: [
      { mover: "親", adult: false },
      { mover: "甲", adult: true },
    ],
  };
  const standing = stand(form, answers, occasion);
  assert.deepEqual(
    verdicts.problems(form, answers, standing).map(({ path, reason }) => [path, reason]),
    [
      ["movers[0].adult", "each"],
      ["adult", "once"],
    ],
  );
  const { lines, waiver, total } = verdicts.quote(form, standing);
  assert.deepEqual([lines.length, waiver.id, total], [1, "half", 402]);
  assert.deepEqual(
    verdicts.papers(form, standing).map(({ id }) => id),
    ["p", "q"],
  );
  assert.deepEqual(
    verdicts.notices(form, standing).map(({ id }) => id),
    ["tell"],
  );
  assert.deepEqual(
    verdicts.followups(form, standing).map(({ row }) => row),
    [1],
  );
  assert.equal(verdicts.blocked(form, standing), null);
  assert.equal(
    verdicts.blocked(form, stand(form, { relation: "agent" }, occasion)).id,
    "may-not-apply",
  );
  assert.equal(
    verdicts.blocked(form, stand(form, { more: true, why: "stop" }, occasion)).id,
    "stop",
  );
});
test("too few and too many rows", () => {
  const wrong = (movers) =>
    verdicts
      .problems(
        form,
        { relation: "self", movers },
        stand(form, { relation: "self", movers }, occasion),
      )
      .find(({ path }) => path === "movers")?.reason;
  assert.equal(wrong([]), "required");
  assert.equal(wrong([{ mover: "子" }, { mover: "子" }, { mover: "子" }]), "too-many");
});
