import type { CommandBus } from '../shared/contracts/commands.js';
import { CallCentreError, failureOf, failures, type FailureCode } from '../shared/domain/failure.js';
import type { Logger } from '../shared/platform/logger.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import type { AnchorPlace, Call } from './call.js';
import type { CallEvent } from './call-events.js';
import type { Controller, Live, RunEffect } from './controller.js';
import { createDialOut, forgetLongest } from './dial-out.js';
import type { Effect } from './effects.js';
import { bindLeg } from './leg-binding.js';
import { outsideLeg, type MediaDirector } from './media-director.js';
import { isUsual, mediaTerms } from './media-terms.js';
import type { CallFact, CallMedia, CallRecords, Dialler, Directory, IncomingCall, LeavingGate, RecordingLedger } from './ports.js';
import { callRecord } from './record.js';
import { createRecorderOrders } from './recorder-orders.js';
import { within } from './within.js';

/** A recorder that is down must not keep a caller waiting: the relay's own pcap goes on. */
const RECORDER_WAIT_MS = 500;
const ROUTING_WAIT_MS = 800;
/** Which voice is the caller's can be asked later too; that the agent has the call cannot wait for it. */
const SSRC_WAIT_MS = 300;
const KEY_EVERY_MS = 260;
const SIP_OK = 200;

