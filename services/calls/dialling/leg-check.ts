import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Controller } from '../running/controller.js';

/**
 * A SIP server that hands no dialogs over tells nobody of an end in those of a process that died. Who hung up then sends nothing any more, and
 * says so when asked.
 */
export async function askWhetherThere(legId: string, controller: Controller, log: Logger): Promise<void> {
  const [callId = '', outside = ''] = legId.split('-');
  const live = controller.get(callId);
  const leg = legId === callId ? live?.leg : live?.outside.get(outside)?.leg;
  if (leg === undefined || (await leg.isThere())) return;
  log.warn({ callId, legId }, 'a leg has ended without a word of it');
  controller.dispatch(callId, legId === callId ? { type: 'caller-hung-up' } : { type: 'leg-ended', legId: outside });
}
