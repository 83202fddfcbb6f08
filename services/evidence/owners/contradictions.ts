import type { StoredAgentState } from '../../shared/records/agent-state.js';
import type { StoredCall } from '../../shared/records/call.js';
import type { StoredVisit } from '../../shared/records/visit.js';
import type { CallId } from '../../shared/domain/ids.js';
import type { Words } from '../../shared/domain/language.js';

/** What the ledger says of a call. Times are UTC, ISO 8601. */
export interface LedgerWord {
  readonly callId: CallId;
  readonly state: string;
  readonly answeredAt?: string;
  readonly endedAt?: string;
}

/** A call in its own record. */
export type OwnRecord = Pick<
  StoredCall,
  '_id' | 'direction' | 'class' | 'invitedAt' | 'answeredAt' | 'endedAt' | 'agentIds' | 'talks' | 'visits'
>;

/** What others wrote down of a call. */
export interface OtherOwners {
  /** The states of agents in this call. */
  readonly onCall: readonly (Pick<StoredAgentState, 'agentId' | 'at'> & { readonly untilAt?: Date | undefined })[];
  /** Whether any state was kept at that time: older data has none. */
  readonly isStateKept: boolean;
  /** Routing's rows of its visits to queues. */
  readonly visits: readonly Partial<Pick<StoredVisit, 'outcome' | 'waitMs' | 'agentId'>>[];
  readonly recording?: {
    readonly startedAt: string;
    readonly durationMs: number;
    readonly agentIds: readonly string[];
    readonly isKnown: boolean;
  };
  readonly ledger?: LedgerWord;
}

/** By how much two owners may differ: machines have clocks of their own. */
const AGREE_MS = 10_000;
/** An end is noted by whoever notices it first. */
const ENDED_WITHIN_MS = 120_000;

const far = (a: Date | undefined, text: string | undefined, ms: number): boolean =>
  a !== undefined && text !== undefined && Math.abs(a.getTime() - Date.parse(text)) > ms;

/** Each place where the record of a call contradicts what another owner wrote down, in words. Pure. */
export function contradictionsOf(call: OwnRecord, { onCall, isStateKept, visits, recording, ledger }: OtherOwners): Words[] {
  const found: Words[] = [];
  const differs = (zh: string, en: string): void => void found.push({ zh, en });
  const { answeredAt, endedAt, talks } = call;
  const [talker] = talks;
  const isAlone = talks.length === 1;
  if (call.class !== 'test' && call.direction === 'inbound' && talker !== undefined && isStateKept) {
    const sawIt = onCall.some(
      ({ agentId, at, untilAt }) =>
        (!isAlone || agentId === talker.agentId) &&
        at.getTime() < talker.to.getTime() + AGREE_MS &&
        (untilAt === undefined || untilAt.getTime() > talker.from.getTime() - AGREE_MS),
    );
    if (!sawIt)
      differs(
        '通话记录为坐席接听，而坐席状态中当时没有坐席在通话',
        'its record says that an agent answered it, and no agent was in it by their states',
      );
  }
  // Whoever calls out is in the call from the dialling on, also when nobody answers.
  if (call.class !== 'test' && call.direction === 'inbound' && talks.length === 0 && call.agentIds.length === 0 && onCall.length > 0)
    differs('坐席状态中有坐席在通话，而通话记录为无人接听', 'an agent was in it by their states, and its record says that nobody answered');
  const [ours, theirs] = [outcomesIn(call.visits), outcomesIn(visits)];
  if (theirs !== '' && ours !== theirs)
    differs(
      `通话记录中的排队经过为 ${ours || '空'}，排队与路由的记录为 ${theirs}`,
      `its record says of its visits to queues ${ours || 'nothing'}, and routing says ${theirs}`,
    );
  if (recording !== undefined) {
    const from = Date.parse(recording.startedAt);
    if (answeredAt === undefined)
      differs('有录音，而通话记录为从未应答', 'it was recorded, and its record says that it was never answered');
    else if (from < answeredAt.getTime() - AGREE_MS || from + recording.durationMs > endedAt.getTime() + ENDED_WITHIN_MS)
      differs('录音的起止时间不在通话时间之内', 'its recording lies outside of it');
    if (recording.isKnown && talker !== undefined && recording.agentIds.length === 0)
      differs('通话记录为坐席接听，而录音记为没有坐席', 'its record says that an agent answered it, and its recording names none');
  }
  if (ledger !== undefined) {
    const isDenied = ledger.state === 'not-answered' && answeredAt !== undefined;
    if (isDenied || far(answeredAt, ledger.answeredAt, AGREE_MS) || far(endedAt, ledger.endedAt, ENDED_WITHIN_MS))
      differs('录音台账所载的应答或结束时间与通话记录不同', 'the recording ledger has other times of it');
  }
  return found;
}

/** How visits ended, and by whose answer; those that are still open say nothing. */
const outcomesIn = (
  visits: readonly { readonly outcome?: string | undefined; readonly waitMs?: number | undefined; readonly agentId?: string | undefined }[],
): string =>
  visits
    .flatMap(({ outcome, waitMs, agentId }) =>
      outcome === undefined ? [] : [[outcome, waitMs, agentId].filter((each) => each !== undefined).join(' ')],
    )
    .sort()
    .join(', ');
