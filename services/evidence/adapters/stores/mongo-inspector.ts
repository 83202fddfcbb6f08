import { PROOF_NUMBER } from '../../../shared/domain/proof.js';
import type { NumberHash } from '../../../shared/platform/reach/number-hash.js';
import type { Reads } from '../../../shared/records/reads.js';
import type { CallId } from '../../../shared/domain/ids.js';

/** Everything that an inspector sees of one call on one screen (item 84). */
export interface InspectedCall {
  readonly call: Readonly<Record<string, unknown>>;
  readonly decisions: readonly Readonly<Record<string, unknown>>[];
  readonly recording: Readonly<Record<string, unknown>> | null;
  readonly survey: Readonly<Record<string, unknown>> | null;
  readonly complaints: readonly Readonly<Record<string, unknown>>[];
}

export interface InspectorReader {
  /** Calls of a day by the full number of the caller or of our called number, or by the last four visible digits. At most 50. */
  find(
    number: string,
    fromMs: number,
    untilMs: number,
  ): Promise<
    {
      readonly callId: CallId;
      readonly at: Date;
      readonly direction: 'inbound' | 'outbound';
      readonly callerMasked: string;
      readonly called: string;
      readonly cause: string;
    }[]
  >;
  /** The n-th answered call of a period, and the total. */
  nth(
    fromMs: number,
    untilMs: number,
    choose: (count: number) => number,
  ): Promise<{ readonly callId: CallId | undefined; readonly count: number }>;
  show(callId: CallId): Promise<InspectedCall | undefined>;
}

const shownOfCall = [
  'callerMasked',
  'called',
  'direction',
  'trunkId',
  'queueId',
  'agentId',
  'invitedAt',
  'answeredAt',
  'noticeId',
  'noticeStartedAt',
  'noticeEndedAt',
  'queuedAt',
  'agentAnsweredAt',
  'endedAt',
  'cause',
  'by',
  'ledgerNumber',
  'offers',
  'talks',
  'holds',
  'pauses',
  'media',
  'choices',
] as const;

const VISIBLE_DIGITS = 4;

export type InspectorReads = Pick<Reads, 'calls' | 'recordings' | 'surveys' | 'surveyAnswers' | 'complaints' | 'decisionsOf'>;

export function createInspectorReader(reads: InspectorReads, hashNumber: NumberHash): InspectorReader {
  const { calls } = reads;
  /** Never a suffix of a caller's full number, because its digits could be guessed one after the other. */
  const numberIs = (number: string): object[] => {
    if (number.length !== VISIBLE_DIGITS) {
      const callerHash = hashNumber(number);
      return [{ called: number }, ...(callerHash === undefined ? [] : [{ callerHash }])];
    }
    const ending = { $regex: `${number}$` };
    return [{ callerMasked: ending }, { called: ending }];
  };
  const within = (fromMs: number, untilMs: number) => ({ invitedAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) } });
  return {
    async find(number, fromMs, untilMs) {
      const found = await calls.find(
        { ...within(fromMs, untilMs), $or: numberIs(number) },
        { fields: ['direction', 'callerMasked', 'called', 'invitedAt', 'cause'], sort: { invitedAt: 1 }, limit: 50 },
      );
      return found.map(({ _id, invitedAt, direction, callerMasked, called, cause }) => ({
        callId: _id,
        at: invitedAt,
        direction,
        callerMasked,
        called,
        cause,
      }));
    },
    async nth(fromMs, untilMs, choose) {
      // On a quiet day nearly every call is a test call. Only calls from people are drawn.
      const filter = { ...within(fromMs, untilMs), called: { $ne: PROOF_NUMBER }, answeredAt: { $ne: null } };
      const count = await calls.count(filter);
      if (count === 0) return { callId: undefined, count };
      const [found] = await calls.find(filter, { fields: [], sort: { invitedAt: 1, _id: 1 }, skip: choose(count), limit: 1 });
      return { callId: found?._id, count };
    },
    async show(callId) {
      const call = await calls.one(callId, shownOfCall);
      if (call === undefined) return undefined;
      const [decisions, recording, [survey], complaints] = await Promise.all([
        reads.decisionsOf(callId),
        reads.recordings.one(callId, ['sha256', 'durationMs', 'sizeBytes', 'startedAt', 'gaps', 'holds', 'keepUntil', 'deletion']),
        reads.surveys.find({ callId }, { fields: ['callId', 'at', 'method', 'language', 'queueId', 'agentId', 'called'], limit: 1 }),
        reads.complaints.find({ callIds: callId }, { fields: ['number', 'kind', 'state', 'receivedAt', 'answers', 'closedAt'], limit: 20 }),
      ]);
      const [answer] =
        survey === undefined
          ? []
          : await reads.surveyAnswers.find(
              { surveyId: survey._id },
              { fields: ['surveyId', 'at', 'score', 'solved', 'corrects', 'by', 'reason'], sort: { at: -1 }, limit: 1 },
            );
      return {
        call,
        decisions,
        recording: recording ?? null,
        survey: survey === undefined ? null : { ...survey, answer: answer ?? null },
        complaints,
      };
    },
  };
}
