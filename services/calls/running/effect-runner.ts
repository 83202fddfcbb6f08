import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import { createAnswering } from './answering.js';
import type { CallEvent } from '../machine/call-events.js';
import { createEnding } from './call-ending.js';
import { createFacts } from './call-facts.js';
import type { Controller, Live, RunEffect } from './controller.js';
import { createDialOut } from '../dialling/dial-out.js';
import type { Effect } from '../machine/effects.js';
import { createKeySending } from '../media/key-sending.js';
import type { MediaDirector } from '../media/media-director.js';
import type { CallMedia, CallRecords, Dialler, Directory, LeavingGate, RecordingLedger } from '../ports.js';
import { createQueueQuestions } from './queue-questions.js';
import { createRecorderOrders } from '../media/recorder-orders.js';
import type { CallId } from '../../shared/domain/ids.js';

export interface EffectDependencies {
  /** Playback to a caller belongs to the director alone. */
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

/** Carries out the effects of the machine. Every result returns as an event; nothing here decides. */
export function createEffectRunner(deps: EffectDependencies): RunEffect {
  const { media, director, directory, gate, ledger, records, commands, newEventId, hashNumber, controller, later, nowMs, log } = deps;
  const at = (): string => new Date(nowMs()).toISOString();
  const tell = (callId: CallId, event: CallEvent): void => {
    controller().dispatch(callId, event);
  };
  const sendKeys = createKeySending({ media, directory, later, log });
  const orders = createRecorderOrders({ commands, later, tell, log });
  const { publish, keepRefusal } = createFacts({ media, directory, newEventId, hashNumber, later, at });
  const { askQueue, askPlace } = createQueueQuestions({ commands, tell, log });
  const { answer, takeUp, refuse } = createAnswering({ media, directory, ledger, commands, tell, at, log });
  const { hangUpOutside, finish } = createEnding({ media, director, gate, records, controller, hashNumber, refuse, log });
  const dial = createDialOut({ media, dialler: deps.dialler, directory, gate, takeUp, tell, later, nowMs, log });

  return async (live, effect) => {
    const { call } = live;
    switch (effect.do) {
      case 'publish':
        return publish(live, effect);
      case 'answer':
        // Not awaited: meanwhile the caller may be queued and a seat rung.
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
        sendKeys(live, effect.keys);
        return;
      case 'finish':
        return finish(live, effect.hangUpCaller);
    }
  };

  function startTimer(live: Live, { timer, token, ms }: Extract<Effect, { do: 'start-timer' }>): void {
    const key = `${timer}:${token}`;
    live.timers.get(key)?.();
    const cancel = later(timer === 'seat-grace' ? deps.seatGraceMs : ms, () => {
      live.timers.delete(key);
      tell(live.call.id, { type: 'timer', timer, token });
    });
    live.timers.set(key, cancel);
  }
}
