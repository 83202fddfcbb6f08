import type { ServiceNumber } from '../../shared/contracts/calls/flow.js';
import { callerOf } from '../../shared/domain/calls/caller.js';
import type { DialPermit } from '../../shared/domain/calls/dial-permit.js';
import type { FailureCode } from '../../shared/domain/failure.js';
import { maskNumber, normaliseNumber } from '../../shared/domain/numbers/phone-number.js';
import type { ReleaseCause } from '../../shared/domain/calls/release.js';
import type { Call } from '../machine/call.js';
import { OWN_LEG } from '../dialling/dialled-legs.js';
import type { Step } from '../machine/effects.js';
import type { IncomingCall } from '../ports.js';
import { arrive } from '../stages/flow-steps.js';
import { after } from '../machine/step.js';
import type { AgentId, TrunkId } from '../../shared/domain/ids.js';

export type Arrival =
  | { readonly verdict: 'refused'; readonly failure: FailureCode; readonly cause: ReleaseCause }
  | { readonly verdict: 'taken'; readonly number: ServiceNumber; readonly open: boolean };

/** Decides about a trunk call before it is answered. Callers cannot tell a number that is out of service from an unknown one. */
export function judgeArrival(arrival: {
  readonly number: ServiceNumber | undefined;
  readonly callerNumber: string;
  readonly blocked: boolean;
  readonly open: (number: ServiceNumber) => boolean;
}): Arrival {
  const { number, callerNumber, blocked, open } = arrival;
  const unknown = { verdict: 'refused', failure: 'number-not-in-service', cause: 'number-not-in-service' } as const;
  if (number === undefined || number.status === 'out-of-service') return unknown;
  if (number.status === 'draft' && !number.testCallers.some((each) => normaliseNumber(each) === callerNumber)) return unknown;
  if (blocked) return { verdict: 'refused', failure: 'not-allowed', cause: 'blocked' };
  return { verdict: 'taken', number, open: number.status !== 'closed' && open(number) };
}

/** Whether callers reach a number. If not, it may be the far end of a trunk test. */
export const isOfCallers = (number: ServiceNumber | undefined): boolean => number?.status === 'in-service' || number?.status === 'closed';

/** Whether a callback needs a person's decision. It does not for domestic numbers from a trunk whose caller numbers are trusted. */
export function isCallbackBarred(callerNumber: string, trustsIdentity: boolean): boolean {
  const caller = callerOf(callerNumber);
  return !trustsIdentity || caller.kind !== 'number' || (caller.number.kind !== 'mobile' && caller.number.kind !== 'geographic');
}

export function inboundCall(given: {
  readonly id: string;
  readonly trunkId: TrunkId;
  readonly class?: IncomingCall['class'];
  readonly callerNumber: string;
  readonly called: string;
  readonly number: ServiceNumber;
  readonly open: boolean;
  readonly callerPriority: number;
  readonly callbackBarred: boolean;
  readonly atMs: number;
}): Step {
  const { id, trunkId, callerNumber, called, number, open, callerPriority, callbackBarred, atMs } = given;
  const callerMasked = maskNumber(callerNumber);
  const arrived = arrive({
    ...empty,
    id,
    direction: 'inbound',
    trunkId,
    ...(given.class === 'test' ? { class: given.class } : {}),
    callerNumber,
    callerMasked,
    called,
    language: number.language,
    flow: number.flow,
    flowVersion: number.flowVersion,
    open,
    callerPriority,
    callbackBarred,
    stage: { kind: 'arriving' },
    history: [{ atMs, what: 'arrived' }],
  });
  return after([{ do: 'publish', name: 'call.arrived', event: { trunkId, callerMasked, called } }], arrived);
}

/** A call by an agent. The far party takes the place of the caller, whose leg is the call's own. */
export function outboundCall(given: {
  readonly id: string;
  readonly permit: DialPermit;
  readonly agentId: AgentId;
  readonly flow: ServiceNumber['flow'];
  readonly language: ServiceNumber['language'];
  readonly outbound: NonNullable<Call['outbound']>;
  readonly class?: IncomingCall['class'];
  /** For a callback: the queue of the returned call. For a campaign call: the campaign's queue. */
  readonly belongsTo?: Pick<Call, 'queueId' | 'choices'> | undefined;
  /** What the agent read before it was dialled. */
  readonly scriptId?: string | undefined;
  readonly atMs: number;
}): Step {
  const { id, permit, agentId, flow, language, outbound, belongsTo, atMs } = given;
  const { trunkId, from, number: to, numberMasked: callerMasked } = permit;
  return {
    call: {
      ...empty,
      ...belongsTo,
      id,
      direction: 'outbound',
      ...(given.class === 'test' ? { class: given.class } : {}),
      outbound,
      ...(given.scriptId === undefined ? {} : { scripts: [{ scriptId: given.scriptId, agentId, atMs }] }),
      trunkId,
      callerNumber: to,
      callerMasked,
      called: from,
      language,
      flow,
      flowVersion: 0,
      open: true,
      stage: { kind: 'calling', agentId, legId: OWN_LEG },
      lastAgentId: agentId,
      history: [{ atMs, what: 'arrived', agentId }],
    },
    effects: [
      { do: 'publish', name: 'call.arrived', event: { trunkId, callerMasked, called: from } },
      { do: 'publish', name: 'call.dialled', event: { agentId } },
      { do: 'publish', name: 'call.changed', event: { agentId } },
      { do: 'dial', legId: OWN_LEG, number: to, by: { permit } },
    ],
  };
}

const empty = {
  notice: 'pending',
  answered: false,
  ledgerNumber: undefined,
  media: undefined,
  choices: [],
  queueId: undefined,
  waitingSinceMs: undefined,
  avoid: [],
  recording: 'on',
  lastAgentId: undefined,
  turn: 0,
} as const satisfies Partial<Call>;

/** For an outbound call from a number that has no flow of its own. */
export const PLAIN_FLOW: ServiceNumber['flow'] = {
  noticePromptId: 'notice',
  noticeMode: 'before-queue',
  start: 'end',
  steps: { end: { kind: 'hang-up', cause: 'completed' } },
  musicPromptId: 'music',
};
