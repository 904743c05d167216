// Readings of names, in full-width katakana from whatever kana they were typed in.

import { Unreadable, folded } from "./reading.js";

const KANA = /^[ァ-ヺー・ ]+$/u;

/** Hiragana, half-width and full-width kana as full-width katakana; small ones stay small. */
export function asKana(value) {
  const raise = (kana) => String.fromCodePoint(kana.codePointAt(0) + 0x60);
  const whole = folded(value).replace(/[ぁ-ゖ]/g, raise);
  if (whole && !KANA.test(whole)) throw new Unreadable("not-kana");
  return whole.replace(/ +/g, "\u3000");
}
