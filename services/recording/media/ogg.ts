/** Ogg pages (RFC 3533) with Opus in them (RFC 7845): as much as is needed to join pieces and rewrite the comment. */

/** Opus counts time at 48 kHz, whatever rate was encoded. */
export const OPUS_RATE = 48_000;
const PACKETS_PER_PAGE = 16;
const PAGE_HEADER_BYTES = 27;
const CONTINUED = 1;
const FIRST = 2;
const LAST = 4;

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let rest = index << 24;
  for (let bit = 0; bit < 8; bit += 1) rest = rest < 0 ? (rest << 1) ^ 0x04c11db7 : rest << 1;
  return rest >>> 0;
});

function crc(page: Uint8Array): number {
  let rest = 0;
  for (const byte of page) rest = (rest << 8) ^ (crcTable[((rest >>> 24) & 0xff) ^ byte] ?? 0);
  return rest >>> 0;
}

/** All packets of the single stream in `ogg`, including headers. @throws RangeError when the bytes are not Ogg or are cut off */
export function readPackets(ogg: Uint8Array): Uint8Array[] {
  const packets: Uint8Array[] = [];
  let open: Uint8Array[] = [];
  for (let at = 0; at < ogg.length;) {
    if (!(ogg[at] === 0x4f && ogg[at + 1] === 0x67 && ogg[at + 2] === 0x67 && ogg[at + 3] === 0x53))
      throw new RangeError('not an Ogg page');
    const segments = ogg[at + 26] ?? 0;
    let body = at + PAGE_HEADER_BYTES + segments;
    let start = body;
    for (let i = 0; i < segments; i += 1) {
      const lacing = ogg[at + PAGE_HEADER_BYTES + i] ?? 0;
      body += lacing;
      if (lacing === 255) continue;
      open.push(ogg.subarray(start, body));
      packets.push(concat(open));
      open = [];
      start = body;
    }
    if (start < body) open.push(ogg.subarray(start, body));
    if (body > ogg.length) throw new RangeError('the Ogg stream is cut');
    at = body;
  }
  return packets;
}

/** The pre-skip from OpusHead: how many samples at 48 kHz a decoder drops at the beginning. */
export const preSkipOf = (head: Uint8Array): number => (head[10] ?? 0) | ((head[11] ?? 0) << 8);

/** The OpusTags packet of RFC 7845 section 5.2. */
export function opusTags(vendor: string, comments: Readonly<Record<string, string>>): Uint8Array {
  const text = new TextEncoder();
  const entries = [text.encode(vendor), ...Object.entries(comments).map(([key, value]) => text.encode(`${key}=${value}`))];
  const parts: Uint8Array[] = [text.encode('OpusTags')];
  entries.forEach((entry, index) => {
    parts.push(uint32(entry.length), entry);
    if (index === 0) parts.push(uint32(entries.length - 1));
  });
  return concat(parts);
}

/**
 * One Ogg Opus stream of packets that each carry `packetSamples` at 48 kHz. `samples` is the true length at 48 kHz: the last page's granule
 * position states it, so that a player cuts off the encoder's padding.
 */
export function writeOpus({
  serial,
  head,
  tags,
  packets,
  packetSamples,
  samples,
}: {
  readonly serial: number;
  readonly head: Uint8Array;
  readonly tags: Uint8Array;
  readonly packets: readonly Uint8Array[];
  readonly packetSamples: number;
  readonly samples: number;
}): Uint8Array {
  const pages: Uint8Array[] = [];
  const end = preSkipOf(head) + samples;
  const add = (bodies: readonly Uint8Array[], granule: number, flags: number): void => {
    for (const page of toPages(bodies, { granule, flags, serial, sequence: pages.length })) pages.push(page);
  };
  add([head], 0, FIRST);
  add([tags], 0, 0);
  for (let i = 0; i < packets.length; i += PACKETS_PER_PAGE) {
    const batch = packets.slice(i, i + PACKETS_PER_PAGE);
    const isLast = i + PACKETS_PER_PAGE >= packets.length;
    add(batch, isLast ? Math.min(end, packets.length * packetSamples) : (i + batch.length) * packetSamples, isLast ? LAST : 0);
  }
  return concat(pages);
}

/** Usually one page; a packet too long for one page continues in the next. */
function* toPages(
  bodies: readonly Uint8Array[],
  { granule, flags, serial, sequence }: { granule: number; flags: number; serial: number; sequence: number },
): Generator<Uint8Array> {
  const lacing: number[] = [];
  for (const body of bodies) {
    for (let rest = body.length; ; rest -= 255) {
      lacing.push(Math.min(rest, 255));
      if (rest < 255) break;
    }
  }
  const content = concat(bodies);
  let taken = 0;
  for (let i = 0, part = 0; i < lacing.length; i += 255, part += 1) {
    const table = lacing.slice(i, i + 255);
    const size = table.reduce((sum, length) => sum + length, 0);
    const isEnd = i + 255 >= lacing.length;
    const continued = i > 0 && lacing[i - 1] === 255 ? CONTINUED : 0;
    const page = new Uint8Array(PAGE_HEADER_BYTES + table.length + size);
    const view = new DataView(page.buffer);
    page.set([0x4f, 0x67, 0x67, 0x53, 0, (isEnd ? flags : flags & ~LAST) | continued]);
    view.setBigInt64(6, BigInt(isEnd ? granule : -1), true);
    view.setUint32(14, serial, true);
    view.setUint32(18, sequence + part, true);
    page[26] = table.length;
    page.set(table, PAGE_HEADER_BYTES);
    page.set(content.subarray(taken, taken + size), PAGE_HEADER_BYTES + table.length);
    taken += size;
    view.setUint32(22, crc(page), true);
    yield page;
  }
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0] !== undefined) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
