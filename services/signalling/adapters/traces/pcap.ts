import { isIPv4, isIPv6 } from 'node:net';
import type { KeptLeg, Place, TracedMessage } from '../../trace/trace.js';

/** pcapng (IETF draft-ietf-opsawg-pcapng): block types, and the link type of packets that begin with their IP header. */
const SECTION = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE = 1;
const PACKET = 6;
const LINKTYPE_RAW = 101;
const OPT_COMMENT = 1;
const OPT_USERAPPL = 4;
const UDP = 17;
const MOST_PAYLOAD = 65_000;
const UNKNOWN: Place = { address: '0.0.0.0', port: 5060 };

/**
 * Messages as packets that any pcapng reader shows, oldest first, with times in microseconds. Each is one UDP datagram. The comment of a
 * packet says when the message went over TCP, TLS or a WebSocket, and which part of an address is unknown.
 */
export function pcapOf(legs: readonly KeptLeg[]): Buffer {
  const packets = legs.flatMap(({ messages }) => {
    const near = messages.find(({ near: place }) => place !== undefined)?.near;
    const far = messages.find(({ far: place }) => place !== undefined)?.far;
    return messages.map((message) => ({ message, near: message.near ?? near, far: message.far ?? far }));
  });
  packets.sort((a, b) => a.message.atUs - b.message.atUs);
  return Buffer.concat([section(), networkInterface(), ...packets.map(packet)]);
}

function packet({
  message,
  near,
  far,
}: {
  readonly message: TracedMessage;
  readonly near: Place | undefined;
  readonly far: Place | undefined;
}): Buffer {
  const [from, to] = message.way === 'in' ? [far, near] : [near, far];
  const bytes = datagram(from ?? UNKNOWN, to ?? UNKNOWN, Buffer.from(message.text).subarray(0, MOST_PAYLOAD), message.atUs);
  const comments = [
    ...(message.transport === 'udp' ? [] : [`went over ${message.transport.toUpperCase()}; shown as a UDP datagram`]),
    ...(far === undefined ? ['the address of the far side is not known'] : []),
    ...(near === undefined ? ['the address of the SIP server is not known'] : []),
  ];
  const head = Buffer.alloc(20);
  // The interface is 0; then comes the time in two halves, the high one first.
  head.writeUInt32LE(Math.floor(message.atUs / 2 ** 32), 4);
  head.writeUInt32LE(message.atUs % 2 ** 32, 8);
  head.writeUInt32LE(bytes.length, 12);
  head.writeUInt32LE(bytes.length, 16);
  return block(PACKET, Buffer.concat([head, padded(bytes), options(comments.map((text) => [OPT_COMMENT, text] as const))]));
}

function section(): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(BYTE_ORDER, 0);
  head.writeUInt16LE(1, 4);
  // The length of the section is not given.
  head.writeBigInt64LE(-1n, 8);
  return block(SECTION, Buffer.concat([head, options([[OPT_USERAPPL, 'Proofline']])]));
}

function networkInterface(): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(LINKTYPE_RAW, 0);
  return block(INTERFACE, head);
}

/** Type, length, body, length again. */
function block(type: number, body: Buffer): Buffer {
  const ends = Buffer.alloc(12);
  ends.writeUInt32LE(type, 0);
  ends.writeUInt32LE(body.length + 12, 4);
  ends.writeUInt32LE(body.length + 12, 8);
  return Buffer.concat([ends.subarray(0, 8), body, ends.subarray(8)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function options(list: readonly (readonly [code: number, text: string])[]): Buffer {
  if (list.length === 0) return Buffer.alloc(0);
  const written = list.map(([code, text]) => {
    const value = Buffer.from(text);
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(value.length, 2);
    return Buffer.concat([head, padded(value)]);
  });
  return Buffer.concat([...written, Buffer.alloc(4)]);
}

/** An IP packet of either version with one UDP datagram (RFC 768, 791, 8200). Two addresses of different versions become IPv6 addresses. */
function datagram(from: Place, to: Place, payload: Buffer, id: number): Buffer {
  const four = isIPv4(plain(from.address)) && isIPv4(plain(to.address));
  const [source, target] = four ? [ipv4(from.address), ipv4(to.address)] : [ipv6(from.address), ipv6(to.address)];
  const udp = Buffer.alloc(8);
  udp.writeUInt16BE(from.port, 0);
  udp.writeUInt16BE(to.port, 2);
  udp.writeUInt16BE(8 + payload.length, 4);
  const pseudo = Buffer.alloc(8);
  pseudo.writeUInt32BE(8 + payload.length, 0);
  pseudo.writeUInt32BE(UDP, 4);
  // A checksum of 0 would mean that there is none.
  udp.writeUInt16BE(checksum(Buffer.concat([source, target, pseudo, udp, payload])) || 0xffff, 6);
  return Buffer.concat([
    four ? ipv4Header(source, target, 8 + payload.length, id) : ipv6Header(source, target, 8 + payload.length),
    udp,
    payload,
  ]);
}

function ipv4Header(source: Buffer, target: Buffer, length: number, id: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + length, 2);
  header.writeUInt16BE(id % 65_536, 4);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(UDP, 9);
  source.copy(header, 12);
  target.copy(header, 16);
  header.writeUInt16BE(checksum(header), 10);
  return header;
}

function ipv6Header(source: Buffer, target: Buffer, length: number): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(0x6000_0000, 0);
  header.writeUInt16BE(length, 4);
  header.writeUInt8(UDP, 6);
  header.writeUInt8(64, 7);
  return Buffer.concat([header, source, target]);
}

/** Ones' complement of the ones' complement sum (RFC 1071). */
export function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '');

const ipv4 = (address: string): Buffer => Buffer.from(plain(address).split('.').map(Number));

function ipv6(address: string): Buffer {
  const text = plain(address);
  if (isIPv4(text)) return Buffer.concat([Buffer.from('00000000000000000000ffff', 'hex'), ipv4(text)]);
  if (!isIPv6(text)) return Buffer.alloc(16);
  const groups = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const [head = '', tail] = text.split('::');
  const [before, after] = [groups(head), groups(tail ?? '')];
  const middle = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0');
  const hex = [...before, ...middle, ...after].map((group) => group.padStart(4, '0')).join('');
  return Buffer.from(hex.padEnd(32, '0').slice(0, 32), 'hex');
}
