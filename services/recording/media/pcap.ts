/** One UDP datagram as the media relay captured it. */
export interface CapturedDatagram {
  /** UTC, ms with fraction. */
  readonly atMs: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Dotted, or for IPv6 eight hexadecimal groups without padding. */
  readonly destinationAddress: string;
  readonly payload: Uint8Array;
}

const GLOBAL_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const LINKTYPE_RAW = 101;
const UDP = 17;

/**
 * The datagrams of a pcap file of link type RAW (each record starts with the IP header). Reading ends at a record that is cut off at the
 * end of the file, as a killed writer leaves it. @throws RangeError when it is not such a file
 */
export function* readPcap(file: Uint8Array): Generator<CapturedDatagram> {
  if (file.length < GLOBAL_HEADER_BYTES) return;
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = view.getUint32(0);
  const little = magic === 0xd4c3b2a1 || magic === 0x4d3cb2a1;
  const nanoseconds = magic === 0x4d3cb2a1 || magic === 0xa1b23c4d;
  if (!little && magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) throw new RangeError('not a pcap file');
  if ((view.getUint32(20, little) & 0xffff) !== LINKTYPE_RAW) throw new RangeError('not a pcap of link type RAW');
  const perMs = nanoseconds ? 1e6 : 1e3;
  for (let at = GLOBAL_HEADER_BYTES; at + RECORD_HEADER_BYTES <= file.length;) {
    const length = view.getUint32(at + 8, little);
    const start = at + RECORD_HEADER_BYTES;
    if (start + length > file.length) return;
    const datagram = readUdp(file.subarray(start, start + length));
    if (datagram !== undefined) yield { atMs: view.getUint32(at, little) * 1_000 + view.getUint32(at + 4, little) / perMs, ...datagram };
    at = start + length;
  }
}

function readUdp(packet: Uint8Array): Omit<CapturedDatagram, 'atMs'> | undefined {
  const version = (packet[0] ?? 0) >> 4;
  const headerBytes = version === 4 ? ((packet[0] ?? 0) & 0x0f) * 4 : version === 6 ? 40 : 0;
  const protocol = version === 4 ? packet[9] : packet[6];
  if (headerBytes === 0 || protocol !== UDP || packet.length < headerBytes + 8) return undefined;
  const view = new DataView(packet.buffer, packet.byteOffset + headerBytes, packet.length - headerBytes);
  return {
    sourcePort: view.getUint16(0),
    destinationPort: view.getUint16(2),
    destinationAddress: version === 4 ? packet.subarray(16, 20).join('.') : groupsOf(packet.subarray(24, 40)),
    payload: packet.subarray(headerBytes + 8, headerBytes + Math.max(8, view.getUint16(4))),
  };
}

const groupsOf = (address: Uint8Array): string =>
  Array.from({ length: 8 }, (_, group) => (((address[group * 2] ?? 0) << 8) | (address[group * 2 + 1] ?? 0)).toString(16)).join(':');
