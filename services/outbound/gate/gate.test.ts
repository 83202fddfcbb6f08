import { describe, expect, test } from '@jest/globals';
import {
  callback,
  ceilings,
  claimsInMemory,
  NOW,
  office,
  out,
  refusal,
  registered,
  row,
  stop,
  transfer,
  type Office,
} from '../../../test/support/gate-office.js';
import type { LeaveRequest } from './gate.js';
import { NOTHING_BARRED_ALLOWED, wayRules } from '../leaving/leaving-rules.js';
import { PERMIT_MS } from './permit-book.js';
import type { Attempt, Stop } from '../ports.js';

describe('a call out', () => {
  test('shows the first number that the register permits, on a trunk that calls out, and is written down', async () => {
    const { gate, attempts, audited } = office();
    expect(await gate.permit(out)).toMatchObject({ permitId: 'c1', trunkId: 'carrier', from: '95100', consentId: 'consent-7' });
    expect(attempts).toEqual([
      expect.objectContaining({ callId: 'c1', way: 'call-out', allowed: true, from: '95100', numberMasked: '138****0001' }),
    ]);
    expect(audited).toEqual(['outbound.permitted:']);
  });

  test('is dialled in the one form of the number, whatever way it is written', async () => {
    const { gate } = office();
    expect((await gate.permit({ ...out, number: '17909013800000001' })).number).toBe('13800000001');
  });

  test('rests on the call in which the person asked for it', async () => {
    const { gate } = office({ consents: [] });
    await expect(gate.permit(out)).rejects.toMatchObject({ code: 'outbound-consent' });
    expect(await gate.permit({ ...callback, callId: 'c2' })).toMatchObject({ consentId: 'call:c0' });
  });

  test('does not pass the cap beside others that come at once', async () => {
    const { gate, attempts } = office();
    const answers = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((callId) => gate.permit({ ...out, callId })));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(attempts.filter(({ reason }) => reason === 'too-often')).toHaveLength(2);
  });
});

