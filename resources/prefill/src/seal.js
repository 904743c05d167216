// Answers sealed so that only the city's key opens them: KKN2, made of WebCrypto alone.

import { pack } from "./packing.js";

export const MARK = "KKN2";
const CURVE = { name: "ECDH", namedCurve: "P-256" };
const encode = (text) => new TextEncoder().encode(text);

export function fromBase64url(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** `body`: {f, v, t, a}; `point`: the city's public key, 65 bytes. Returns the sealed bytes. */
export async function seal(body, point) {
  const city = await crypto.subtle.importKey("raw", point, CURVE, false, []);
  const mine = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const ephemeral = new Uint8Array(await crypto.subtle.exportKey("raw", mine.publicKey));
  const shared = await crypto.subtle.deriveBits(
    { name: "ECDH", public: city },
    mine.privateKey,
    256,
  );
  const key = await aesKey(shared, ephemeral);
  const keyId = (await sha256(point)).subarray(0, 4);
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const packed = await pack(encode(JSON.stringify(body)));
  const options = { name: "AES-GCM", iv: nonce, additionalData: joined(encode(MARK), keyId) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(options, key, packed));
  return joined(keyId, ephemeral, nonce, sealed);
}

async function aesKey(shared, salt) {
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt, info: encode(MARK) };
  return crypto.subtle.deriveKey(derivation, material, { name: "AES-GCM", length: 256 }, false, [
    "encrypt",
  ]);
}

function joined(...pieces) {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
