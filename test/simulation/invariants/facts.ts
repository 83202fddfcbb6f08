import type { CallRecord } from '../../../services/calls/records/record.js';
import { countVisit, zeroFacts } from '../../../services/shared/domain/figures/count.js';
import { figureOf, type FigureKey } from '../../../services/shared/domain/figures/registry.js';
import type { World } from '../world.js';
import type { Invariant } from './invariant.js';

const ABANDONED = ['abandoned-in-queue', 'abandoned-ringing'];

/** Visits account for every caller of a queue, and agree with the history of the call; what agents did adds up to their time in it. */
export function factsInvariant(world: World): Invariant {
  const name = 'facts';
  const { stores } = world;
  /** How often a visit was published as over, by its id. */
  const ended = new Map<string, number>();
  const entered = new Map<string, string>();
  /** By id: the queue of each visit of which anything was published. */
  const queueOf = new Map<string, string>();
  const answers = new Set<string>();
  world.bus.witnesses.push((event, { visitId, callId, queueId, agentId }) => {
    if (event === 'call.connected') answers.add(`${String(callId)}/${String(agentId)}`);
    if (typeof visitId !== 'string' || typeof callId !== 'string') return;
    if (event === 'call.queued' || event === 'call.visit-ended') queueOf.set(visitId, String(queueId));
    if (event === 'call.queued') entered.set(visitId, callId);
    if (event === 'call.visit-ended') ended.set(visitId, (ended.get(visitId) ?? 0) + 1);
  });
  const fail = (text: string, callId: string): void => world.fail(name, `${callId}: ${text}`, [callId]);
  /** What a dead process had published but not stored is published again by the next. */
  const mayRepeat = (): boolean => world.profile.faults.telephony > 0;

  function judgeVisits({ callId, visits, history, cause, endedAt }: CallRecord): void {
    visits.forEach((visit, place) => {
      const before = visits[place - 1];
      if (visit.place !== place + 1) fail(`visit ${place + 1} is called ${visit.place}`, callId);
      if (visit.waitMs !== visit.toMs - visit.fromMs) fail(`visit ${visit.place} waits ${visit.waitMs} ms and lasts another time`, callId);
      if (before !== undefined && before.toMs > visit.fromMs) fail(`visit ${visit.place} begins before the one before ends`, callId);
      const answers = history.some((mark) => mark.what === 'agent-answered' && mark.atMs === visit.toMs && mark.agentId === visit.agentId);
      if ((visit.outcome === 'answered') !== (visit.agentId !== undefined && answers))
        fail(`visit ${visit.place} ends as ${visit.outcome} and the history says otherwise`, callId);
    });
    for (const mark of history)
      if (
        mark.what === 'queued' &&
        !visits.some(({ queueId, fromMs, toMs }) => queueId === mark.queueId && fromMs <= mark.atMs && mark.atMs <= toMs)
      )
        fail(`was queued in ${mark.queueId ?? ''} at ${mark.atMs} and no visit says so`, callId);
    const last = visits.at(-1);
    if (last?.outcome === 'abandoned' && !ABANDONED.includes(cause)) fail(`has abandoned the queue and ended as ${cause}`, callId);
    if (last?.toMs === endedAt.getTime() && ABANDONED.includes(cause) && last.outcome !== 'abandoned')
      fail(`ended as ${cause} and its visit as ${last.outcome}`, callId);
  }

  function judgeSegments({ callId, segments, talks }: CallRecord): void {
    talks.forEach((talk, place) => {
      const parts = segments.filter(({ handling }) => handling === place + 1);
      const lasts = parts.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
      if (lasts !== talk.to.getTime() - talk.from.getTime()) fail(`the parts of handling ${place + 1} do not add up to it`, callId);
      if (parts.some(({ agentId }) => agentId !== talk.agentId)) fail(`handling ${place + 1} is of two agents`, callId);
      parts.forEach(({ fromMs }, at) => {
        const before = parts[at - 1];
        if (before !== undefined && before.toMs !== fromMs) fail(`handling ${place + 1} has a gap or an overlap`, callId);
      });
    });
  }

  /**
   * Compares what the registry makes of a queue's rows with what was published of the visits, including outbound calls moved to the queue.
   */
  function judgeFigures(queueId: string): void {
    const rows = [...stores.visits.values()].filter((row) => row.queueId === queueId);
    const count = zeroFacts();
    for (const row of rows) countVisit(count, row);
    const shown = (key: FigureKey): number => figureOf(key, count).numerator;
    const [q, ...parts] = (['entered', 'answered', 'abandoned', 'overflowed', 'callbacks', 'lost', 'waiting'] as const).map(shown);
    if (parts.reduce((a, b) => a + b, 0) !== q) world.fail(name, `${queueId}: Q is ${q} and its parts are ${parts.join(' + ')}`);
    const began = [...queueOf].filter(([, of]) => of === queueId).map(([visitId]) => visitId);
    const missing = began.filter((visitId) => !stores.visits.has(visitId));
    if (missing.length > 0 || q !== began.length)
      world.fail(name, `${queueId}: ${began.length} visits began and Q is ${q}; no row of ${missing.join(', ')}`);
    for (const { callId, agentId, outcome } of rows)
      if (outcome === 'answered' && !mayRepeat() && !answers.has(`${callId}/${agentId ?? ''}`))
        fail(`counts as answered by ${agentId ?? 'nobody'} in ${queueId}, who was never connected`, callId);
  }

  return {
    name,
    sentence:
      'docs/adr/0031-facts-and-figures.md, Q = H + A + F + C + L + W: of the callers of a queue each was answered, gave up, was sent on, asked for a callback, was lost, or still waits; talk, hold and consultation add up to the handling.',
    end() {
      for (const record of stores.records.values()) {
        judgeVisits(record);
        judgeSegments(record);
        for (const { place, queueId, outcome, waitMs } of record.visits) {
          const row = stores.visits.get(`${record.callId}-${place}`);
          if (row?.queueId !== queueId || row.outcome !== outcome || row.waitMs !== waitMs)
            fail(`the row of visit ${place} is ${row?.outcome ?? 'not there'} and the record says ${outcome}`, record.callId);
        }
      }
      for (const [visitId, callId] of entered) {
        const ends = ended.get(visitId) ?? 0;
        const isOver = stores.records.has(callId);
        if (isOver && ends === 0) fail(`visit ${visitId} never ended`, callId);
        if (ends > 1 && !mayRepeat()) fail(`visit ${visitId} ended ${ends} times`, callId);
      }
      for (const queueId of stores.queues.keys()) judgeFigures(queueId);
    },
  };
}
