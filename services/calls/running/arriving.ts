import { PROOF_NUMBER } from '../../shared/domain/proof.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { localTime } from '../adapters/site-time.js';
import { inboundCall, isCallbackBarred, isOfCallers, judgeArrival } from './arrivals.js';
import type { Controller } from './controller.js';
import type { createDirectory } from '../numbers/directory.js';
import { isOpenAt } from '../numbers/hours.js';
import type { ExpectedTests, IncomingCall } from '../ports.js';
import type { createSiteCalendar } from '../numbers/site-calendar.js';

export interface ArrivingNeeds {
  readonly directory: ReturnType<typeof createDirectory>;
  readonly calendar: ReturnType<typeof createSiteCalendar>;
  readonly siteTimeZone: string;
  readonly controller: Controller;
  readonly expectedTests: ExpectedTests | undefined;
  readonly newId: () => string;
  readonly nowMs: () => number;
  readonly log: Logger;
}

/** Takes the calls that signalling accepted: each is refused with a cause, or begins. */
export function createArriving({ directory, calendar, siteTimeZone, controller, expectedTests, newId, nowMs, log }: ArrivingNeeds) {
  return async function invited(incoming: IncomingCall): Promise<void> {
    const dialled = isReserved(incoming) ? undefined : directory.number(incoming.called);
    // A call to a number that callers use is never checked for an expected test.
    const isTest = !isOfCallers(dialled) && (await expectedTests?.take(incoming.trunkId, incoming.called)) === true;
    const called = isTest ? PROOF_NUMBER : incoming.called;
    const number = isTest ? directory.number(PROOF_NUMBER) : dialled;
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
      class: isTest ? 'test' : incoming.class,
      callerNumber: incoming.callerNumber,
      called,
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

/** The number of test calls is none that callers reach: it leads to a seat where nobody sits, and its calls count in no figure. */
const isReserved = ({ called, class: kind }: IncomingCall): boolean => called === PROOF_NUMBER && kind !== 'test';
