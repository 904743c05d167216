// zlib (RFC 1950), also on phones whose browser has no CompressionStream (iOS before 16.4).

export async function pack(bytes) {
  if (!globalThis.CompressionStream) return packUncompressed(bytes);
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const LARGEST_BLOCK = 65535;

/** The same format with blocks that are only stored: every reader opens it, the code is just larger. */
export function packUncompressed(bytes) {
  const out = [0x78, 0x01];
  for (let at = 0; at === 0 || at < bytes.length; at += LARGEST_BLOCK) {
    const block = bytes.subarray(at, at + LARGEST_BLOCK);
    const size = block.length;
    const last = at + LARGEST_BLOCK >= bytes.length ? 1 : 0;
    out.push(last, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255, ...block);
  }
  const [a, b] = bytes.reduce(
    ([low, high], byte) => [(low + byte) % 65521, (high + low + byte) % 65521],
    [1, 0],
  );
  return new Uint8Array([...out, b >> 8, b & 255, a >> 8, a & 255]);
}
