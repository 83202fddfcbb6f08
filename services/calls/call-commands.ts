import type { CommandArguments, CommandBus, CommandHandlers, LiveCall } from '../shared/contracts/calls/commands.js';
import type { TransferTarget } from '../shared/contracts/calls/hand-over.js';
import type { DialPermit } from '../shared/domain/calls/dial-permit.js';
import { CallCentreError, type FailureCode } from '../shared/domain/failure.js';
import { identityOf } from '../shared/domain/calls/caller.js';
import { isPerson, PROOF_QUEUE } from '../shared/domain/proof.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import { outboundCall, PLAIN_FLOW } from './running/arrivals.js';
import type { CallEvent } from './machine/call-events.js';
import { listenersIn } from './machine/listening.js';
import type { Controller, Live } from './running/controller.js';
import { agentsIn, hearsTheCaller, liveCallView } from './running/live-call.js';
import type { Occupations } from './seats/occupations.js';
import type { LeaderFence } from './leader-fence.js';
import type { CallMedia, Directory, ExpectedTests, LeavingGate } from './ports.js';
import type { CallRecord } from './records/record.js';
import type { Seats } from './seats/seats.js';
import { callSoFar } from './records/so-far.js';
import { createTestDialling } from './dialling/test-dialling.js';
import type { TestKeys } from './dialling/test-keys.js';
import type { AgentId, CallId } from '../shared/domain/ids.js';

const words: Partial<Record<FailureCode, string>> = {
  'no-such-call': 'This call has ended',
  'wrong-state': 'The call is not in a state for this',
  'not-allowed': 'You are not in this call',
  'invalid-request': 'A call cannot be transferred to the agent who has it',
  'emergency-call': 'A call with the emergency services is ended by the people in it alone',
  'listeners-full': 'Three supervisors are in this call already',
  'seat-lost': 'The seat has no audio',
  busy: 'The seat is in another call',
  'service-unavailable': 'Telephony is shutting down and accepts no new calls',
};

const fail = (code: FailureCode): CallCentreError => new CallCentreError(code, words[code] ?? code);

/** What a callback needs from the record of the call in which it was requested. */
export type ReturnedCall = Pick<CallRecord, 'trunkId' | 'callerNumber' | 'called' | 'language' | 'queueId' | 'choices'>;

export interface CallCommandsDependencies {
  readonly controller: Controller;
  readonly seats: Seats;
  readonly media: CallMedia;
  readonly directory: Directory;
  readonly outbound: LeavingGate;
  readonly occupations: Occupations;
  readonly commands: CommandBus;
  readonly status: () => Promise<Record<string, unknown>>;
  /** Numbers, trunks, lists and prompts are as they are stored when this resolves. */
  readonly readAgain: () => Promise<void>;
  /** The stored record of an ended call. */
  readonly recordOf: (callId: CallId) => Promise<ReturnedCall | undefined>;
  readonly hashNumber: NumberHash;
  readonly newId: () => string;
  readonly expectedTests: ExpectedTests | undefined;
  readonly fence: LeaderFence;
  readonly testKeys: Pick<TestKeys, 'of'>;
  /** No new calls, incoming or outgoing. */
  readonly isClosed: () => boolean;
  readonly nowMs: () => number;
}

/** The queue and the seats of test calls are known without asking routing, and are refused also while a test call is ringing there. */
const isOfTests = (target: TransferTarget): boolean =>
  (target.to === 'queue' && target.queueId === PROOF_QUEUE) || (target.to === 'seat' && !isPerson(target.agentId));

