// Kinds with parts: a Japanese address, a bank account.

import { asKana } from "./kana.js";
import { LONGEST_NAME, LONGEST_TEXT, STROKES, Unreadable, folded, plain } from "./reading.js";

const LARGE = Object.fromEntries(
  [..."ァィゥェォッャュョヮヵヶ"].map((kana, place) => [kana, "アイウエオツヤユヨワカケ"[place]]),
);
export const ADDRESS_PARTS = ["postcode", "prefecture", "city", "town", "number", "building"];
export const ACCOUNT_PARTS = ["bank", "branch", "type", "number", "holder"];
export const ACCOUNT_TYPES = {
  ordinary: "普通",
  current: "当座",
  savings: "貯蓄",
  yucho: "ゆうちょ",
};
export const PREFECTURES = (
  "北海道 青森県 岩手県 宮城県 秋田県 山形県 福島県 茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 " +
  "神奈川県 新潟県 富山県 石川県 福井県 山梨県 長野県 岐阜県 静岡県 愛知県 三重県 滋賀県 京都府 " +
  "大阪府 兵庫県 奈良県 和歌山県 鳥取県 島根県 岡山県 広島県 山口県 徳島県 香川県 愛媛県 高知県 " +
  "福岡県 佐賀県 長崎県 熊本県 大分県 宮崎県 鹿児島県 沖縄県"
).split(" ");
const GAP = "\u3000";
const NOTHING = "―";

/** An address in its parts; one line (as a card gives it) stays the line it is. */
export function address(_, value) {
  if (typeof value === "string") {
    const line = plain(value, LONGEST_TEXT);
    return fromLine(line) ?? line;
  }
  const parts = partsOf(value, ADDRESS_PARTS);
  if (!Object.values(parts).some(Boolean)) return "";
  parts.postcode = postcode(parts.postcode);
  for (const key of ADDRESS_PARTS) parts[key] = inner(parts[key]);
  if (!PREFECTURES.includes(parts.prefecture)) throw new Unreadable("not-a-prefecture");
  if (!parts.city || !(parts.number || parts.town)) throw new Unreadable("not-whole-address");
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part));
}

/** 〒100-0001　東京都　千代田区　千代田　1-1 */
export function showAddress(_, value) {
  if (typeof value === "string") return value;
  const line = ADDRESS_PARTS.slice(1).map((key) => value[key] ?? "");
  while (!line.at(-1)) line.pop();
  const shown = line.map((part) => part || NOTHING).join(GAP);
  const code = value.postcode;
  return code ? `〒${code.slice(0, 3)}-${code.slice(3)}${GAP}${shown}` : shown;
}

/** A bank account, its holder in kana. */
export function account(_, value) {
  const given = typeof value === "string" ? accountLine(plain(value, LONGEST_TEXT)) : value;
  if (given === "") return "";
  const parts = partsOf(given, ACCOUNT_PARTS);
  if (!Object.values(parts).some(Boolean)) return "";
  parts.bank = inner(parts.bank);
  parts.branch = inner(parts.branch);
  parts.number = folded(parts.number).replaceAll("-", "");
  parts.holder = asKana(parts.holder);
  if (!Object.hasOwn(ACCOUNT_TYPES, parts.type)) throw new Unreadable("not-a-choice");
  const longest = parts.type === "yucho" ? 8 : 7;
  if (!/^[0-9]+$/.test(parts.number) || parts.number.length > longest)
    throw new Unreadable("not-an-account");
  parts.number = parts.number.padStart(7, "0");
  if (!Object.values(parts).every(Boolean)) throw new Unreadable("not-an-account");
  return parts;
}

/** みどり銀行　本店　普通　0012345　ヤマダ　タロウ */
export function showAccount(_, value) {
  const shown = { ...value, type: ACCOUNT_TYPES[value.type] };
  return ACCOUNT_PARTS.map((key) => shown[key]).join(GAP);
}

function partsOf(value, keys) {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Unreadable("not-text");
  if (!Object.keys(value).every((key) => keys.includes(key))) throw new Unreadable("unknown-part");
  return Object.fromEntries(keys.map((key) => [key, plain(value[key] ?? "", LONGEST_NAME)]));
}

/** A part without the gap that divides parts. */
const inner = (part) => part.replace(/[ \u3000]+/g, " ").replace(/^―+|―+$/g, "");

/** The reading as a passbook has it: no gaps, small kana made large. */
export const bankKana = (text) =>
  text.replace(/[ \u3000・]/gu, "").replace(/[ァィゥェォッャュョヮヵヶ]/gu, (kana) => LARGE[kana]);

function postcode(part) {
  const code = folded(part).replace(/^〒/, "").replace(STROKES, "");
  if (code && !/^[0-9]{7}$/.test(code)) throw new Unreadable("not-a-postcode");
  return code;
}

/** The parts of a line as `showAddress` writes it; null where it is any other line. */
function fromLine(line) {
  const pieces = line.split(GAP);
  const code = line.startsWith("〒") ? pieces.shift() : "";
  if (pieces.length < 3 || pieces.length > 5 || !PREFECTURES.includes(pieces[0])) return null;
  const parts = Object.fromEntries(
    pieces.map((piece, at) => [ADDRESS_PARTS[at + 1], inner(piece)]),
  );
  try {
    parts.postcode = postcode(code);
  } catch {
    return null;
  }
  if (!parts.city || !(parts.number || parts.town)) return null;
  return Object.fromEntries(
    ADDRESS_PARTS.filter((key) => parts[key]).map((key) => [key, parts[key]]),
  );
}

function accountLine(line) {
  if (!line) return "";
  const pieces = line.split(GAP);
  const head = pieces.slice(0, ACCOUNT_PARTS.length - 1);
  const rest = pieces.slice(ACCOUNT_PARTS.length - 1);
  if (!rest.length) throw new Unreadable("not-an-account");
  const parts = Object.fromEntries(
    [...head, rest.join(GAP)].map((piece, at) => [ACCOUNT_PARTS[at], piece]),
  );
  const kind = Object.keys(ACCOUNT_TYPES).find((key) => ACCOUNT_TYPES[key] === parts.type);
  return { ...parts, type: kind ?? parts.type };
}
