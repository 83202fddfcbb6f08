import type { Connection } from 'mongoose';
import { PROOF_NUMBER } from '../../shared/domain/proof.js';
import type { NumberHash } from '../../shared/platform/number-hash.js';

/** Everything that an inspector sees of one call on one screen (item 84). */
export interface InspectedCall {
  readonly call: Readonly<Record<string, unknown>>;
  readonly decisions: readonly Readonly<Record<string, unknown>>[];
  readonly recording: Readonly<Record<string, unknown>> | null;
  readonly survey: Readonly<Record<string, unknown>> | null;
  readonly complaints: readonly Readonly<Record<string, unknown>>[];
}

export interface InspectorReader {
  /** Calls of a day by the whole number of the caller or of ours that was called, or by the last four digits as they are shown. At most 50. */
  find(
    number: string,
    fromMs: number,
    untilMs: number,
  ): Promise<
    {
      readonly callId: string;
      readonly at: Date;
      readonly direction: 'inbound' | 'outbound';
      readonly callerMasked: string;
      readonly called: string;
      readonly cause: string;
    }[]
  >;
  /** The n-th of the answered calls of a stretch, and how many there are. */
  nth(
    fromMs: number,
    untilMs: number,
    choose: (count: number) => number,
  ): Promise<{ readonly callId: string | undefined; readonly count: number }>;
  show(callId: string): Promise<InspectedCall | undefined>;
}

const shownOfCall = {
  callerMasked: 1,
  called: 1,
  direction: 1,
  trunkId: 1,
  queueId: 1,
  agentId: 1,
  invitedAt: 1,
  answeredAt: 1,
  noticeId: 1,
  noticeStartedAt: 1,
  noticeEndedAt: 1,
  queuedAt: 1,
  agentAnsweredAt: 1,
  endedAt: 1,
  cause: 1,
  by: 1,
  ledgerNumber: 1,
  offers: 1,
  talks: 1,
  holds: 1,
  pauses: 1,
  media: 1,
  choices: 1,
} as const;

/** Of a number as it is shown. */
const VISIBLE_DIGITS = 4;

export function createInspectorReader(mongo: Connection, hashNumber: NumberHash): InspectorReader {
  /** Never an ending of the whole number of a caller: its digits could be guessed one after the other. */
  const numberIs = (number: string): object[] => {
    if (number.length !== VISIBLE_DIGITS) {
      const callerHash = hashNumber(number);
      return [{ called: number }, ...(callerHash === undefined ? [] : [{ callerHash }])];
    }
    const ending = { $regex: `${number}$` };
    return [{ callerMasked: ending }, { called: ending }];
  };
  const calls = mongo.collection<{ _id: string; [field: string]: unknown }>('calls');
  const within = (fromMs: number, untilMs: number): object => ({ invitedAt: { $gte: new Date(fromMs), $lt: new Date(untilMs) } });
  return {
    async find(number, fromMs, untilMs) {
      const found = await calls
        .find(
          { ...within(fromMs, untilMs), $or: numberIs(number) },
          { projection: { direction: 1, callerMasked: 1, called: 1, invitedAt: 1, cause: 1 }, sort: { invitedAt: 1 }, limit: 50 },
        )
        .toArray();
      return found.map(({ _id, invitedAt, direction, callerMasked, called, cause }) => ({
        callId: _id,
        at: invitedAt as Date,
        direction: direction === 'outbound' ? 'outbound' : 'inbound',
        callerMasked: callerMasked as string,
        called: called as string,
        cause: cause as string,
      }));
    },
    async nth(fromMs, untilMs, choose) {
      // On a quiet day nearly every call is a proof call: what is drawn is a call of a person.
      const filter = { ...within(fromMs, untilMs), called: { $ne: PROOF_NUMBER }, answeredAt: { $ne: null } } as object;
      const count = await calls.countDocuments(filter);
      if (count === 0) return { callId: undefined, count };
      const [found] = await calls
        .find(filter, { projection: { _id: 1 }, sort: { invitedAt: 1, _id: 1 }, skip: choose(count), limit: 1 })
        .toArray();
      return { callId: found?._id, count };
    },
    async show(callId) {
      const call = await calls.findOne({ _id: callId }, { projection: shownOfCall });
      if (call === null) return undefined;
      const loose = (name: string) => mongo.collection<{ _id: string; [field: string]: unknown }>(name);
      const [decisions, recording, survey, complaints] = await Promise.all([
        loose('routing_decisions')
          .find({ callId }, { sort: { at: 1 }, limit: 20 })
          .toArray(),
        loose('recordings').findOne(
          { _id: callId },
          { projection: { sha256: 1, durationMs: 1, sizeBytes: 1, startedAt: 1, gaps: 1, holds: 1, keepUntil: 1, deletion: 1 } },
        ),
        loose('surveys').findOne({ callId }),
        loose('complaints')
          .find({ callIds: callId }, { projection: { number: 1, kind: 1, state: 1, receivedAt: 1, answers: 1, closedAt: 1 }, limit: 20 })
          .toArray(),
      ]);
      const answer = survey === null ? null : await loose('survey_answers').findOne({ surveyId: survey._id }, { sort: { at: -1 } });
      return { call, decisions, recording, survey: survey === null ? null : { ...survey, answer }, complaints };
    },
  };
}