/** Passes the event of a command to the call that it names, and checks whether a seat can take a call. */
function createAsking({ controller, seats, media, occupations, commands }: CallCommandsDependencies) {
  async function give(callId: CallId, event: CallEvent): Promise<Live> {
    const live = controller.get(callId);
    const result = controller.dispatch(callId, event);
    if ('refused' in result) throw fail(result.refused);
    await result.settled;
    if (live === undefined) throw fail('no-such-call');
    return live;
  }

  /** A seat can ring when its media is up and it is in no call. A supervisor who listens is in one. */
  function mustBeFree(agentId: AgentId): void {
    if (seats.of(agentId)?.mediaUp !== true) throw fail('seat-lost');
    if (occupations.of(agentId) !== undefined) throw fail('busy');
  }

  async function mustBeReady(target: TransferTarget): Promise<void> {
    if (isOfTests(target)) throw fail('not-allowed');
    if (target.to === 'queue') {
      // When routing does not answer, the call is sent to the queue and waits there, as every caller does.
      const queues = await commands.send('queues.list', {}, { timeoutMs: 1_000 }).catch(() => []);
      if (queues.some(({ queueId, internal }) => queueId === target.queueId && internal)) throw fail('not-allowed');
    }
    if (target.to !== 'seat') return;
    mustBeFree(target.agentId);
    const [agent] = await commands.send('agents.list', { agentId: target.agentId }, { timeoutMs: 1_000 }).catch(() => []);
    if (agent !== undefined && ['on-call', 'offered', 'signed-out'].includes(agent.state)) throw fail('busy');
    // The seat may have got a call while routing was asked.
    mustBeFree(target.agentId);
  }

  /** The caller's SSRC is for the page that plays it: without a viewer the relay is not asked. */
  async function view(live: Live, viewer: string | undefined): Promise<LiveCall> {
    const known = viewer !== undefined && media.has(live.call.id) && hearsTheCaller(live.call, viewer);
    const callerSsrc = known ? await media.ssrcOf(live.call.id).catch(() => undefined) : undefined;
    // Made after the wait: a view older than the event that followed it would leave the page ringing.
    return liveCallView(live.call, callerSsrc, viewer);
  }

  return { give, mustBeFree, mustBeReady, view };
}

type Asking = ReturnType<typeof createAsking>;

/** Calls and legs that leave the house: the rules are checked before anything moves. */
function createWaysOut(
  { controller, directory, outbound, newId, isClosed, nowMs }: CallCommandsDependencies,
  { give, mustBeFree, mustBeReady }: Asking,
) {
  async function dial(wish: {
    readonly agentId: AgentId;
    readonly to: string;
    readonly purpose: string;
    readonly from?: string | undefined;
    readonly campaign?: CommandArguments<'call.dial'>['campaign'];
    readonly returned?: ReturnedCall & { readonly callId: CallId; readonly automatic: boolean };
  }): Promise<string> {
    const { agentId, to, purpose, from, campaign, returned } = wish;
    if (isClosed()) throw fail('service-unavailable');
    mustBeFree(agentId);
    const all = directory.waysOut();
    // A number that was asked for is shown, or nothing is dialled. Otherwise the number that the caller had called comes first.
    const first = from ?? returned?.called;
    const ways = [...all.filter((way) => way.from === first), ...(from === undefined ? all.filter((way) => way.from !== first) : [])];
    const id = campaign?.callId ?? newId();
    if (controller.get(id) !== undefined) throw fail('wrong-state');
    const permit = await outbound.permit({
      callId: id,
      way: returned === undefined ? 'call-out' : 'callback',
      agentId,
      number: to,
      purpose,
      ways,
      campaignId: campaign?.campaignId,
      ...(returned === undefined
        ? {}
        : {
            askedIn: {
              callId: returned.callId,
              automatic: returned.automatic,
              vouched: directory.trunk(returned.trunkId)?.trustsIdentity === true,
            },
          }),
    });
    // The seat may have received another call while the rules were checked.
    await orVoid(permit, async () => mustBeFree(agentId));
    const number = directory.number(permit.from);
    const begun = outboundCall({
      id,
      permit,
      agentId,
      flow: number?.flow ?? PLAIN_FLOW,
      language: returned?.language ?? number?.language ?? 'zh-CN',
      outbound: { purpose, consentId: permit.consentId ?? '', ...(permit.emergency === true ? { emergency: true } : {}) },
      belongsTo:
        returned !== undefined
          ? { queueId: returned.queueId, choices: returned.choices }
          : campaign === undefined
            ? undefined
            : { queueId: campaign.queueId, choices: [] },
      ...{ scriptId: campaign?.scriptId, atMs: nowMs() },
    });
    void controller.begin(controller.add(begun.call, { incoming: undefined, sipCallId: '' }), begun.effects);
    return id;
  }

  /** Gives a permit back when no leg comes of it, so that it is not counted. */
  async function orVoid<T>(permit: DialPermit | undefined, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      if (permit !== undefined) await outbound.unused(permit);
      throw error;
    }
  }

  /** An agent sends a call on. For a number outside the rules are checked first: the agent reads a refusal before anything has moved. */
  async function sendOn(
    type: 'transfer' | 'consult',
    { callId, agentId, target, note, freeReason }: CommandArguments<'call.transfer'>,
  ): Promise<void> {
    if (target.to === 'seat' && target.agentId === agentId) throw fail('invalid-request');
    await mustBeReady(target);
    const permit = target.to === 'number' ? await permitFor(type, { callId, agentId, number: target.number, freeReason }) : undefined;
    await orVoid(permit, () =>
      give(callId, { type, agentId, permit, note, target: permit === undefined ? target : { to: 'number', number: permit.number } }),
    );
  }

  async function permitFor(
    type: 'transfer' | 'consult',
    asked: { readonly callId: CallId; readonly agentId: AgentId; readonly number: string; readonly freeReason: string | undefined },
  ): Promise<DialPermit> {
    const { callId, agentId } = asked;
    const live = controller.get(callId);
    if (live === undefined) throw fail('no-such-call');
    const { stage, called } = live.call;
    if (stage.kind !== 'connected' || stage.consult !== undefined || stage.away) throw fail('wrong-state');
    if (stage.agentId !== agentId) throw fail('not-allowed');
    const way = type === 'transfer' ? 'transfer' : 'consultation';
    return outbound.permit({ ...asked, way, ways: directory.waysOut(), called });
  }

  return { dial, sendOn };
}

