import { expect, test } from '@jest/globals';
import { Flow, ServiceNumber } from '../../shared/contracts/calls/flow.js';
import type { IncomingCall } from '../ports.js';
import { createArriving, type ArrivingNeeds } from './arriving.js';

const flow = Flow.parse({ start: 'q', steps: { q: { kind: 'queue', queueId: 'proof' } } });
const number = ServiceNumber.parse({ number: '9990', name: 'n', status: 'in-service', flow, flowVersion: 1 });

test.each([
  ['a caller of a trunk', undefined, ['number-not-in-service']],
  ['a test call', 'test', ['begun']],
] as const)('the number of test calls is reached by %s as the class of the call says', async (_who, kind, expected) => {
  const seen: string[] = [];
  const invited = createArriving({
    directory: { number: () => number, listed: () => undefined, trunk: () => undefined } as unknown as ArrivingNeeds['directory'],
    calendar: {} as ArrivingNeeds['calendar'],
    siteTimeZone: 'Asia/Shanghai',
    controller: { add: () => ({}), begin: async () => void seen.push('begun') } as unknown as ArrivingNeeds['controller'],
    expectedTests: undefined,
    newId: () => 'c1',
    nowMs: () => 0,
    log: { info: () => undefined } as unknown as ArrivingNeeds['log'],
  });
  await invited({
    trunkId: 't1',
    called: '9990',
    callerNumber: '13800000001',
    sipCallId: 's1',
    receivedAtMs: 0,
    ...(kind === undefined ? {} : { class: kind }),
    refuse: async (failure: string) => void seen.push(failure),
    onEnded: () => undefined,
  } as unknown as IncomingCall);
  expect(seen).toEqual(expected);
});