export interface EffectDependencies {
  /** What is played to a caller is the director's alone. */
  readonly media: Omit<CallMedia, 'play' | 'stopPlay'>;
  readonly director: MediaDirector;
  readonly dialler: Dialler;
  readonly directory: Directory;
  readonly gate: LeavingGate;
  readonly ledger: RecordingLedger;
  readonly records: CallRecords;
  readonly commands: CommandBus;
  readonly newEventId: () => string;
  readonly hashNumber: NumberHash;
  readonly later: (ms: number, run: () => void) => () => void;
  readonly seatGraceMs: number;
  readonly controller: () => Controller;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Does what the machine asks for. Whatever comes of it goes back as an event; nothing here decides. */
export function createEffectRunner(deps: EffectDependencies): RunEffect {
  const { media, director, directory, gate, ledger, records, commands, later, nowMs, log } = deps;
  const at = (): string => new Date(nowMs()).toISOString();
  const tell = (callId: string, event: CallEvent): void => {
    deps.controller().dispatch(callId, event);
  };
  const orders = createRecorderOrders({ commands, later, tell, log });
  const dial = createDialOut({ media, dialler: deps.dialler, directory, gate, takeUp, tell, later, nowMs, log });

  return async (live, effect) => {
    const { call } = live;
    switch (effect.do) {
      case 'publish':
        return publish(live, effect);
      case 'answer':
        // Not awaited: a caller may be queued and rung for meanwhile.
        live.answering = answer(live)
          .catch((error: unknown) => log.error({ err: error, callId: call.id }, 'a call could not be refused'))
          .finally(() => (live.answering = undefined));
        return;
      case 'start-timer': {
        startTimer(live, effect);
        return;
      }
      case 'cancel-timer':
        for (const [key, cancel] of live.timers)
          if (effect.token === undefined ? key.startsWith(`${effect.timer}:`) : key === `${effect.timer}:${effect.token}`) {
            cancel();
            live.timers.delete(key);
          }
        return;
      case 'ask-queue':
        return askQueue(call, effect.queueId);
      case 'ask-place':
        return askPlace(call, effect.token);
      case 'ring':
        return;
      case 'keep-refusal': {
        keepRefusal(live, effect.legId);
        return;
      }
      case 'dial':
        void dial(live, effect);
        return;
      case 'hang-up-leg':
        return hangUpOutside(live, effect.legId);
      case 'pause-recording':
        return orders.pause(live, effect);
      case 'resume-recording':
        return orders.resume(live);
      case 'send-keys':
        for (const key of effect.keys) {
          await media.sendKey(call.id, key);
          await new Promise<void>((resolve) => later(KEY_EVERY_MS, resolve));
        }
        return;
      case 'finish':
        return finish(live, effect.hangUpCaller);
    }
  };

  /** Of the person whom we called, or of a third party outside; for the client unit whose number the call is on. */
  function keepRefusal({ call, facts }: Live, legId: string | undefined): void {
    const { id: callId, lastAgentId: agentId } = call;
    const leg = call.dialled?.find((each) => each.legId === legId);
    const [callerHash, callerMasked] =
      leg === undefined ? [deps.hashNumber(call.callerNumber), call.callerMasked] : [leg.numberHash, leg.numberMasked];
    if (callerHash === undefined) return;
    const clientUnit = directory.number(call.called)?.clientUnit;
    facts.push({
      id: deps.newEventId(),
      name: 'call.refused-by-key',
      event: {
        callId,
        at: at(),
        callerHash,
        callerMasked,
        ...(agentId === undefined ? {} : { agentId }),
        ...(leg === undefined ? {} : { attemptId: leg.attemptId, way: leg.way }),
        ...(clientUnit === undefined ? {} : { clientUnit }),
      },
    });
  }

  async function publish({ call, facts }: Live, effect: Extract<Effect, { do: 'publish' }>): Promise<void> {
    // The page binds the caller's voice by its SSRC as soon as it is told of the join; a relay that is slow keeps the join from nobody.
    const ssrc =
      effect.name === 'call.connected' && media.has(call.id) ? await within(later, SSRC_WAIT_MS, media.ssrcOf(call.id)) : undefined;
    const callerHash = effect.name === 'call.queued' ? deps.hashNumber(call.callerNumber) : undefined;
    const event = {
      ...effect.event,
      callId: call.id,
      at: at(),
      ...(ssrc === undefined ? {} : { callerSsrc: ssrc }),
      ...(callerHash === undefined ? {} : { callerHash }),
    };
    facts.push({ id: deps.newEventId(), name: effect.name, event } as CallFact);
  }

  function startTimer(live: Live, { timer, token, ms }: Extract<Effect, { do: 'start-timer' }>): void {
    const key = `${timer}:${token}`;
    live.timers.get(key)?.();
    const cancel = later(timer === 'seat-grace' ? deps.seatGraceMs : ms, () => {
      live.timers.delete(key);
      tell(live.call.id, { type: 'timer', timer, token });
    });
    live.timers.set(key, cancel);
  }

  /** Relay, ledger, recorder, then the 200: from there on every second is accounted for. */
  async function answer(live: Live): Promise<void> {
    const { incoming } = live;
    const { id } = live.call;
    if (incoming === undefined || live.call.stage.kind === 'ended') return;
    try {
      const { ledgerNumber, place } = await pickUp(live, incoming);
      live.incoming = undefined;
      live.sipStatus = SIP_OK;
      tell(id, { type: 'answered', ledgerNumber, media: place });
    } catch (error) {
      const failure = failureOf(error);
      log.warn({ callId: id, code: failure, err: error }, 'call could not be answered');
      await refuse(live, failure);
      tell(id, { type: 'answer-failed', failure });
    }
  }

  async function pickUp(live: Live, incoming: IncomingCall): Promise<{ readonly ledgerNumber: number; readonly place: AnchorPlace }> {
    const { id, trunkId } = live.call;
    const trunk = directory.trunk(trunkId);
    const { mediaBehindNat: behindNat = false } = trunk ?? {};
    const terms = mediaTerms(trunk);
    const { sdp: offer } = incoming;
    if (offer !== undefined) {
      const { sdp, ...place } = await media.accept({ id, kind: 'caller', sdp: offer, behindNat, ...terms });
      const ledgerNumber = await takeUp(id, place);
      live.leg = await incoming.answer(sdp);
      bindLeg(live.leg, id, media);
      return { ledgerNumber, place };
    }
    const { sdp: plain, ...place } = await media.invite({ id, captured: true });
    const sdp = isUsual(terms) ? plain : await media.offerFor(id, terms);
    const ledgerNumber = await takeUp(id, place);
    const { leg, answer } = await incoming.offer(sdp);
    live.leg = leg;
    live.incoming = undefined;
    const answered = await media.inviteAnswered(id, answer, behindNat);
    bindLeg(leg, id, media);
    return { ledgerNumber, place: answered };
  }

  /**
   * Writes the intent and starts the recorder. Without a number of the ledger there is no answer; neither the store nor the disk took it, and
   * nobody could tell of the call afterwards. A recorder that is away does not fail the call, the relay's capture records on; one that says
   * that its disk is full does: the call is refused before anything of it could be lost.
   */
  async function takeUp(callId: string, place: AnchorPlace): Promise<number> {
    const { ledgerNumber } = await ledger.intent({ callId, legId: callId, at: at() }).catch((error: unknown) => {
      throw new CallCentreError('service-unavailable', 'no ledger number for a call that is being answered', { cause: error });
    });
    await commands.send('recorder.start', { callId, ledgerNumber, ...place }, { timeoutMs: RECORDER_WAIT_MS }).catch((error: unknown) => {
      if (failureOf(error) === 'disk-full') throw error;
      log.error({ callId, code: failureOf(error) }, 'recorder did not start in time; the relay records on');
    });
    return ledgerNumber;
  }

  async function refuse(live: Live, failure: FailureCode): Promise<void> {
    const { incoming } = live;
    live.incoming = undefined;
    if (incoming === undefined) return;
    live.sipStatus = failures[failure].sip;
    await incoming.refuse(failure);
  }

  async function askQueue(call: Call, queueId: string): Promise<void> {
    try {
      const { admitted, reason, overflow } = await commands.send(
        'queue.admit',
        { queueId, callId: call.id },
        { timeoutMs: ROUTING_WAIT_MS },
      );
      tell(call.id, admitted || reason === 'ok' ? { type: 'admitted' } : { type: 'not-admitted', reason, overflow });
    } catch (error) {
      // Without routing the caller waits with music until it is back or the longest wait is over.
      log.warn({ callId: call.id, code: failureOf(error) }, 'routing did not answer, the caller waits');
      tell(call.id, { type: 'admitted' });
    }
  }

  async function askPlace(call: Call, token: string): Promise<void> {
    const { position, expectedWaitMs } = await commands
      .send('queue.position', { callId: call.id }, { timeoutMs: ROUTING_WAIT_MS })
      .catch(() => ({ position: 0, expectedWaitMs: undefined }));
    tell(call.id, { type: 'place', token, position, expectedWaitMs });
  }

  async function hangUpOutside(live: Live, legId: string): Promise<void> {
    const entry = live.outside.get(legId);
    live.outside.delete(legId);
    forgetLongest(live, legId);
    entry?.abort.abort();
    const id = outsideLeg(live.call.id, legId);
    director.endLeg(id);
    entry?.leg?.hangUp().catch((error: unknown) => log.warn({ err: error, callId: live.call.id }, 'BYE failed'));
    await keepStatistics(live, id, 'number');
  }

  async function keepStatistics(live: Live, legId: string, leg: string): Promise<void> {
    const statistics = await media.release(legId).catch((error: unknown) => {
      log.warn({ err: error, callId: live.call.id }, 'media could not be released');
      return undefined;
    });
    if (statistics !== undefined) live.media.push({ leg, ...statistics });
  }

  async function finish(live: Live, hangUpCaller: boolean): Promise<void> {
    const { call } = live;
    for (const cancel of live.timers.values()) cancel();
    live.timers.clear();
    await live.answering;
    await refuse(live, 'service-unavailable');
    for (const { abort } of live.outside.values()) abort.abort();
    // Not awaited: a far side that does not answer the BYE must not hold up the end of the call.
    if (hangUpCaller) live.leg?.hangUp().catch((error: unknown) => log.warn({ err: error, callId: call.id }, 'BYE failed'));
    // Each part goes on when another fails: a relay that is away must keep neither the record nor the end from coming.
    const parts = await Promise.allSettled([
      director.end(call).finally(() => keepStatistics(live, call.id, 'caller')),
      ...[...live.outside.keys()].map((legId) => (call.stage.kind === 'calling' ? undefined : hangUpOutside(live, legId))),
    ]);
    for (const part of parts)
      if (part.status === 'rejected') log.warn({ err: part.reason as unknown, callId: call.id }, 'a part of the call could not be ended');
    const record = callRecord(call, {
      sipCallId: live.sipCallId,
      callerHash: deps.hashNumber(call.callerNumber),
      sipStatus: live.sipStatus,
      media: live.media,
    });
    deps.controller().remove(call.id);
    if (record === undefined) return;
    records.save(record);
    for (const { at: dialledAt, ...leg } of record.dialled)
      gate
        .ended({ ...leg, dialledAt })
        .catch((error: unknown) => log.error({ err: error, callId: call.id }, 'a leg outside could not be accounted for'));
  }
}