type WaysOut = ReturnType<typeof createWaysOut>;

/** What the agents of a call may do with it. */
function conversationCommands(
  { controller, seats, fence }: CallCommandsDependencies,
  { give, view, mustBeFree }: Asking,
  { sendOn }: WaysOut,
) {
  return {
    'call.offer': async ({ callId, fencingToken, ...offer }) => {
      fence.admit(fencingToken);
      if (controller.get(callId) === undefined) throw fail('no-such-call');
      mustBeFree(offer.agentId);
      await give(callId, { type: 'offer', offer });
      return {};
    },
    'call.answer': async ({ callId, agentId, offerId }) => view(await give(callId, { type: 'agent-answered', agentId, offerId }), agentId),
    'call.decline': async ({ callId, agentId, reason }) => {
      await give(callId, { type: 'declined', agentId, reason });
      return {};
    },
    'call.hang-up': async ({ callId, agentId }) => {
      await give(callId, { type: 'hang-up', agentId });
      return {};
    },
    'call.end': async ({ callId, supervisorId, by, reason }) => {
      await give(callId, { type: 'end', supervisor: { supervisorId, name: by, reason } });
      return {};
    },
    'call.hold': async ({ callId, agentId }) => {
      await give(callId, { type: 'hold', agentId });
      return {};
    },
    'call.resume': async ({ callId, agentId }) => view(await give(callId, { type: 'resume', agentId }), agentId),
    'call.transfer': async (request) => {
      await sendOn('transfer', request);
      return {};
    },
    'call.consult': async (request) => {
      await sendOn('consult', request);
      return {};
    },
    'call.consult-end': async ({ callId, agentId, how }) => view(await give(callId, { type: 'consult-end', agentId, how }), agentId),
    'call.park': async ({ callId, agentId }) => {
      await give(callId, { type: 'park', agentId });
      return {};
    },
    'call.fetch': async ({ callId, agentId }) => {
      mustBeFree(agentId);
      return view(await give(callId, { type: 'fetch', agentId }), agentId);
    },
    'call.drop-party': async ({ callId, agentId, partyId }) => {
      await give(callId, { type: 'drop-party', agentId, partyId });
      return {};
    },
    'call.send-keys': async ({ callId, agentId, keys }) => {
      await give(callId, { type: 'send-keys', agentId, keys });
      return {};
    },
    'call.script-shown': async ({ callId, agentId, scriptId }) => {
      // Whoever listens is given nothing to say, and the record of the call, which agents read, does not name them.
      const stage = controller.get(callId)?.call.stage;
      if (stage !== undefined && listenersIn(stage).has(agentId)) return {};
      await give(callId, { type: 'script-shown', agentId, scriptId });
      return {};
    },
    'call.pause-recording': async ({ callId, agentId, reason, by }) => {
      await give(callId, { type: 'pause-recording', agentId, reason, by });
      // Fails when the recorder did not pause: the page must not say that it did.
      if (controller.get(callId)?.call.recording === 'on') throw fail('service-unavailable');
      return {};
    },
    'call.resume-recording': async ({ callId, agentId, by }) => {
      await give(callId, { type: 'resume-recording', agentId, by });
      return {};
    },
    'call.monitor': async ({ callId, agentId, mode, secret, changes }) => {
      const elsewhere = controller.callsOf(agentId).some(({ call }) => call.id !== callId);
      if (mode !== 'stop' && seats.of(agentId)?.mediaUp !== true) throw fail('seat-lost');
      if (mode !== 'stop' && elsewhere) throw fail('busy');
      await give(callId, { type: 'monitor', agentId, mode, secret, changes });
      return {};
    },
    'call.overflow': async ({ callId, overflow, fencingToken }) => {
      fence.admit(fencingToken);
      await give(callId, { type: 'overflow', overflow });
      return {};
    },
  } satisfies Partial<CommandHandlers>;
}

