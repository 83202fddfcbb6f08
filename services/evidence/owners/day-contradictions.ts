import { PROOF_NUMBER } from '../../shared/domain/proof.js';
import type { Reads } from '../../shared/records/reads.js';
import type { Words } from '../../shared/domain/language.js';
import type { Stretch } from '../ports.js';
import { contradictionsOf, type LedgerWord } from './contradictions.js';

export type OwnerReads = Pick<Reads, 'calls' | 'agentStates' | 'visits' | 'recordings'>;

/** The record of a call is written when it ends, and its last state ends a moment later. */
const SETTLED_AFTER_MS = 120_000;
const callFields = ['direction', 'class', 'invitedAt', 'answeredAt', 'endedAt', 'agentIds', 'talks', 'visits'] as const;

/** Rows by a key of theirs. */
function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const groups = new Map<Key, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

/**
 * The calls of a day whose record contradicts what other owners wrote down: routing, the agents' states, the recorder and its ledger. Before
 * the day is sealed nothing else shows that one of them was rewritten. One line for each contradiction.
 */
export const createDayContradictions =
  ({ calls, agentStates, visits, recordings }: OwnerReads, now: () => Date = () => new Date()) =>
  async (day: Stretch, ledger: AsyncIterable<LedgerWord>): Promise<readonly Words[]> => {
    const [from, until] = [new Date(day.fromMs), new Date(Math.min(day.untilMs, now().getTime() - SETTLED_AFTER_MS))];
    const words = new Map<string, LedgerWord>();
    for await (const word of ledger) words.set(word.callId, word);
    const isStateKept = (await agentStates.count({ at: { $gte: from, $lt: new Date(day.untilMs) } })) > 0;
    const found: Words[] = [];
    const wanted = { invitedAt: { $gte: from, $lt: until }, called: { $ne: PROOF_NUMBER }, endedAt: { $lt: until } };
    for await (const batch of calls.batches(wanted, { fields: callFields, sort: { invitedAt: 1 } })) {
      const ids = batch.map(({ _id }) => _id);
      const first = new Date(Math.min(...batch.map(({ invitedAt }) => invitedAt.getTime())) - SETTLED_AFTER_MS);
      const last = new Date(Math.max(...batch.map(({ endedAt }) => endedAt.getTime())) + SETTLED_AFTER_MS);
      const [states, rows, kept] = await Promise.all([
        // A state has no index by its call: it is found by its time.
        agentStates.find(
          { at: { $gte: first, $lte: last }, state: 'on-call', callId: { $in: ids } },
          { fields: ['agentId', 'at', 'untilAt', 'callId'] },
        ),
        visits.find({ callId: { $in: ids } }, { fields: ['callId', 'outcome', 'waitMs', 'agentId'] }),
        recordings.find({ _id: { $in: ids } }, { fields: ['startedAt', 'durationMs', 'facets'] }),
      ]);
      const statesOf = grouped(states, ({ callId }) => callId);
      const visitsOf = grouped(rows, ({ callId }) => callId);
      const recordingOf = new Map(kept.map((each) => [each._id, each]));
      for (const call of batch) {
        const recording = recordingOf.get(call._id);
        const ledgerWord = words.get(call._id);
        const said = contradictionsOf(call, {
          ...{ onCall: statesOf.get(call._id) ?? [], isStateKept, visits: visitsOf.get(call._id) ?? [] },
          ...(ledgerWord === undefined ? {} : { ledger: ledgerWord }),
          ...(recording === undefined
            ? {}
            : {
                recording: {
                  ...{ startedAt: recording.startedAt, durationMs: recording.durationMs, agentIds: recording.facets.agentIds },
                  // Empty until the record of the call existed.
                  isKnown: recording.facets.called !== '',
                },
              }),
        });
        found.push(...said.map(({ zh, en }) => ({ zh: `通话 ${call._id}：${zh}`, en: `call ${call._id}: ${en}` })));
      }
    }
    return found;
  };
