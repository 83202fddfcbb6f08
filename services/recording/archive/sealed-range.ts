/** Authentication tag of each sealed segment. */
export const TAG_BYTES = 16;

/** Where the sealed segments lie that hold plain bytes `[from, to)`. */
export function segmentRange(
  { segmentBytes, plainBytes }: { readonly segmentBytes: number; readonly plainBytes: number },
  from: number,
  to: number,
): { readonly first: number; readonly from: number; readonly length: number } {
  const first = Math.floor(from / segmentBytes);
  const last = Math.floor(Math.max(from, to - 1) / segmentBytes);
  const sealed = segmentBytes + TAG_BYTES;
  const end = Math.min((last + 1) * sealed, plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / segmentBytes)));
  return { first, from: first * sealed, length: end - first * sealed };
}
