// Sealed bytes as QR symbols. Every symbol is read back by another library before anyone sees it.

import makeQr from "qrcode-generator";
import readQr from "qr/decode.js";
import { base32 } from "./base32.js";
import { MARK, sha256 } from "./seal.js";

export const LARGEST = 900; // characters in one symbol
const MOST = 16; // symbols of one set
const QUIET = 4;
const SET_LETTERS = 8;
const LONGEST_HEADER = `${MARK}.99.99..`.length + SET_LETTERS;
const PIXELS = 4; // of one module, when a symbol is read back

/** The texts of the symbols, of about equal length: KKN2.1.2.ABCDEFGH.… */
export async function split(sealed, largest = LARGEST) {
  const text = base32(sealed);
  const set = base32(await sha256(sealed)).slice(0, SET_LETTERS);
  const count = Math.ceil(text.length / (largest - LONGEST_HEADER));
  if (count > MOST) throw new TooMuch();
  const size = Math.ceil(text.length / count);
  const parts = Array.from({ length: count }, (_, at) => text.slice(at * size, (at + 1) * size));
  return parts.map((part, at) => [MARK, at + 1, count, set, part].join("."));
}

/** One symbol for each text, all of one size: rows of true (dark) and false. */
export function draw(texts) {
  const size = Math.max(...texts.map((text) => make(text, 0).getModuleCount()));
  return texts.map((text) => verified(text, modules(make(text, (size - 17) / 4))));
}

function make(text, version) {
  const symbol = makeQr(version, "M");
  symbol.addData(text, "Alphanumeric");
  symbol.make();
  return symbol;
}

function modules(symbol) {
  const places = [...Array(symbol.getModuleCount()).keys()];
  return places.map((y) => places.map((x) => symbol.isDark(y, x)));
}

/** More than the terminal takes in one set. */
export class TooMuch extends Error {}

export class UnreadableSymbol extends Error {}

function verified(text, rows) {
  if (readQr(pixels(rows)) !== text) throw new UnreadableSymbol(text.slice(0, LONGEST_HEADER));
  return rows;
}

/** The symbol as a picture in memory, quiet zone and all. */
export function pixels(rows, scale = PIXELS) {
  const width = (rows.length + 2 * QUIET) * scale;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  rows.forEach((row, y) => row.forEach((dark, x) => dark && blacken(data, width, x, y, scale)));
  return { data, width, height: width };
}

function blacken(data, width, x, y, scale) {
  for (let down = 0; down < scale; down += 1) {
    const start = ((y + QUIET) * scale + down) * width + (x + QUIET) * scale;
    for (let at = start; at < start + scale; at += 1) data.fill(0, at * 4, at * 4 + 3);
  }
}

/** The same as one SVG path: crisp at any size. */
export function path(rows) {
  const runs = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => {
      if (!dark || row[x - 1]) return [];
      const end = row.indexOf(false, x);
      return [`M${x + QUIET} ${y + QUIET}h${(end < 0 ? row.length : end) - x}v1H${x + QUIET}z`];
    }),
  );
  return { d: runs.join(""), size: rows.length + 2 * QUIET };
}
