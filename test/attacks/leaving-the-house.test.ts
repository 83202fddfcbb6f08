import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Flow, ServiceNumber } from '../../services/shared/contracts/flow.js';
import { BareSeat } from '../support/bare-seat.js';
import { FarPhone } from '../support/far-phone.js';
import { until } from '../support/until.js';
import { dialFrom, PLAIN, TRUTHFUL } from './support/carrier.js';
import { Conversation } from './support/conversation.js';
import { attacked, endAllCalls } from './support/tier.js';

const stack = attacked();
/** Numbers that cost or harm: satellite, foreign, a carrier's feature code, emergency, premium, and a mobile of nobody's register. */
const COSTLY = ['00881612345678', '0012125550123', '*21*13800009999#', '110', '16812345678', '13800009999'] as const;
/** How long the far end waits for an INVITE that must not come, after the product has said what it does. */
const NOTHING_WITHIN_MS = 1_500;

let far: FarPhone;
let compliance: string;
let supervisor: string;

beforeAll(async () => {
  far = await FarPhone.open(TRUTHFUL);
  const admin = await stack.signIn('admin');
  [compliance, supervisor] = [await stack.signIn('compliance'), await stack.signIn('supervisor')];
  for (const [id, address, trustsIdentity] of [
    ['carrier-truthful', TRUTHFUL, true],
    ['carrier-plain', PLAIN, false],
  ] as const) {
    const trunk = {
      name: id,
      addresses: [address],
      trustsIdentity,
      outboundUri: far.uri,
      permittedCallerNumbers: ['4001000', '95100'],
      enabled: true,
    };
    expect((await stack.http('PUT', `/api/trunks/${id}`, { token: admin, body: trunk })).status).toBe(200);
  }
  const values = { number: '95100', kind: '95', purpose: '回访', area: '全国', direction: 'both', commitmentLetter: true, state: 'in-use' };
  expect((await stack.http('POST', '/api/registry/numbers', { token: compliance, body: { values } })).status).toBeLessThan(300);
}, 30_000);
afterEach(async () => {
  await endAllCalls(stack);
  far.called.length = 0;
});
afterAll(async () => {
  far.close();
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

/** What the far end was asked for, after everything had its time. */
async function wasCalled(): Promise<readonly string[]> {
  await until(
    () => far.called.length,
    (count) => count > 0,
    NOTHING_WITHIN_MS,
  ).catch(() => undefined);
  return far.called;
}

const codeOf = async (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => 'let through',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

async function consents(number: string): Promise<void> {
  const body = { number, purposes: ['enquiry'], channel: 'web', givenAt: new Date(), evidence: 'form 7' };
  expect((await stack.http('POST', '/api/outbound/consents', { token: supervisor, body })).status).toBeLessThan(300);
}

describe('an agent with a caller on the line', () => {
  test.each(['call:transfer', 'call:consult'])(
    'does not get to costly or unregistered numbers by %s',
    async (event) => {
      await using talk = await Conversation.begin(stack);
      for (const number of COSTLY) {
        const code = await codeOf(talk.seat.ask(event, { callId: talk.callId, target: { to: 'number', number } }));
        expect([number, code === 'let through']).toEqual([number, false]);
      }
      expect(await wasCalled()).toEqual([]);
      await talk.bothHear();
    },
    60_000,
  );

  test('does not get to one by digits, other scripts or what hides between digits', async () => {
    await using talk = await Conversation.begin(stack);
    for (const number of [
      '１３８００００９９９９',
      '1380000\u200b9999',
      '+86 138 0000 9999',
      'sip:13800009999@127.0.0.71',
      '13800009999;phone-context=x',
      '1'.repeat(24),
      '+',
      '',
    ])
      for (const event of ['call:transfer', 'call:consult'])
        expect([number, await codeOf(talk.seat.ask(event, { callId: talk.callId, target: { to: 'number', number } }))]).not.toEqual([
          number,
          'let through',
        ]);
    // The digits that an agent sends into a call are sound in that call, never a number to dial.
    await codeOf(talk.seat.ask('call:keys', { callId: talk.callId, keys: '*2113800009999#' }));
    expect(await wasCalled()).toEqual([]);
    await talk.bothHear();
  }, 60_000);

  test('leaves a trace of every number that was tried', async () => {
    await using talk = await Conversation.begin(stack);
    const attempts = async (): Promise<number> => {
      const { body } = await stack.http('GET', '/api/outbound/attempts?limit=1', { token: supervisor });
      return (body as { total: number }).total;
    };
    const before = await attempts();
    await codeOf(talk.seat.ask('call:transfer', { callId: talk.callId, target: { to: 'number', number: '13800009999' } }));
    await codeOf(talk.seat.ask('call:consult', { callId: talk.callId, target: { to: 'number', number: '00881612345678' } }));
    await until(attempts, (total) => total >= before + 2, 10_000);
  }, 60_000);
});

describe('a destination of transfers', () => {
  const number = '02160000055';
  const values = { number, name: 'branch', reason: 'complaints about deliveries', validUntil: '2099-01-01' };
  interface Row {
    readonly key: string;
    readonly revision: number;
  }
  const rowOf = async (): Promise<Row> => {
    const { body } = await stack.http('GET', '/api/registry/destinations', { token: compliance });
    const { entries } = body as { entries: (Row & { values: { number: string } })[] };
    return entries.find((entry) => entry.values.number.endsWith('2160000055'))!;
  };
  const approve = async (token: string): Promise<number> => {
    const { key, revision } = await rowOf();
    return (
      await stack.http('POST', `/api/registry/destinations/entries/${encodeURIComponent(key)}/approve`, { token, body: { revision } })
    ).status;
  };
  const transfers = async (): Promise<string> => {
    await using talk = await Conversation.begin(stack);
    return await codeOf(talk.seat.ask('call:consult', { callId: talk.callId, target: { to: 'number', number } }));
  };

  test('is one when a second person has approved it, until somebody changes it', async () => {
    const added = await stack.http('POST', '/api/registry/destinations', { token: compliance, body: { values } });
    expect(added.status).toBeLessThan(300);
    expect(await transfers()).not.toBe('let through');
    expect(await approve(compliance)).toBeGreaterThanOrEqual(400);
    expect(await approve(await stack.signIn('agent1'))).toBe(403);
    expect(await transfers()).not.toBe('let through');
    expect(await wasCalled()).toEqual([]);
    expect(await approve(supervisor)).toBeLessThan(300);
    const coming = far.next();
    expect(await transfers()).toBe('let through');
    expect((await coming).number).toContain('2160000055');
    await endAllCalls(stack);
    far.called.length = 0;
    const { key, revision } = await rowOf();
    const changed = await stack.http('PUT', `/api/registry/destinations/entries/${encodeURIComponent(key)}`, {
      token: compliance,
      body: { revision, values: { ...values, name: 'another branch' } },
    });
    expect(changed.status).toBeLessThan(300);
    expect(await transfers()).not.toBe('let through');
    expect(await wasCalled()).toEqual([]);
  }, 90_000);
});

describe('a number that does not want to be called, in another spelling', () => {
  const spellings = [
    '13800009911',
    '013800009911',
    '+8613800009911',
    '008613800009911',
    '8613800009911',
    '1790913800009911',
    '1795113800009911',
  ];
  test('is not dialled', async () => {
    const seat = await BareSeat.open(stack, 'agent1');
    try {
      await seat.ready();
      for (const number of spellings) await consents(number);
      const body = { numbers: ['13800009911'], reason: 'other', source: 'x' };
      const listed = await stack.http('POST', '/api/do-not-call', { token: supervisor, body });
      expect(listed.status).toBeLessThan(300);
      for (const number of spellings)
        expect([number, await codeOf(seat.ask('call:dial', { number, purpose: 'enquiry' }))]).toEqual([number, 'outbound-do-not-call']);
      expect(await wasCalled()).toEqual([]);
    } finally {
      await seat.leave();
    }
  }, 60_000);
});

test('ten wishes to dial at the same moment make one call, not ten', async () => {
  const seat = await BareSeat.open(stack, 'agent1');
  try {
    await seat.ready();
    await consents('02160000077');
    await until(
      async () => codeOf(seat.ask('call:dial', { number: '02160000077', purpose: 'enquiry' })),
      (code) => code !== 'outbound-number',
      10_000,
    );
    await endAllCalls(stack);
    far.called.length = 0;
    await seat.ready();
    await Promise.all(Array.from({ length: 10 }, () => codeOf(seat.ask('call:dial', { number: '02160000077', purpose: 'enquiry' }))));
    await wasCalled();
    expect(far.called.length).toBeLessThanOrEqual(1);
  } finally {
    await seat.leave();
  }
}, 60_000);

test('a blocked caller is blocked however the own number is written', async () => {
  const entry = { number: '13800007777', list: 'black', priority: 10, note: '' };
  expect((await stack.http('POST', '/api/caller-lists', { token: supervisor, body: entry })).status).toBeLessThan(300);
  const statusOf = async (caller: string): Promise<number> => {
    const phone = await dialFrom(stack, TRUTHFUL, '4001000', caller);
    try {
      return await phone.call();
    } finally {
      phone.close();
    }
  };
  await until(
    () => statusOf('13800007777'),
    (status) => status === 403,
    10_000,
  );
  for (const caller of ['+8613800007777', '8613800007777', '013800007777', '008613800007777', '1790913800007777'])
    expect([caller, await statusOf(caller)]).toEqual([caller, 403]);
}, 60_000);

describe('a callback that nobody of the house asked for', () => {
  const NUMBER = '4007201';
  beforeAll(async () => {
    const { body } = await stack.http('GET', '/api/numbers', { token: supervisor });
    const { numbers } = body as { numbers: ServiceNumber[] };
    const flow: Flow = {
      ...numbers.find(({ number }) => number === '4001000')!.flow,
      start: 'back',
      steps: { back: { kind: 'callback', queueId: 'service', promptId: 'beep' } },
    };
    const made = await stack.http('PUT', `/api/numbers/${NUMBER}`, {
      token: supervisor,
      body: { name: 'back', status: 'in-service', language: 'zh-CN', flow },
    });
    expect(made.status).toBeLessThan(300);
  });

  /** Calls, hears the notice, and rings off. */
  async function asksForOne(local: string, caller: string): Promise<void> {
    const phone = await dialFrom(stack, local, NUMBER, caller);
    try {
      expect(await phone.call()).toBe(200);
      await phone.ended;
    } finally {
      phone.close();
    }
  }

  test('goes to no satellite, foreign or emergency number, nor to one that only the caller vouches for', async () => {
    const seat = await BareSeat.open(stack, 'agent1');
    try {
      for (const [local, caller] of [
        [TRUTHFUL, '00881612345678'],
        [TRUTHFUL, '0012125550123'],
        [TRUTHFUL, '110'],
        [TRUTHFUL, '16812345678'],
        [TRUTHFUL, '4001000'],
        [PLAIN, '13800009922'],
        // The one that may be called back, so that the silence above is none of a callback that does not work.
        [TRUTHFUL, '13800009933'],
      ] as const)
        await asksForOne(local, caller);
      await seat.ready();
      await until(
        () => [...far.called],
        (called) => called.some((number) => number.includes('13800009933')),
        45_000,
      );
      expect(far.called.filter((number) => !number.includes('13800009933'))).toEqual([]);
    } finally {
      await seat.leave();
    }
  }, 120_000);
});

test.each([
  ['a satellite number', '00881612345678'],
  ['a feature code', '*21*13800009999#'],
  ['a number of no register', '13800009999'],
  ['an emergency number', '110'],
])('a queue does not overflow to %s', async (_what, number) => {
  const { body } = await stack.http('GET', '/api/queues', { token: supervisor });
  const { revision: _revision, ...queue } = (body as { queues: Record<string, unknown>[] }).queues.find(({ id }) => id === 'service') ?? {};
  const saved = await stack.http('PUT', '/api/queues/attack-overflow', {
    token: supervisor,
    body: { ...queue, overflow: { to: 'number', number } },
  });
  expect(saved.status).toBeGreaterThanOrEqual(400);
});
