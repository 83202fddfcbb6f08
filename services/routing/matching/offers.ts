import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Clock } from '../../shared/domain/time/clock.js';
import { failureOf } from '../../shared/domain/failure.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Agent, AgentEvent } from '../agents/agent-machine.js';
import type { CallbackDesk } from '../callbacks/callback-desk.js';
import type { Desk, Match } from './desk.js';
import type { WaitRecorder } from '../waits/wait-recorder.js';
import type { AgentId, CallId } from '../../shared/domain/ids.js';

/** How long a call waits before it is offered again after a busy seat refused its offer. */
const OFFER_AGAIN_MS = 500;

export interface OffersDependencies {
  readonly desk: Desk;
  readonly commands: CommandBus;
  readonly clock: Clock;
  readonly recorder: WaitRecorder;
  readonly callbacks: Pick<CallbackDesk, 'dial'>;
  readonly move: (agentId: AgentId, event: AgentEvent) => unknown;
  readonly moved: (before: Agent | undefined, after: Agent) => void;
  readonly publish: (...published: Parameters<EventBus['publish']>) => void;
  /** The call no longer waits. */
  readonly forgetCall: (callId: CallId) => unknown;
  readonly log: Logger;
}

/** Matches callers with agents and offers the calls. */
export function createOffers({ desk, commands, clock, recorder, callbacks, move, moved, publish, forgetCall, log }: OffersDependencies) {
  const { nowMs } = clock;
  let matching = false;
  let matchAgain = false;
  let telephonyAway = false;

  /**
   * The pause after an offer that could not be made. Without telephony nothing is offered for that time: every refusal would start a chain
   * of its own, and each link of it would be tried for every caller.
   */
  function matchLater(withoutTelephony: boolean): void {
    if (withoutTelephony && telephonyAway) return;
    telephonyAway ||= withoutTelephony;
    clock.after(OFFER_AGAIN_MS, () => {
      if (withoutTelephony) telephonyAway = false;
      match();
    });
  }

  /** Matches until nothing fits, one run at a time; changes in the meantime are handled in the next run. */
  function match(): void {
    if (telephonyAway) return;
    if (matching) {
      matchAgain = true;
      return;
    }
    matching = true;
    try {
      do {
        matchAgain = false;
        for (const found of desk.match(nowMs())) void carryOut(found);
      } while (matchAgain);
    } finally {
      matching = false;
    }
  }

  async function carryOut({ decision, offers }: Match): Promise<void> {
    const { callId, queueId, waitedMs } = decision;
    const decisionId = recorder.offered(decision);
    const queue = desk.queue(queueId);
    const callbackOf = desk.waiting(callId)?.callbackOf;
    for (const { agentId } of offers) {
      const agent = desk.agent(agentId);
      if (agent !== undefined) moved({ ...agent, state: 'ready' }, agent);
    }
    await Promise.all(
      offers.map(async ({ agentId, offerId }) => {
        if (callbackOf !== undefined) return callbacks.dial(callbackOf, agentId);
        try {
          await commands.send('call.offer', {
            callId,
            agentId,
            offerId,
            ringForMs: queue?.ringForMs ?? 20_000,
            autoAnswer: queue?.autoAnswer ?? false,
          });
          publish('routing.decided', { callId, at: new Date(nowMs()).toISOString(), queueId, agentId, decisionId, waitedMs });
        } catch (error) {
          const code = failureOf(error);
          log.warn({ callId, agentId, code }, 'offer was refused');
          // `seat-lost`: the seat cannot ring. `busy`: the seat is taken. Otherwise the caller or telephony is gone, and the seat is free
          // again.
          const outcome = code === 'seat-lost' ? code : code === 'busy' ? 'refused' : 'withdrawn';
          move(agentId, { type: 'offer-ended', callId, outcome });
          if (code === 'no-such-call' || code === 'wrong-state') forgetCall(callId);
          else if (outcome === 'withdrawn') {
            desk.offerEnded(callId, agentId, false, nowMs());
            matchLater(code === 'service-unavailable' || code === 'timed-out');
          } else {
            // The seat never rang: its own pause is enough, and the next agent is tried at once.
            desk.offerEnded(callId, agentId, false, nowMs());
            recorder.again(callId);
            match();
          }
        }
      }),
    );
  }

  return { match };
}