test.each<[name: string, change: Office, request: LeaveRequest, code: string, reason: string]>([
  [
    'a number of inbound calls only',
    {},
    { ...out, ways: [{ trunkId: 'carrier', from: '4001000' }] },
    'outbound-number',
    'number-not-usable',
  ],
  ['no number at all', {}, { ...out, ways: [] }, 'outbound-number', 'number-not-usable'],
  ['a trunk that was closed for a breach', { trunkFault: 'trunk-not-in-use' }, out, 'outbound-number', 'number-not-usable'],
  ['marketing', {}, { ...out, purpose: 'marketing' }, 'outbound-purpose', 'purpose-not-allowed'],
  ['another purpose than was agreed to', {}, { ...out, purpose: 'service-notice' }, 'outbound-consent', 'no-consent'],
  ['a platform that is stopped', { stops: [stop('platform', '')] }, out, 'outbound-stopped', 'stopped'],
  ['a number that is stopped', { stops: [stop('number', '95100')] }, out, 'outbound-stopped', 'stopped'],
  ['a client unit that is stopped', { stops: [stop('client', 'C001')] }, out, 'outbound-stopped', 'stopped'],
  ['a person who refused, whatever was agreed to before', { refusal }, out, 'outbound-do-not-call', 'refused-by-person'],
  ['a feature code of the carrier', {}, { ...transfer, number: '*21*13800000001#' }, 'outbound-not-dialable', 'not-dialable'],
  ['a number of forty digits', {}, { ...transfer, number: '1'.repeat(24) }, 'outbound-not-dialable', 'not-dialable'],
  ['a local number without its area code', {}, { ...out, number: '60000001' }, 'outbound-not-dialable', 'not-dialable'],
  ['a foreign number', {}, { ...out, number: '00442079460000' }, 'outbound-kind', 'kind-not-allowed'],
  ['a satellite number', {}, { ...out, number: '00881612345678' }, 'outbound-kind', 'kind-not-allowed'],
  ['a satellite telephone of the country', {}, { ...out, number: '17401234567' }, 'outbound-kind', 'kind-not-allowed'],
  ['a premium number', {}, { ...out, number: '16812345' }, 'outbound-kind', 'kind-not-allowed'],
  [
    'the police by a step of a flow',
    {},
    { ...transfer, way: 'flow', agentId: undefined, number: '110' },
    'outbound-kind',
    'kind-not-allowed',
  ],
  [
    'a transfer at night, where transfers keep to the hours',
    { destination: registered, leaving: { ways: wayRules(['transfer']), window: { fromMinute: 660, toMinute: 1_000 } } },
    transfer,
    'outbound-hours',
    'outside-window',
  ],
  ['a transfer to a number of no register', {}, transfer, 'outbound-destination', 'not-registered'],
  ['a consultation with a number of no register', {}, { ...transfer, way: 'consultation' }, 'outbound-destination', 'not-registered'],
  [
    'an overflow to a number of no register',
    {},
    { ...transfer, way: 'overflow', agentId: undefined },
    'outbound-destination',
    'not-registered',
  ],
  [
    'a step of a flow to a number of no register',
    {},
    { ...transfer, way: 'flow', agentId: undefined },
    'outbound-destination',
    'not-registered',
  ],
  [
    'a destination that has expired',
    { destination: { ...registered, validUntil: '2026-03-09' } },
    transfer,
    'outbound-destination',
    'not-registered',
  ],
  [
    'a destination of another client unit',
    { destination: { ...registered, clientId: 'C002' } },
    transfer,
    'outbound-destination',
    'not-registered',
  ],
  [
    'a transfer while the platform is stopped',
    { destination: registered, stops: [stop('platform', '')] },
    transfer,
    'outbound-stopped',
    'stopped',
  ],
  [
    'a transfer by an agent who is stopped',
    { destination: registered, stops: [stop('agent', 'anna')] },
    transfer,
    'outbound-stopped',
    'stopped',
  ],
  ['a transfer to a person who refused', { destination: registered, refusal }, transfer, 'outbound-do-not-call', 'refused-by-person'],
  [
    'a transfer that would show another number than was called',
    { destination: registered },
    { ...transfer, called: '95200' },
    'outbound-number',
    'number-not-usable',
  ],
  [
    'a callback to a number that the trunk does not vouch for',
    {},
    { ...callback, askedIn: { callId: 'c0', vouched: false, automatic: true } },
    'outbound-unproven',
    'caller-not-vouched',
  ],
  ['a callback to a service number', {}, { ...callback, number: '95533' }, 'outbound-kind', 'kind-not-allowed'],
  [
    'a callback to a foreign number, though a rule allows foreign ones',
    { leaving: { allowedKinds: { ...NOTHING_BARRED_ALLOWED, foreign: ['callback'] } } },
    { ...callback, number: '+442079460000' },
    'outbound-kind',
    'kind-not-allowed',
  ],
  ['a day that is full', { dayIsFull: true }, out, 'outbound-ceiling', 'over-ceiling'],
  [
    'a number that was reached as often as a day allows',
    { destination: registered, leaving: { ceilings: { ...ceilings, numberCallsADay: 0 } } },
    transfer,
    'outbound-ceiling',
    'over-ceiling',
  ],
])('%s is refused, written down and audited', async (_name, change, request, code, reason) => {
  const { gate, attempts, audited } = office(change);
  await expect(gate.permit(request)).rejects.toMatchObject({ code });
  expect(attempts).toEqual([expect.objectContaining({ allowed: false, reason, way: request.way })]);
  expect(audited).toEqual([`outbound.refused:${reason}`]);
  // A refused number is nowhere stored in clear.
  if (request.number.length > 4) expect(attempts[0]?.numberMasked).not.toContain(request.number);
});

test('what is refused beside another stop is not: another number that is stopped stops nothing', async () => {
  const { gate } = office({ stops: [stop('number', '95200'), stop('client', 'C002')] });
  expect(await gate.permit(out)).toMatchObject({ from: '95100' });
});

test('a transfer to a registered destination of the client unit is permitted without consent and at any hour', async () => {
  const { gate, attempts } = office({ destination: { ...registered, clientId: 'C001' }, consents: [] });
  expect(await gate.permit(transfer)).toMatchObject({ permitId: 'n1', number: '02160000001', from: '95100', longestMs: 3_600_000 });
  expect(attempts).toEqual([expect.objectContaining({ attemptId: 'n1', callId: 'c1', way: 'transfer', allowed: true })]);
});

