// What every kind shares: a reason for refusing, and text free of what nobody types.

export const LONGEST_TEXT = 200;
export const LONGEST_NOTE = 2000;
/** However a phone writes the strokes between digits. */
export const STROKES = /[-‐‑‒–—―−ー() ]/gu;
export const LONGEST_NAME = 200;
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u;

/** An answer that is not of its kind; `reason` is a key of the texts. */
export class Unreadable extends Error {
  constructor(reason) {
    super(reason);
    this.reason = reason;
  }
}

export const lengthOf = (text) => [...text].length;

/** One line of text without controls, direction marks or private characters. */
export function plain(value, longest) {
  if (typeof value !== "string") throw new Unreadable("not-text");
  const text = value.replace(/^[ \t\u3000]+|[ \t\u3000]+$/g, "");
  if (lengthOf(text) > longest) throw new Unreadable("too-long");
  if (FORBIDDEN.test(text)) throw new Unreadable("odd-character");
  return text;
}

/** The same with full-width letters and digits made plain. */
export function folded(value, longest = LONGEST_NAME) {
  return plain(plain(value, longest).normalize("NFKC"), longest);
}

/** The number, if it lies between the field's bounds. */
export function among(value, field) {
  if (field.minimum != null && value < field.minimum) throw new Unreadable("out-of-range");
  if (field.maximum != null && value > field.maximum) throw new Unreadable("out-of-range");
  return value;
}
