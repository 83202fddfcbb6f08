import type { Logger } from '../shared/platform/logger.js';
import { localTime } from './adapters/site-time.js';
import { inboundCall, isCallbackBarred, judgeArrival } from './arrivals.js';
import type { Controller } from './controller.js';
import type { createDirectory } from './directory.js';
import { isOpenAt } from './hours.js';
import type { IncomingCall } from './ports.js';
import type { createSiteCalendar } from './site-calendar.js';

export interface ArrivingNeeds {
  readonly directory: ReturnType<typeof createDirectory>;
  readonly calendar: ReturnType<typeof createSiteCalendar>;
  readonly siteTimeZone: string;
  readonly controller: Controller;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Takes what signalling let in: refused with its cause, or a call that begins. */
export function createArriving({ directory, calendar, siteTimeZone, controller, newId, nowMs, log }: ArrivingNeeds) {
  return async function invited(incoming: IncomingCall): Promise<void> {
    const number = directory.number(incoming.called);
    const listed = directory.listed(incoming.callerNumber);
    const arrival = judgeArrival({
      number,
      callerNumber: incoming.callerNumber,
      blocked: listed?.list === 'black',
      open: ({ flow }) => flow.hours === undefined || isOpenAt(flow.hours, localTime(nowMs(), siteTimeZone), calendar),
    });
    if (arrival.verdict === 'refused') {
      log.info({ trunkId: incoming.trunkId, cause: arrival.cause }, 'call refused');
      return incoming.refuse(arrival.failure);
    }
    const { call, effects } = inboundCall({
      id: newId(),
      trunkId: incoming.trunkId,
      class: incoming.class,
      callerNumber: incoming.callerNumber,
      called: incoming.called,
      number: arrival.number,
      open: arrival.open,
      callerPriority: listed?.list === 'vip' ? listed.priority : 0,
      callbackBarred: isCallbackBarred(incoming.callerNumber, directory.trunk(incoming.trunkId)?.trustsIdentity === true),
      atMs: incoming.receivedAtMs,
    });
    const live = controller.add(call, { incoming, sipCallId: incoming.sipCallId });
    incoming.onEnded(() => controller.dispatch(call.id, { type: 'caller-hung-up' }));
    await controller.begin(live, effects);
  };
}
