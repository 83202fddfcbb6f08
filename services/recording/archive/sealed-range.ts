/** The length of the authentication tag of each sealed segment. */
export const TAG_BYTES = 16;

interface Format {
  readonly segmentBytes: number;
  readonly plainBytes: number;
}

/** The length of the sealed object. */
export const sealedBytes = ({ segmentBytes, plainBytes }: Format): number =>
  plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / segmentBytes));

/** The position of the sealed segments that contain the plain bytes `[from, to)`. */
export function segmentRange(
  format: Format,
  from: number,
  to: number,
): { readonly first: number; readonly from: number; readonly length: number } {
  const { segmentBytes } = format;
  const first = Math.floor(from / segmentBytes);
  const last = Math.floor(Math.max(from, to - 1) / segmentBytes);
  const sealed = segmentBytes + TAG_BYTES;
  const end = Math.min((last + 1) * sealed, sealedBytes(format));
  return { first, from: first * sealed, length: end - first * sealed };
}
