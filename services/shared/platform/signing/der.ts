/** An element of DER (X.690): its tag byte, its content, and the whole element. */
export interface Der {
  readonly tag: number;
  readonly body: Buffer;
  readonly whole: Buffer;
}

export function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  const size: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  return Buffer.concat([Buffer.from(body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | size.length, ...size]), body]);
}

/** The first element of the bytes. Throws when it is cut off, or has an indefinite length, which DER does not allow. */
export function readDer(bytes: Buffer): Der {
  const [tag, first] = [bytes[0], bytes[1]];
  if (tag === undefined || first === undefined) throw new Error('it is cut');
  const sizeBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || sizeBytes > 4 || bytes.length < 2 + sizeBytes) throw new Error('it is not DER');
  const length = sizeBytes === 0 ? first : bytes.readUIntBE(2, sizeBytes);
  const start = 2 + sizeBytes;
  if (bytes.length < start + length) throw new Error('it is cut');
  return { tag, body: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

export function childrenOf({ body }: Der): Der[] {
  const found: Der[] = [];
  for (let at = 0; at < body.length;) {
    const child = readDer(body.subarray(at));
    found.push(child);
    at += child.whole.length;
  }
  return found;
}

/** `1.2.840.113549.1.9.4`. */
export function oidText({ tag, body }: Der): string {
  if (tag !== 0x06) throw new Error('it is not an object identifier');
  const arcs: number[] = [];
  let value = 0;
  for (const byte of body) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      arcs.push(value);
      value = 0;
    }
  }
  const [first = 0, ...rest] = arcs;
  const top = Math.min(2, Math.floor(first / 40));
  return [top, first - 40 * top, ...rest].join('.');
}