test('a destination may name another number to be shown, which has to be usable itself', async () => {
  const asked = { ...transfer, called: '4001000' };
  await expect(office({ destination: registered }).gate.permit(asked)).rejects.toMatchObject({ code: 'outbound-number' });
  expect(await office({ destination: { ...registered, shown: '95100' } }).gate.permit(asked)).toMatchObject({ from: '95100' });
  const unusable = office({ destination: { ...registered, shown: '4001000' } });
  await expect(unusable.gate.permit(transfer)).rejects.toMatchObject({ code: 'outbound-number' });
});

test('a rule lets one way reach a barred kind, and no other way', async () => {
  const { gate } = office({ leaving: { allowedKinds: { ...NOTHING_BARRED_ALLOWED, foreign: ['transfer'] } }, destination: registered });
  await expect(gate.permit({ ...transfer, number: '00442079460000' })).rejects.toMatchObject({ code: 'outbound-destination' });
  await expect(gate.permit({ ...out, number: '00442079460000' })).rejects.toMatchObject({ code: 'outbound-kind' });
});

test('an attempt names the version of the rules by which it was decided', async () => {
  const { gate, attempts } = office({ leaving: { version: 12 } });
  await gate.permit(out);
  await expect(gate.permit({ ...out, callId: 'c2', purpose: 'marketing' })).rejects.toMatchObject({ code: 'outbound-purpose' });
  expect(attempts.map(({ rulesVersion }) => rulesVersion)).toEqual([12, 12]);
});

test.each([
  ['is filled', [undefined, '1-0']],
  ['is dropped', ['1-0', undefined]],
])('a decision during which the memory of the lists %s is made again, from one of the two', async (_what, [before, after]) => {
  let position = before;
  const taken: (string | undefined)[] = [];
  const counting = claimsInMemory();
  const { gate } = office({
    needs: {
      memory: { position: () => position, catchUp: async () => undefined },
      claims: { ...counting, take: async (leg) => (taken.push(leg.position), counting.take(leg)) },
    },
    stores: {
      async refused() {
        position = after;
        return false;
      },
    },
  });
  await gate.permit(out);
  expect(taken).toEqual([after]);
});

describe('police, fire and ambulance from a seat', () => {
  const away = async (): Promise<never> => {
    throw new Error('the store is away');
  };
  const police = { ...out, number: '110', purpose: '' };

  test.each(['call-out', 'transfer', 'consultation'] as const)('are reached by %s, whatever is stopped, barred or full', async (way) => {
    const { gate, attempts } = office({ stops: [stop('platform', '')], dayIsFull: true, consents: [], refusal });
    const permit = await gate.permit({ ...police, way, called: way === 'call-out' ? undefined : '95100' });
    expect(permit).toMatchObject({ number: '110', numberMasked: '110', emergency: true, from: '95100' });
    expect(attempts).toEqual([expect.objectContaining({ allowed: true, emergency: true, way, numberMasked: '110' })]);
  });

  test('are reached while no store answers, and nothing else is; the row is written when the store is back', async () => {
    const written: Attempt[] = [];
    let isAway = true;
    const runs: (() => void)[] = [];
    const { gate } = office({
      needs: {
        attempts: {
          put: async (attempt) => (isAway ? away() : void written.push(attempt)),
          settle: async () => undefined,
        },
        later: (_ms, run) => (runs.push(run), () => undefined),
      },
      stores: {
        register: { number: away, trunkFault: away, destination: away },
        refused: away,
        rules: away,
        triesOf: away,
        countOf: away,
        lastedTo: away,
      },
    });
    await expect(gate.permit(out)).rejects.toThrow('away');
    expect(await gate.permit(police)).toMatchObject({ number: '110', trunkId: 'inbound-trunk' });
    expect(written).toEqual([]);
    isAway = false;
    const ended = gate.ended({
      attemptId: 'c1',
      trunkId: 't',
      from: '95100',
      dialledAt: NOW,
      answeredAt: undefined,
      endedAt: NOW,
      failure: 'busy',
    });
    for (let i = 0; i < 9; i += 1) {
      await Promise.resolve();
      for (const run of runs.splice(0)) run();
    }
    await ended;
    expect(written).toEqual([expect.objectContaining({ attemptId: 'c1', emergency: true })]);
  });

  test('are not what a callback or a flow may dial by itself', async () => {
    const { gate } = office();
    await expect(gate.permit({ ...callback, number: '110' })).rejects.toMatchObject({ code: 'outbound-kind' });
  });
});