/** Commands that read calls. */
function questions({ controller, directory, fence, hashNumber, nowMs }: CallCommandsDependencies, { view }: Asking) {
  return {
    'call.caller-hash': async ({ callId }) => {
      const live = controller.get(callId);
      if (live === undefined) throw fail('no-such-call');
      const { callerNumber, callerMasked, called, direction, queueId } = live.call;
      const callerHash = hashNumber(callerNumber);
      return {
        ...(callerHash === undefined ? {} : { callerHash }),
        agentIds: agentsIn(live.call),
        callerMasked,
        called,
        direction,
        ...(queueId === undefined ? {} : { queueId }),
      };
    },
    'call.caller': async ({ callId }) => {
      const live = controller.get(callId);
      if (live === undefined) throw fail('no-such-call');
      const { callerNumber, called, lastAgentId, queueId, history } = live.call;
      const clientUnit = directory.number(called)?.clientUnit;
      return {
        number: callerNumber,
        at: new Date(history[0]?.atMs ?? nowMs()).toISOString(),
        ...(lastAgentId === undefined ? {} : { agentId: lastAgentId }),
        ...(clientUnit === undefined ? {} : { clientUnit }),
        ...(queueId === undefined ? {} : { queueId }),
      };
    },
    'call.so-far': async ({ callId }) => {
      const live = controller.get(callId);
      if (live === undefined || live.call.stage.kind === 'ended') throw fail('no-such-call');
      return callSoFar(live, nowMs());
    },
    'calls.live': async ({ agentId, fencingToken }) => {
      fence.admit(fencingToken);
      const lives = agentId === undefined ? [...controller.all()] : controller.callsOf(agentId);
      const views = await Promise.all(lives.map((live) => view(live, agentId)));
      // The agent may have left a call while its view was being made.
      return views.filter((_view, index) => agentId === undefined || controller.callsOf(agentId).some((live) => live === lives[index]));
    },
  } satisfies Partial<CommandHandlers>;
}

/** What other roles, and people through them, ask of calls. */
export function callCommands(deps: CallCommandsDependencies): CommandHandlers {
  const { controller, seats, media, occupations, fence, recordOf, readAgain, status } = deps;
  const asking = createAsking(deps);
  const { mustBeFree } = asking;
  const waysOut = createWaysOut(deps, asking);
  const { dial } = waysOut;
  return {
    ...conversationCommands(deps, asking, waysOut),
    ...questions(deps, asking),
    'call.dial': async ({ number, ...wish }) => ({ callId: await dial({ ...wish, to: number }) }),
    'call.dial-test': createTestDialling(deps),
    'call.test-keys': async ({ callId }) => ({ keys: deps.testKeys.of(callId) }),
    'call.call-back': async ({ callId, agentId, automatic, fencingToken }) => {
      fence.admit(fencingToken);
      mustBeFree(agentId);
      const ended = await recordOf(callId);
      if (ended === undefined) throw new CallCentreError('not-found', 'No such call');
      if (identityOf(ended.callerNumber) === undefined) throw new CallCentreError('not-supported', 'The caller has withheld the number');
      const returned = { ...ended, callId, automatic };
      return { callId: await dial({ agentId, to: ended.callerNumber, purpose: CALLED_BACK, returned }) };
    },
    'seat.echo': async ({ agentId, on }) => {
      const seat = seats.of(agentId);
      if (seat === undefined) throw fail('seat-lost');
      if ([...controller.callsOf(agentId)].some(({ call }) => call.stage.kind !== 'offered' && agentsIn(call).includes(agentId)))
        throw fail('busy');
      await media.echo(seat.legId, on);
      occupations.echo(agentId, on);
      return {};
    },
    'seat.media': async (word) => {
      if (!seats.mediaTold(word)) throw fail('seat-lost');
      return {};
    },
    'seat.end': async ({ agentId, sessionId, reason }) => {
      await seats.end(agentId, sessionId, reason);
      return {};
    },
    'telephony.read-again': async () => {
      await readAgain();
      return {};
    },
    'telephony.status': status,
  };
}

/** The purpose of a callback that a caller requested in an earlier call. */
const CALLED_BACK = 'prompt-return';
