import type { Channel, SpoolRecord } from '../capture/records.js';
import { toAlaw } from '../media/g711.js';
import { clip, union, type Interval } from '../media/intervals.js';
import type { CapturedDatagram } from '../media/pcap.js';
import { parseRtp } from '../media/rtp.js';
import { ChannelTimeline } from '../media/timeline.js';
import type { CallFacts } from './assembly.js';

const PACKET_MS = 20;
/** Between two packets that are no further apart than this, the capture counts as running. */
const WITNESS_BRIDGE_MS = 2_000;

/** How long a packet may take from the relay to the recorder. */
const EDGE_MS = 300;

export interface CaptureView {
  /** Where the capture has audio of each side, on the clock of the call. */
  readonly sound: Readonly<Record<Channel, readonly Interval[]>>;
  /** When the capture ran, as far as its packets show. */
  readonly witness: readonly Interval[];
  readonly packets: { readonly callerPackets: number; readonly agentPackets: number };
  /** The records, with packets of the capture inserted where `absent` says. Our own packets in those parts are replaced. */
  fill(records: readonly SpoolRecord[], absent: readonly Interval[]): SpoolRecord[];
}

/** Reads the relay's capture as a second recording of the same call, by the ports at which the relay receives each side. */
export function packetMerge(
  captured: readonly CapturedDatagram[],
  facts: CallFacts,
  originWallMs: number,
  answered: Interval,
): CaptureView {
  const [callerPorts, agentPorts] = [new Set(facts.ports.caller), new Set(facts.ports.agent)];
  const sideOf = ({ destinationPort, destinationAddress }: CapturedDatagram): Channel | undefined => {
    const isAgents = agentPorts.has(destinationPort);
    // On two interfaces of the relay both sides may have the same port number.
    if (isAgents && callerPorts.has(destinationPort)) return destinationAddress === facts.agentAddress ? 'agent' : 'caller';
    return isAgents ? 'agent' : callerPorts.has(destinationPort) ? 'caller' : undefined;
  };
  const packets: { channel: Channel; atMs: number; placeMs: number; packet: Uint8Array }[] = [];
  for (const datagram of captured) {
    const { atMs, payload } = datagram;
    const channel = sideOf(datagram);
    const header = channel === undefined ? undefined : parseRtp(payload);
    if (channel === undefined || header === undefined) continue;
    if (toAlaw(header.payloadType, payload.subarray(header.payloadStart, header.payloadEnd)) === undefined) continue;
    packets.push({ channel, atMs: atMs - originWallMs, placeMs: atMs - originWallMs, packet: payload });
  }
  packets.sort((a, b) => a.atMs - b.atMs);
  // A busy relay reads its packets in bunches, so their timestamps and not their arrivals tell what they cover.
  const soundOf = (channel: Channel): Interval[] => {
    const own = packets.filter((one) => one.channel === channel);
    const timeline = new ChannelTimeline(answered.from, (number, atMs) => {
      const one = own[number];
      if (one !== undefined) one.placeMs = atMs;
    });
    for (const one of own) timeline.push(one.packet, one.atMs);
    return union(timeline.coverage(), 2 * PACKET_MS);
  };
  return {
    sound: { caller: soundOf('caller'), agent: soundOf('agent') },
    witness: captured.length === 0 ? [] : witnessOf(captured, originWallMs, answered),
    packets: {
      callerPackets: packets.filter(({ channel }) => channel === 'caller').length,
      agentPackets: packets.filter(({ channel }) => channel === 'agent').length,
    },
    fill(records, absent) {
      const within = (atMs: number, marginMs: number): boolean =>
        absent.some(({ from, to }) => atMs >= from - marginMs && atMs < to + marginMs);
      const ours = records.filter((record) => record.kind !== 'packet' || !within(record.atMs, 0));
      // A packet that the relay received just before the recorder went away had not reached the recorder. When the copies carry the same
      // streams, some packets are taken twice and end up in the same place.
      const marginMs = sameStreams(records, packets) ? EDGE_MS : 0;
      const theirs = packets.flatMap(({ placeMs, ...one }): SpoolRecord[] =>
        within(placeMs, marginMs) ? [{ kind: 'packet', ...one, atMs: placeMs }] : [],
      );
      return [...ours, ...theirs].sort((a, b) => a.atMs - b.atMs);
    },
  };
}

/**
 * The relay begins its capture with the offer and ends it with the call, so it was running at the answer and at the end, and whenever it
 * has packets. The moment before a caller's first packet therefore has a witness too.
 */
function witnessOf(captured: readonly CapturedDatagram[], originWallMs: number, answered: Interval): Interval[] {
  const seen = captured.map(({ atMs }) => ({ from: atMs - originWallMs, to: atMs - originWallMs + PACKET_MS }));
  const ends = [
    { from: answered.from, to: answered.from + 1 },
    { from: answered.to - 1, to: answered.to },
  ];
  return clip(union([...seen, ...ends], WITNESS_BRIDGE_MS), answered);
}

function sameStreams(records: readonly SpoolRecord[], packets: readonly { readonly packet: Uint8Array }[]): boolean {
  const ssrcOf = (packet: Uint8Array): number | undefined => parseRtp(packet)?.ssrc;
  const theirs = new Set(packets.map(({ packet }) => ssrcOf(packet)));
  const ours = new Set(records.flatMap((record) => (record.kind === 'packet' ? [ssrcOf(record.packet)] : [])));
  return ours.size > 0 && [...ours].every((ssrc) => theirs.has(ssrc));
}
