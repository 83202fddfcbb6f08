import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Controller } from '../running/controller.js';

/**
 * A SIP server that hands over no dialogs does not report their end to the next process. A party that has hung up sends nothing any more,
 * but its SIP end says so when asked.
 */
export async function askWhetherThere(legId: string, controller: Controller, log: Logger): Promise<void> {
  const [callId = '', outside = ''] = legId.split('-');
  const live = controller.get(callId);
  const leg = legId === callId ? live?.leg : live?.outside.get(outside)?.leg;
  if (leg === undefined || (await leg.isThere())) return;
  log.warn({ callId, legId }, 'a leg ended without a report');
  controller.dispatch(callId, legId === callId ? { type: 'caller-hung-up' } : { type: 'leg-ended', legId: outside });
}
