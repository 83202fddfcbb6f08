import { factKinds, type FactKind } from '../shared/domain/figures/filters.js';
import type { Reads } from '../shared/records/reads.js';
import { OF_SERVICE } from '../shared/domain/figures/facts.js';
import { isPerson } from '../shared/domain/proof.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';
import type { StoredAgentState } from '../shared/records/agent-state.js';
import type { StoredCall } from '../shared/records/call.js';
import type { FactSink, ReportedState } from './fold.js';
import { chunksOf } from './lists/list-reads.js';
import type { Span } from './report.js';
import { resultsOf } from './results.js';

/** A call that begins this long before the period may have a handling in it, and its wrap-up may end this long after it. */
export const LONGEST_CALL_MS = 12 * 3_600_000;
/** The number of agents whose states are queried at once. */
const AGENTS_AT_ONCE = 100;

export type FactReads = Pick<Reads, 'accounts' | 'agentStates' | 'calls' | 'contacts' | 'serviceNumbers' | 'visits'>;

const STATE_FIELDS = ['agentId', 'at', 'untilAt', 'state', 'callId', 'reason'] as const;

export interface FactQuestion extends Span {
  readonly nowMs: number;
  readonly withResults: boolean;
  /** Facts of other kinds are not read. */
  readonly kinds?: readonly FactKind[];
  /** Whose states are read; those of all agents when none are named. */
  readonly agentIds?: readonly AgentId[] | undefined;
  /** Leaves out visits early; the sink decides which ones count. */
  readonly visitFilter?: object;
  /** The same for calls. */
  readonly callFilter?: object;
}

/**
 * Passes everything of a period to a sink; the results of calls, which visits hold anyway, only on request. `onBatch` is called between batches, so that an overflow
 * can be stopped.
 */
export async function readFacts(
  reads: FactReads,
  { fromMs, untilMs, nowMs, withResults, kinds = factKinds, agentIds, visitFilter = {}, callFilter = {} }: FactQuestion,
  sink: FactSink,
  onBatch: () => void = () => undefined,
): Promise<void> {
  const [start, end] = [new Date(fromMs), new Date(untilMs)];
  // A handling includes its wrap-up.
  if (kinds.includes('state') || kinds.includes('handling'))
    for await (const states of statesOf(reads, { fromMs, untilMs, nowMs, agentIds })) for (const state of states) sink.addState(state);
  const visits = reads.visits.batches(
    { enteredAt: { $gte: start, $lt: end }, ...OF_SERVICE, $and: [visitFilter] },
    {
      fields: [
        'callId',
        'queueId',
        'enteredAt',
        'waitMs',
        'outcome',
        'agentId',
        'thresholdMs',
        'called',
        'trunkId',
        'clientUnit',
        'result',
      ],
    },
  );
  if (kinds.includes('visit'))
    for await (const batch of visits) {
      for (const visit of batch) sink.addVisit(visit);
      onBatch();
    }
  if (!kinds.some((kind) => kind === 'handling' || kind === 'leg' || kind === 'call')) return;
  const numbers = await reads.serviceNumbers.find({}, { fields: ['clientUnit'] });
  const unitOf = new Map(numbers.map(({ _id, clientUnit }) => [_id, clientUnit]));
  const calls = reads.calls.batches(
    {
      invitedAt: { $gte: new Date(fromMs - LONGEST_CALL_MS), $lt: end },
      class: 'service',
      $and: [callFilter],
    },
    {
      fields: ['direction', 'invitedAt', 'answeredAt', 'noticeEndedAt', 'segments', 'dialled', 'called', 'trunkId', 'queueId', 'media'],
    },
  );
  for await (const batch of calls) {
    const results = withResults
      ? await resultsOf(
          reads,
          batch.map(({ _id }) => _id),
        )
      : undefined;
    const histories = await historiesOf(
      reads,
      batch.map(({ _id }) => _id),
    );
    for (const call of batch) {
      const history = histories.get(call._id);
      sink.addCall(history === undefined ? call : { ...call, history }, unitOf.get(call.called), results?.get(call._id)?.result);
    }
    onBatch();
  }
}

/** The histories of those calls in which somebody was transferred: of most calls nothing else of the history is needed. */
async function historiesOf({ calls }: Pick<FactReads, 'calls'>, callIds: readonly CallId[]): Promise<Map<CallId, StoredCall['history']>> {
  const found = new Map<CallId, StoredCall['history']>();
  for (const ids of chunksOf(callIds))
    for (const { _id, history } of await calls.find({ _id: { $in: ids }, 'history.what': 'transferred' }, { fields: ['history'] }))
      found.set(_id, history);
  return found;
}

/** A state with the reason for which it was entered. */
export type ReasonedState = ReportedState & Pick<StoredAgentState, 'reason'>;

/**
 * The states within a period, and the wrap-ups of calls that began in it. By agent, because the index of states begins with the agent: by
 * time alone the store would read all earlier states.
 */
export async function* statesOf(
  { accounts, agentStates }: Pick<FactReads, 'accounts' | 'agentStates'>,
  { fromMs, untilMs, nowMs, agentIds }: Pick<FactQuestion, 'fromMs' | 'untilMs' | 'nowMs' | 'agentIds'>,
): AsyncIterable<readonly ReasonedState[]> {
  const agents = agentIds ?? (await accounts.find({}, { fields: [] })).map(({ _id }) => _id).filter(isPerson);
  const lastMs = untilMs + LONGEST_CALL_MS;
  for (let place = 0; place < agents.length; place += AGENTS_AT_ONCE) {
    const some = agents.slice(place, place + AGENTS_AT_ONCE);
    const ended = { agentId: { $in: some }, untilAt: { $gt: new Date(fromMs), $lte: new Date(lastMs) } };
    yield* agentStates.batches(ended, { fields: STATE_FIELDS });
    yield await agentStates.find({ agentId: { $in: some }, untilAt: null }, { fields: STATE_FIELDS });
  }
  if (lastMs >= nowMs) return;
  // For a state that lasted over the whole period and longer: each agent's first state that ended afterwards.
  for (const agentId of agents)
    yield await agentStates.find({ agentId, untilAt: { $gt: new Date(lastMs) } }, { fields: STATE_FIELDS, sort: { untilAt: 1 }, limit: 1 });
}
