import type { Segment, StoredCall } from '../../shared/records/call.js';
import type { Mark } from '../machine/call.js';
import type { AgentId } from '../../shared/domain/ids.js';

type Kind = Segment['kind'];
interface Part {
  readonly fromMs: number;
  readonly toMs: number;
}
interface AskedPart extends Part {
  readonly agentId: AgentId;
}

/**
 * What agents did in an ended call, in order of time. An agent's unbroken time with the caller is a handling. It is divided into talk,
 * conference, hold and consultation without a gap, so that the parts add up to it. Rings, and the time of consulted agents, are listed
 * beside the handlings.
 */
export function segmentsOf(
  { offers, talks, holds, visits, history }: Pick<StoredCall, 'offers' | 'talks' | 'holds' | 'visits' | 'history'>,
  endedAtMs: number,
): Segment[] {
  const asked = consultationsOf(history, endedAtMs);
  const held = holds.map(partOf);
  const queueAt = (atMs: number): string | undefined => visits.findLast(({ fromMs }) => fromMs <= atMs)?.queueId;
  const segment = (agentId: AgentId, kind: Kind, part: Part, handling?: number): Segment => {
    const queueId = queueAt(part.fromMs);
    const of = { ...(handling === undefined ? {} : { handling }), ...(queueId === undefined ? {} : { queueId }) };
    return { agentId, kind, fromMs: part.fromMs, toMs: part.toMs, ...of };
  };
  const rings = offers.map(({ agentId, at, endedAt }) =>
    segment(agentId, 'ring', { fromMs: at.getTime(), toMs: Math.max(at.getTime(), endedAt?.getTime() ?? endedAtMs) }),
  );
  const handlings = talks.flatMap((talk, place) => {
    const others = talks.filter((other) => other.agentId !== talk.agentId).map(partOf);
    const whole = partOf(talk);
    const kindAt = (atMs: number): Kind => {
      const within = (part: Part): boolean => part.fromMs <= atMs && atMs < part.toMs;
      if (asked.some(({ asking }) => within(asking))) return 'consult';
      if (held.some(within)) return 'hold';
      return others.some(within) ? 'conference' : 'talk';
    };
    const edges = [...held, ...others, ...asked.map(({ asking }) => asking)].flatMap(({ fromMs, toMs }) => [fromMs, toMs]);
    return cut(whole, edges).map((part) => segment(talk.agentId, kindAt(part.fromMs), part, place + 1));
  });
  const consulted = asked.flatMap(({ by }) => by).map((part) => segment(part.agentId, 'consult', part));
  return [...rings, ...merged(handlings), ...consulted].sort((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs);
}

const partOf = ({ from, to }: { readonly from: Date; readonly to: Date }): Part => ({
  fromMs: from.getTime(),
  toMs: Math.max(from.getTime(), to.getTime()),
});

/** Cuts a part at these edges. */
function cut({ fromMs, toMs }: Part, edges: readonly number[]): Part[] {
  const inner = [...new Set(edges.filter((edge) => edge > fromMs && edge < toMs))].sort((a, b) => a - b);
  const starts = [fromMs, ...inner];
  return starts.map((start, i) => ({ fromMs: start, toMs: starts[i + 1] ?? toMs }));
}

/** Joins adjacent parts of one handling and one kind. */
function merged(segments: readonly Segment[]): Segment[] {
  const all: Segment[] = [];
  for (const segment of segments) {
    const last = all.at(-1);
    if (last?.handling === segment.handling && last?.kind === segment.kind && last.toMs === segment.fromMs)
      all[all.length - 1] = { ...last, toMs: segment.toMs };
    else all.push(segment);
  }
  return all;
}

interface Consultation {
  /** The caller waits during this part. */
  readonly asking: Part;
  /** The consulted agent, from the answer on. */
  readonly by: readonly AskedPart[];
}

/** From the request to its end: cancelled, completed as a transfer, or joined. */
function consultationsOf(history: readonly Mark[], endedAtMs: number): Consultation[] {
  return history.flatMap((mark, place) => {
    if (mark.what !== 'consulting') return [];
    const end = history.slice(place + 1).find(endsConsultation);
    const asking = { fromMs: mark.atMs, toMs: Math.max(mark.atMs, end?.atMs ?? endedAtMs) };
    const answers = history.slice(place + 1).filter(({ what, atMs }) => what === 'consult-answered' && atMs <= asking.toMs);
    return [
      { asking, by: answers.flatMap(({ agentId, atMs }) => (agentId === undefined ? [] : [{ agentId, fromMs: atMs, toMs: asking.toMs }])) },
    ];
  });
}

const endsConsultation = ({ what, detail }: Mark): boolean =>
  what === 'consult-ended' ||
  what === 'transferred' ||
  what === 'agent-left' ||
  what === 'parked' ||
  what === 'ended' ||
  (what === 'party-joined' && detail === 'conference');
