/**
 * The file of one call in the spool: records in the order in which things happened, nothing ever changed.
 *
 *     u16 length of the body | u8 kind | u8 channel | u32 ms on the call's clock | body
 */
export const channels = ['caller', 'agent'] as const;
export type Channel = (typeof channels)[number];

const PACKET = 1;
const MARK = 2;
const ALIVE = 3;
const HEADER_BYTES = 8;

/** What happened to the call while it was recorded. `reason` is shown to people. */
export type Mark =
  /** The recorder is listening from here. `wallMs` ties the clock of the call to UTC again after a restart. */
  | { readonly kind: 'listening'; readonly wallMs: number }
  /** Where the relay receives each side, to find it in the relay's own capture. */
  | {
      readonly kind: 'relay-ports';
      readonly caller: readonly number[];
      readonly agent: readonly number[];
      /** The address of the agent's side, which may use the caller's port number on another interface. */
      readonly agentAddress?: string | undefined;
    }
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'answered'; readonly at: string }
  | { readonly kind: 'ended'; readonly at: string }
  /** Marks that the player can jump to. */
  | {
      readonly kind: 'noted';
      readonly what: 'connected' | 'held' | 'unheld' | 'transferred' | 'agent-left' | 'survey';
      readonly at: string;
    };

export type SpoolRecord =
  | { readonly kind: 'packet'; readonly channel: Channel; readonly atMs: number; readonly packet: Uint8Array }
  | { readonly kind: 'mark'; readonly atMs: number; readonly mark: Mark }
  /** Nothing arrived, and the recorder was running. */
  | { readonly kind: 'alive'; readonly atMs: number };

function frame(kind: number, channel: number, atMs: number, body: Uint8Array): Uint8Array {
  // Fifty a second for each side of a call: taken from the pool, and every byte of it is written here.
  const record = Buffer.allocUnsafe(HEADER_BYTES + body.length);
  record.writeUInt16BE(body.length, 0);
  record[2] = kind;
  record[3] = channel;
  record.writeUInt32BE(Math.max(0, Math.round(atMs)), 4);
  record.set(body, HEADER_BYTES);
  return record;
}

export const packetRecord = (channel: Channel, atMs: number, packet: Uint8Array): Uint8Array =>
  frame(PACKET, channels.indexOf(channel), atMs, packet);
export const markRecord = (atMs: number, mark: Mark): Uint8Array => frame(MARK, 0, atMs, new TextEncoder().encode(JSON.stringify(mark)));
export const aliveRecord = (atMs: number): Uint8Array => frame(ALIVE, 0, atMs, new Uint8Array(0));

/** Whether a record begins with a mark. */
export const isMark = (record: Uint8Array): boolean => record[2] === MARK;

/** The complete records at the start of `bytes`, and their length. A torn end is left out. */
export function readRecords(bytes: Uint8Array): { readonly records: SpoolRecord[]; readonly consumedBytes: number } {
  const records: SpoolRecord[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + HEADER_BYTES <= bytes.length) {
    const end = at + HEADER_BYTES + view.getUint16(at);
    if (end > bytes.length) break;
    const kind = view.getUint8(at + 2);
    const atMs = view.getUint32(at + 4);
    const body = bytes.subarray(at + HEADER_BYTES, end);
    if (kind === PACKET) records.push({ kind: 'packet', channel: channels[view.getUint8(at + 3)] ?? 'caller', atMs, packet: body });
    else if (kind === MARK) records.push({ kind: 'mark', atMs, mark: JSON.parse(new TextDecoder().decode(body)) as Mark });
    else records.push({ kind: 'alive', atMs });
    at = end;
  }
  return { records, consumedBytes: at };
}