describe('a stop that is pressed while a number is dialled', () => {
  test.each<[string, Stop]>([
    ['the platform', stop('platform', '')],
    ['the number shown', stop('number', '95100')],
    ['the client unit', stop('client', 'C001')],
    ['the agent', stop('agent', 'anna')],
  ])('of %s calls the leg off', async (_what, pressed) => {
    const { gate, stops } = office();
    const permit = await gate.permit(out);
    const calledOff = new Promise((resolve) => void gate.whileDialled(permit, resolve));
    stops.push(pressed);
    expect(await calledOff).toBe('outbound-stopped');
  });

  test('of something else does not, nor of a leg that was answered', async () => {
    const { gate, stops } = office();
    let calledOff = 0;
    const answered = await gate.whileDialled(await gate.permit(out), () => (calledOff += 1));
    (await gate.whileDialled(await gate.permit({ ...out, callId: 'c2', agentId: 'ben' }), () => (calledOff += 1)))();
    const third = await gate.permit({ ...out, callId: 'c3', agentId: 'carl' });
    const other = new Promise((resolve) => void gate.whileDialled(third, resolve));
    stops.push(stop('agent', 'ben'), stop('number', '95200'), stop('agent', 'carl'));
    await other;
    expect(calledOff).toBe(0);
    answered();
  });
});

describe('a permit', () => {
  test('dials once', async () => {
    const { gate, permits } = office();
    const permit = await gate.permit(out);
    expect([permits.redeem(permit), permits.redeem(permit)]).toEqual([true, false]);
  });

  test('is void after two seconds', async () => {
    const { gate, permits, time } = office();
    const permit = await gate.permit(out);
    time.nowMs += PERMIT_MS + 1;
    expect(permits.redeem(permit)).toBe(false);
  });

  test.each(['number', 'trunkId', 'from'] as const)('with another %s than was permitted dials nothing', async (field) => {
    const { gate, permits } = office();
    expect(permits.redeem({ ...(await gate.permit(out)), [field]: '13900000009' })).toBe(false);
  });

  test('that leads to no leg counts nowhere, and can no longer be used', async () => {
    const { gate, permits, settled } = office();
    const permit = await gate.permit(out);
    await gate.unused(permit);
    expect(settled).toEqual([['c1', { unused: true }]]);
    expect(permits.redeem(permit)).toBe(false);
  });

  test('that came too late for its leg counts nowhere, whatever was permitted meanwhile', async () => {
    const { gate, permits, settled, time } = office();
    const late = await gate.permit(out);
    const unused = await gate.permit({ ...out, callId: 'c2' });
    time.nowMs += PERMIT_MS + 1;
    await gate.permit({ ...out, callId: 'c3' });
    expect(permits.redeem(late)).toBe(false);
    await gate.unused(late);
    await gate.unused(unused);
    expect(settled).toEqual([
      ['c1', { unused: true }],
      ['c2', { unused: true }],
    ]);
    expect(permits.redeem(late)).toBe(false);
  });

  test('that dialled counts, also when somebody gives it back', async () => {
    const { gate, permits, settled } = office();
    const permit = await gate.permit(out);
    permits.redeem(permit);
    await gate.unused(permit);
    expect(settled).toEqual([]);
  });

  test('whose INVITE did not leave counts nowhere, and can no longer be used', async () => {
    const { gate, permits, settled } = office();
    const permit = await gate.permit(out);
    permits.redeem(permit);
    permits.notSent(permit);
    expect(permits.redeem(permit)).toBe(false);
    await gate.unused(permit);
    await gate.unused(permit);
    expect(settled).toEqual([['c1', { unused: true }]]);
  });
});

const overNow = ({ permitId, trunkId, from }: { readonly permitId: string; readonly trunkId: string; readonly from: string }) => ({
  ...{ attemptId: permitId, trunkId, from },
  ...{ dialledAt: NOW, answeredAt: undefined, endedAt: NOW, failure: undefined },
});

