import type { CallSoFar } from '../../shared/contracts/calls/ended-call.js';
import type { Live } from '../running/controller.js';
import { listenersIn } from '../machine/listening.js';
import { stateOf } from '../running/live-call.js';
import { recordUntil } from './record.js';

type Told = ReturnType<typeof recordUntil>;

const isoOf = (at: Date | undefined): string | undefined => at?.toISOString();
const timesOf = ({ from, to }: { readonly from: Date; readonly to: Date }): { from: string; to: string } => ({
  from: from.toISOString(),
  to: to.toISOString(),
});

const legOf = ({ numberHash: _hash, number: _number, ...leg }: Told['dialled'][number]): CallSoFar['dialled'][number] => ({
  ...leg,
  emergency: leg.emergency === true ? true : undefined,
  at: leg.at.toISOString(),
  ringingAt: isoOf(leg.ringingAt),
  answeredAt: isoOf(leg.answeredAt),
  endedAt: leg.endedAt.toISOString(),
  noticeEndedAt: isoOf(leg.noticeEndedAt),
  refusedAt: isoOf(leg.refusedAt),
});

/** A live call as its page shows it: without the number and the hashes by which it is found. */
export function callSoFar({ call, sipCallId, media }: Pick<Live, 'call' | 'sipCallId' | 'media'>, nowMs: number): CallSoFar {
  const given = { sipCallId, callerHash: undefined, media };
  const { callerNumber: _number, callerHash: _hash, calledHash: _called, ...told } = recordUntil(call, given, nowMs);
  return {
    ...told,
    state: stateOf(call),
    agentIds: [...told.agentIds],
    choices: [...told.choices],
    history: [...told.history],
    media: told.media.map(({ ssrcs, ...leg }) => ({ ...leg, ...(ssrcs === undefined ? {} : { ssrcs: [...ssrcs] }) })),
    scripts: told.scripts.map(({ at, ...shown }) => ({ ...shown, at: at.toISOString() })),
    visits: [...told.visits],
    segments: [...told.segments],
    ...(call.visit === undefined ? {} : { waiting: { queueId: call.visit.queueId, fromMs: call.visit.sinceMs } }),
    dialled: told.dialled.map(legOf),
    offers: told.offers.map((offer) => ({
      ...offer,
      at: offer.at.toISOString(),
      endedAt: isoOf(offer.endedAt),
      outcome: offer.endedAt === undefined ? 'ringing' : offer.outcome,
    })),
    talks: told.talks.map((talk) => ({ agentId: talk.agentId, ...timesOf(talk) })),
    holds: told.holds.map(timesOf),
    pauses: told.pauses.map(timesOf),
    invitedAt: told.invitedAt.toISOString(),
    answeredAt: isoOf(told.answeredAt),
    noticeStartedAt: isoOf(told.noticeStartedAt),
    noticeEndedAt: isoOf(told.noticeEndedAt),
    queuedAt: isoOf(told.queuedAt),
    agentAnsweredAt: isoOf(told.agentAnsweredAt),
    endedAt: told.endedAt.toISOString(),
    listeners: [...listenersIn(call.stage)].map(([agentId, mode]) => ({ agentId, mode })),
  };
}
