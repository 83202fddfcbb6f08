import { DateTime } from 'luxon';
import { PROOF_AGENT } from '../../../shared/domain/proof.js';
import type { Reads } from '../../../shared/records/reads.js';
import type { StoredRows, Stretch } from '../../ports.js';
import type { AnswerRow, CaseRow, TurnRow } from '../../quality/witness-row.js';

export type WitnessReads = Pick<Reads, 'agentStates' | 'complaints' | 'surveyAnswers'>;
type WitnessRows = Pick<StoredRows, 'turns' | 'answers' | 'cases'>;
type WitnessQueries = Readonly<Record<keyof WitnessRows, (stretch: Stretch) => string>>;

const stateFields = ['agentId', 'at', 'untilAt', 'state'] as const;
const answerFields = ['surveyId', 'at', 'score', 'solved', 'corrects', 'by'] as const;
const caseFields = ['number', 'receivedAt', 'source', 'joinedInto', 'clocks', 'actions'] as const;
type StoredCase = NonNullable<Awaited<ReturnType<WitnessReads['complaints']['one']>>>;

/** The days of the site in a period: states are sealed by day. */
function* daysOf({ fromMs, untilMs }: Stretch, zone: string): Generator<{ readonly from: Date; readonly to: Date }> {
  for (let day = DateTime.fromMillis(fromMs, { zone }).startOf('day'); day.toMillis() < untilMs; day = day.plus({ days: 1 }))
    yield { from: day.toJSDate(), to: day.plus({ days: 1 }).toJSDate() };
}

/** The rows that fix states, answers and complaints, from the slices that own them. */
export function createWitnessRows({ agentStates, complaints, surveyAnswers }: WitnessReads, zone: string): WitnessRows {
  return {
    async *turns(stretch) {
      for (const { from, to } of daysOf(stretch, zone)) {
        const began = { at: { $gte: from, $lt: to }, agentId: { $ne: PROOF_AGENT }, $or: [{ untilAt: { $gte: to } }, { untilAt: null }] };
        for await (const batch of agentStates.batches(began, { fields: stateFields, sort: { at: 1 } }))
          yield batch.map((each): TurnRow => turnOf(each, 'began', each.at));
        const ended = { untilAt: { $gte: from, $lt: to }, at: { $lt: from }, agentId: { $ne: PROOF_AGENT } };
        for await (const batch of agentStates.batches(ended, { fields: stateFields, sort: { untilAt: 1 } }))
          yield batch.flatMap((each): TurnRow[] => (each.untilAt === undefined ? [] : [turnOf(each, 'ended', each.untilAt)]));
      }
    },
    async *answers({ fromMs, untilMs }) {
      const within = { at: { $gte: new Date(fromMs), $lt: new Date(untilMs) } };
      for await (const batch of surveyAnswers.batches(within, { fields: answerFields, sort: { at: 1 } }))
        yield batch.map(({ _id, surveyId, at, score, solved, corrects = '', by }): AnswerRow => ({
          ...{ answerId: _id, surveyId, atMs: at.getTime() },
          ...(score === null ? {} : { score }),
          ...(solved === null ? {} : { solved }),
          ...{ corrects, by: by === 'caller' ? 'caller' : 'house' },
        }));
    },
    async *cases({ fromMs, untilMs }) {
      const within = { $gte: new Date(fromMs), $lt: new Date(untilMs) };
      const touched = {
        receivedAt: { $lt: new Date(untilMs) },
        $or: [{ 'actions.at': within }, { 'clocks.startedAt': within }, { receivedAt: within }],
      };
      for await (const batch of complaints.batches(touched, { fields: caseFields, sort: { receivedAt: 1 } }))
        yield batch.map(caseOf).filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
    },
  };
}

const turnOf = (
  { _id, agentId, at, state }: { readonly _id: string; readonly agentId: TurnRow['agentId']; readonly at: Date; readonly state: string },
  what: TurnRow['what'],
  moment: Date,
): TurnRow => ({ turnId: `${_id}/${what}`, agentId, atMs: moment.getTime(), what, state, fromMs: at.getTime() });

export function caseOf({
  number,
  receivedAt,
  source,
  joinedInto = '',
  clocks,
  actions,
}: Pick<StoredCase, Exclude<(typeof caseFields)[number], never>>): CaseRow {
  // As the start of its first clock, so that both are of the same day.
  const recorded = actions.find(({ what }) => what === 'opened')?.at ?? clocks[0]?.startedAt ?? receivedAt;
  return { number, atMs: recorded.getTime(), receivedAtMs: receivedAt.getTime(), source, joinedInto };
}

/** The queries of these rows, as text that can be run again. */
export function witnessQueries({ agentStates, complaints, surveyAnswers }: WitnessReads): WitnessQueries {
  const stretchOf = ({ fromMs, untilMs }: Stretch): string =>
    `{$gte: ISODate("${new Date(fromMs).toISOString()}"), $lt: ISODate("${new Date(untilMs).toISOString()}")}`;
  return {
    turns: (stretch) =>
      `db.${agentStates.collection}.find({$or: [{at: ${stretchOf(stretch)}}, {untilAt: ${stretchOf(stretch)}}], agentId: {$ne: "${PROOF_AGENT}"}})`,
    answers: (stretch) => `db.${surveyAnswers.collection}.find({at: ${stretchOf(stretch)}}).sort({at: 1})`,
    cases: (stretch) =>
      `db.${complaints.collection}.find({$or: [{"actions.at": ${stretchOf(stretch)}}, {"clocks.startedAt": ${stretchOf(stretch)}}, {receivedAt: ${stretchOf(stretch)}}]})`,
  };
}