describe('a leg that its trunk did not take', () => {
  const ways = [
    { trunkId: 'carrier', from: '95100' },
    { trunkId: 'second', from: '4001000' },
    { trunkId: 'full', from: '95100' },
    { trunkId: 'third', from: '95100' },
  ];
  const dayCount = async (_day: string, trunkId: string) => ({
    calls: 0,
    lastedMs: 0,
    trunkCalls: trunkId === 'full' ? ceilings.trunkCallsADay : 0,
    trunkLastedMs: 0,
  });

  test('moves to the next trunk that shows the same number and has calls left today, once, and is written down', async () => {
    const { gate, permits, settled, audited } = office({ stores: { dayCount } });
    const permit = await gate.permit({ ...out, ways });
    expect(permit.others?.map(({ trunkId }) => trunkId)).toEqual(['full', 'third']);
    expect(permits.redeem(permit)).toBe(true);
    const moved = await gate.otherWay(permit);
    expect(moved).toMatchObject({ permitId: permit.permitId, trunkId: 'third', from: '95100', number: permit.number, others: [] });
    expect(settled).toEqual([['c1', { trunkId: 'third', from: '95100' }]]);
    expect(audited).toEqual(['outbound.permitted:', 'outbound.moved:']);
    // The earlier permit can no longer move to another trunk, and dials nothing.
    expect(await gate.otherWay(permit)).toBeUndefined();
    if (moved === undefined) throw new Error('it did not move');
    expect(permits.redeem(moved)).toBe(true);
    expect(permits.redeem(permit)).toBe(false);
    expect(await gate.otherWay(moved)).toBeUndefined();
  });

  test('goes nowhere when it is over', async () => {
    const { gate } = office({ stores: { dayCount } });
    const permit = await gate.permit({ ...out, ways });
    await gate.ended(overNow(permit));
    expect(await gate.otherWay(permit)).toBeUndefined();
  });
  const numberOf = (isLater: () => boolean) => async () => ({ ...row, direction: isLater() ? 'inbound-only' : 'both' });
  const others = { trunkFault: async () => undefined, destination: async () => undefined };
  test.each<[string, (isLater: () => boolean) => Office['stores']]>([
    ['the person has refused', (isLater) => ({ refused: async () => isLater() })],
    ['our number may no longer be shown', (isLater) => ({ register: { number: numberOf(isLater), ...others } })],
    ['its consent was withdrawn', (isLater) => ({ consent: async () => (isLater() ? undefined : { id: 'consent-7' }) })],
    ['another consent took its place', (isLater) => ({ consent: async () => ({ id: isLater() ? 'another' : 'consent-7' }) })],
  ])('goes nowhere when meanwhile %s', async (_what, changing) => {
    let isLater = false;
    const { gate } = office({ stores: { dayCount, ...changing(() => isLater) } });
    const permit = await gate.permit({ ...out, ways });
    isLater = true;
    expect(await gate.otherWay(permit)).toBeUndefined();
  });
  test.each([stop('platform', ''), stop('agent', 'anna'), stop('number', '95100')])('goes nowhere after %j', async (pressed) => {
    const { gate, stops, audited } = office({ stores: { dayCount } });
    const permit = await gate.permit({ ...out, ways });
    stops.push(pressed);
    expect(await gate.otherWay(permit)).toBeUndefined();
    expect(audited).not.toContain('outbound.moved:');
  });

  test('stands in its row with the trunk that it was dialled over last, when the next one had no channel', async () => {
    const { gate, settled } = office({ stores: { dayCount } });
    const permit = await gate.permit({ ...out, ways });
    expect(await gate.otherWay(permit)).toMatchObject({ trunkId: 'third' });
    await gate.ended(overNow(permit));
    expect(settled.at(-1)).toEqual(['c1', { trunkId: 'carrier', from: '95100', endedAt: NOW }]);
  });

  test('to the police goes over any trunk, whatever the register says', async () => {
    const { gate, audited } = office({ trunkFault: 'trunk-not-registered' });
    const permit = await gate.permit({ ...out, number: '110', ways });
    const moved = await gate.otherWay(permit, { returns: true });
    expect(moved).toMatchObject({ trunkId: 'second', others: expect.arrayContaining([{ trunkId: 'carrier', from: '95100' }]) });
    await gate.unused(permit);
    expect(audited).toContain('outbound.moved:');
  });
});
