// The kinds of answer: each reads what a person gives into its stored form, and shows it in Japanese.

import { parseEra, parseKnown, showKnown } from "./era.js";
import { address, account, showAddress, showAccount } from "./places.js";
import {
  LONGEST_NOTE,
  LONGEST_NAME,
  LONGEST_TEXT,
  STROKES,
  Unreadable,
  among,
  folded,
  lengthOf,
  plain,
} from "./reading.js";
import { CHECKS } from "./checks.js";
import { asKana } from "./kana.js";

export { Unreadable };

const EMAIL = /^[^\s@"(),:;<>[\\\]]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/u;
const LARGEST = 1e12;

function text(field, value) {
  const line = plain(value, field.maximum ?? LONGEST_TEXT);
  if (!line || !field.pattern) return line;
  const form = new RegExp(`^(?:${field.pattern})$`, "u");
  if (form.test(line)) return line;
  const upper = folded(line).toUpperCase();
  if (!form.test(upper)) throw new Unreadable("not-of-form");
  return upper;
}

function note(field, value) {
  if (typeof value !== "string") throw new Unreadable("not-text");
  const longest = field.maximum ?? LONGEST_NOTE;
  if (lengthOf(value) > 2 * longest) throw new Unreadable("too-long");
  const lines = value.split(/\r\n|\r|\n/).map((line) => plain(line, longest));
  const whole = lines.join("\n").replace(/^\n+|\n+$/g, "");
  if (lengthOf(whole) > longest) throw new Unreadable("too-long");
  return whole;
}

/** A name keeps its code points; only the gap between 姓 and 名 is made one width. */
const name = (_, value) => plain(value, LONGEST_NAME).replace(/[ \u3000]+/g, "\u3000");

function email(_, value) {
  const line = plain(value, 254).normalize("NFKC");
  if (line && !EMAIL.test(line)) throw new Unreadable("not-email");
  return line;
}

function whole(field, value) {
  let number = value;
  if (typeof value === "string") {
    const line = folded(value);
    number = /^-?[0-9]{1,12}$/.test(line) ? Number(line) : line;
  }
  if (!Number.isInteger(number) || Math.abs(number) > LARGEST) throw new Unreadable("not-a-number");
  return among(number, field);
}

function money(field, value) {
  const bounds = field.minimum == null ? { ...field, minimum: 0 } : field;
  return whole(bounds, typeof value === "string" ? folded(value).replace(/[,¥円 ]/g, "") : value);
}

function digits(field, value) {
  const line = folded(value).replace(STROKES, "");
  if (!line) return line;
  if (!/^[0-9]+$/.test(line)) throw new Unreadable("not-digits");
  if (field.length != null && line.length !== field.length) throw new Unreadable("wrong-length");
  if (line.length < (field.minimum ?? 0) || line.length > (field.maximum || 30)) {
    throw new Unreadable("wrong-length");
  }
  if (field.check && !CHECKS[field.check](line)) throw new Unreadable("wrong-check-digit");
  return line;
}

function phone(_, value) {
  let line = folded(value).replace(STROKES, "");
  if (line.startsWith("+81")) line = `0${line.slice(3).replace(/^0/, "")}`;
  if (line && !/^0[0-9]{9,10}$/.test(line)) throw new Unreadable("not-phone");
  return line;
}

function date(field, value) {
  const line = plain(value, 40);
  if (!line) return "";
  const known = field.partial ? parseKnown(line) : parseEra(line);
  if (known === null) throw new Unreadable("not-date");
  return known;
}

function time(_, value) {
  const line = folded(value);
  if (!line) return line;
  const found = /^(\d{1,2})(?::|時)(\d{2})?分?$/.exec(line);
  const [hour, minute] = [Number(found?.[1]), Number(found?.[2] ?? 0)];
  if (!found || hour > 23 || minute > 59) throw new Unreadable("not-time");
  return [hour, minute].map((part) => String(part).padStart(2, "0")).join(":");
}

function choice(field, value) {
  if (!field.options.some((option) => option.value === value)) throw new Unreadable("not-a-choice");
  return value;
}

function choices(field, value) {
  const options = field.options.map((option) => option.value);
  const known = Array.isArray(value) && value.every((each) => options.includes(each));
  if (!known || new Set(value).size !== value.length) throw new Unreadable("not-a-choice");
  if (value.length) among(value.length, field);
  return options.filter((each) => value.includes(each));
}

function yesNo(_, value) {
  if (typeof value !== "boolean") throw new Unreadable("not-a-choice");
  return value;
}

const asIs = (_, value) => String(value);
const label = (field, value) =>
  field.options.find((option) => option.value === value)?.label ?? value;
const asked = (parse, show = asIs) => ({ parse, show, onPhone: true });

/** What is not typed is given at the counter; only how many there are is judged here. */
const attached = { parse: counted, show: () => "", onPhone: false };

function counted(field, value) {
  if (Array.isArray(value) && value.length) among(value.length, field);
  return value;
}

export const KINDS = {
  text: asked(text),
  note: asked(note),
  name: asked(name),
  kana: asked((_, value) => asKana(value)),
  email: asked(email),
  domicile: asked(text),
  date: asked(date, (_, value) => showKnown(value)),
  time: asked(time),
  address: asked(address, showAddress),
  phone: asked(phone),
  digits: asked(digits),
  choice: asked(choice, label),
  choices: asked(choices, (field, value) => value.map((each) => label(field, each)).join("、")),
  "yes-no": asked(yesNo, (_, value) => (value ? "はい" : "いいえ")),
  count: asked(whole),
  money: asked(money, (_, value) => `${value.toLocaleString("en-US")}円`),
  account: asked(account, showAccount),
  point: attached,
  signature: attached,
  photos: attached,
  files: attached,
};

/** The answer in its stored form, or `Unreadable` with the reason. */
export const parse = (field, value) => KINDS[field.kind].parse(field, value);

/** The stored answer as papers have it; what can be typed, `parse` takes back unchanged. */
export const show = (field, value) => KINDS[field.kind].show(field, value);

/** Whether there is an answer at all. */
export const isGiven = (value) =>
  value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && !value.length);
