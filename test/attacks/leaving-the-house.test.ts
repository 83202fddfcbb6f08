import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { asked } from '../support/asked.js';
import { registeredTrunk } from '../support/centre/calling-out.js';
import { BareSeat } from '../support/bare-seat.js';
import { FarPhone } from '../support/phones/far-phone.js';
import { until } from '../support/until.js';
import { within } from '../support/within.js';
import { dialFrom, PLAIN, TRUTHFUL } from './support/carrier.js';
import { AGENT_HZ, CALLER_HZ, Conversation } from './support/conversation.js';
import { attacked, endAllCalls, liveCalls } from './support/tier.js';

// Agents, callers and flows that try to make the product dial what costs somebody money, towards a carrier that takes whatever is dialled.

const stack = attacked();
const OUTSIDE = '127.0.0.73';
const SHOWN = '95100';
const PARTNER = '02160000071';
const UNAPPROVED = '02160000072';
const CALLBACK = '4007201';
const TO_PARTNER = '4007202';
const FAR_HZ = 2_100;

let far: FarPhone;
let supervisor: string;
let compliance: string;

interface Attempt {
  readonly callId: string;
  readonly way: string;
  readonly allowed: boolean;
  readonly reason?: string;
  readonly numberMasked: string;
  readonly emergency?: boolean;
}

const laidOut = async <T>(token: string, method: string, path: string, body?: unknown): Promise<T> =>
  asked<T>(stack, token, method, `/api${path}`, body);

const attempts = async (): Promise<readonly Attempt[]> =>
  (await laidOut<{ attempts: Attempt[] }>(supervisor, 'GET', '/outbound/attempts?limit=200')).attempts;

const approve = (token: string, number: string): ReturnType<typeof stack.http> =>
  stack.http('POST', `/api/registry/destinations/entries/${number}/approve`, { token, body: { revision: 1 } });

/** A number in service whose callers come to the step `only`. */
const numberWith = async (number: string, steps: object): Promise<unknown> =>
  laidOut(supervisor, 'PUT', `/numbers/${number}`, {
    name: number,
    status: 'in-service',
    language: 'zh-CN',
    flow: { noticePromptId: 'beep', start: 'only', steps },
  });

const outTrunk = (): object => ({
  name: 'carrier-out',
  addresses: [OUTSIDE],
  outboundUri: far.uri,
  permittedCallerNumbers: ['4001000', SHOWN],
  enabled: true,
});

beforeAll(async () => {
  [supervisor, compliance] = [await stack.signIn('supervisor'), await stack.signIn('compliance')];
  const admin = await stack.signIn('admin');
  far = await FarPhone.open(OUTSIDE);
  await laidOut(admin, 'PUT', '/trunks/carrier-out', outTrunk());
  const ours = { number: SHOWN, kind: '95', purpose: '回访', area: '北京', direction: 'both', commitmentLetter: true, state: 'in-use' };
  await laidOut(compliance, 'POST', '/registry/numbers', { values: ours });
  await laidOut(compliance, 'POST', '/registry/trunks', { values: registeredTrunk('carrier-out', ['4001000', SHOWN]) });
  for (const number of [PARTNER, UNAPPROVED])
    await laidOut(compliance, 'POST', '/registry/destinations', {
      values: { number, name: '理赔中心', reason: '理赔由其办理', validUntil: '2099-12-31', shown: SHOWN },
    });
  // The author of an entry may not approve it.
  expect((await approve(compliance, PARTNER)).status).toBe(403);
  expect((await approve(supervisor, PARTNER)).status).toBeLessThan(300);
  await numberWith(CALLBACK, { only: { kind: 'callback', queueId: 'service', promptId: 'callback-booked' } });
  await numberWith(TO_PARTNER, { only: { kind: 'transfer', number: PARTNER } });
  await until(
    async () => {
      const phone = await dialFrom(stack, PLAIN, TO_PARTNER, '13800000070');
      const status = await phone.call();
      phone.close();
      return status;
    },
    (status) => status === 200,
  );
}, 90_000);

afterEach(() => endAllCalls(stack));
afterAll(async () => {
  far.close();
  await laidOut(await stack.signIn('admin'), 'DELETE', '/trunks/carrier-out');
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

const costly: readonly (readonly [string, string])[] = [
  ['a satellite', '00881612345678'],
  ['a satellite with a plus', '+881 6 1234 5678'],
  ['a satellite by an access code', '1790900881612345678'],
  ['a satellite of the country', '13491234567'],
  ['abroad', '0085212345678'],
  ['a premium number', '16812345'],
  ['a premium number abroad', '+1 900 234 5678'],
  ['a feature code of the carrier', '*21*13800009999#'],
  ['a feature code behind a number', `${PARTNER}#*72`],
  ['nobody of the register', '13800009999'],
  ['nobody of the register, spelt otherwise', '+86 (0)138-0000-9999'],
  ['a destination that nobody approved', UNAPPROVED],
  ['full-width digits', '００８８１６１２３４５６７８'],
  ['Arabic digits', '٠٠٨٨١٦١٢٣٤٥٦٧٨'],
  ['digits with signs between that nobody sees', '0088\u200b1612345678'],
  ['another host', `${PARTNER}@127.0.0.66`],
  ['a parameter', `${PARTNER};phone-context=+881`],
  ['a header of its own', `${PARTNER}\r\nRoute: <sip:127.0.0.66>`],
  ['a tail of digits', `${PARTNER},,00881612345678`],
  ['a number without end', `${PARTNER}${'0'.repeat(500)}`],
];

describe('an agent with a caller on the line', () => {
  test('reaches no number by transfer, consultation or a call of the own that costs or that nobody approved', async () => {
    await using talk = await Conversation.begin(stack);
    const before = far.called.length;
    const dialled: string[] = [];
    for (const [what, number] of costly)
      for (const how of ['transfer', 'consult'])
        await talk.seat.ask(`call:${how}`, { callId: talk.callId, target: { to: 'number', number } }).then(
          () => dialled.push(`${how} to ${what}`),
          () => undefined,
        );
    expect(dialled).toEqual([]);
    expect(far.called.slice(before)).toEqual([]);
    await talk.bothHear();
    const ofCall = (await attempts()).filter(({ callId }) => callId === talk.callId);
    expect(ofCall.filter(({ allowed }) => allowed)).toEqual([]);
    // Every attempt at something that is a number is listed with its reason, and none with the digits.
    expect(new Set(ofCall.map(({ reason }) => reason))).toEqual(new Set(['kind-not-allowed', 'not-registered', 'not-dialable']));
    expect(JSON.stringify(ofCall)).not.toMatch(/13800009999|881612345678/);
  }, 60_000);

  test('dials none of them without a caller, either', async () => {
    const seat = await BareSeat.open(stack, 'agent1');
    try {
      const before = far.called.length;
      const dialled: string[] = [];
      for (const [what, number] of costly)
        await seat.ask('call:dial', { number, purpose: 'enquiry' }).then(
          () => dialled.push(what),
          () => undefined,
        );
      expect(dialled).toEqual([]);
      expect(far.called.slice(before)).toEqual([]);
    } finally {
      await seat.leave();
    }
  }, 30_000);

  test('invites an approved destination into a conference; the record, the attempts and the audit log name it', async () => {
    let callId = '';
    {
      await using talk = await Conversation.begin(stack);
      ({ callId } = talk);
      const coming = far.next();
      // Another spelling of a good number: the product dials the number's one form.
      await talk.seat.ask('call:consult', { callId, target: { to: 'number', number: '00862160000071' } });
      const outside = await within(coming, 20_000, () => 'nobody was dialled');
      expect(outside.number).toBe(PARTNER);
      expect(outside.invite.headers.get('p-asserted-identity')).toEqual([expect.stringContaining(`sip:${SHOWN}@`)]);
      // One tone at a time: in a conference everybody is heard at once.
      talk.seat.phone.sound.play(undefined);
      outside.sound.play(FAR_HZ);
      await until(
        () =>
          talk.seat.ask('call:consult-end', { callId, how: 'join' }).then(
            () => true,
            () => false,
          ),
        Boolean,
        10_000,
      );
      await Promise.all([talk.caller.sound.untilHears(FAR_HZ, 10_000), outside.sound.untilHears(CALLER_HZ, 10_000)]);
    }
    await endAllCalls(stack);
    const record = await until(
      () => stack.http('GET', `/api/calls/${callId}`, { token: supervisor }),
      ({ status }) => status === 200,
    );
    expect(record.body).toMatchObject({ dialled: [{ way: 'consultation', numberMasked: '021****0071', from: SHOWN }] });
    expect((await attempts()).filter((attempt) => attempt.callId === callId)).toEqual([
      expect.objectContaining({ way: 'consultation', allowed: true, numberMasked: '021****0071' }),
    ]);
    const auditor = await stack.signIn('auditor');
    const { rows } = await laidOut<{ rows: { what: string; after?: unknown }[] }>(auditor, 'GET', `/audit?object=call:${callId}&limit=50`);
    expect(rows.filter(({ what }) => what === 'outbound.permitted')).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(PARTNER);
  }, 60_000);
});

describe('an administrator who enters a costly number as the carrier’s echo number', () => {
  const proofOver = async (): Promise<{ readonly ok: boolean }> =>
    laidOut<{ ok: boolean }>(compliance, 'POST', '/proof-call?trunkId=carrier-out&end=echo');

  test.each([
    ['a satellite', '00881612345678'],
    ['a premium number', '16812345'],
    ['the police', '110'],
    ['nobody of the register', '13800009999'],
    ['a destination that nobody approved', UNAPPROVED],
  ])(
    'has no proof call and no test of the trunk dial %s',
    async (_what, echoNumber) => {
      const admin = await stack.signIn('admin');
      const before = far.called.length;
      await laidOut(admin, 'PUT', '/trunks/carrier-out', { ...outTrunk(), echoNumber });
      try {
        await until(
          () => laidOut<{ echoes: { trunkId: string; number: string }[] }>(compliance, 'GET', '/proof-call/ways'),
          ({ echoes }) => echoes.some(({ trunkId, number }) => trunkId === 'carrier-out' && number === echoNumber),
        );
        expect(await proofOver()).toMatchObject({ ok: false });
        const { testId } = await laidOut<{ testId: string }>(admin, 'POST', '/trunks/carrier-out/test', {});
        const { tests } = await until(
          () => laidOut<{ tests: { testId: string; state: string; ok: boolean }[] }>(admin, 'GET', '/trunk-tests'),
          (now) => now.tests.some((each) => each.testId === testId && each.state !== 'running'),
          60_000,
        );
        expect(tests.find((each) => each.testId === testId)?.ok).toBe(false);
        expect(far.called.slice(before)).toEqual([]);
      } finally {
        await laidOut(admin, 'PUT', '/trunks/carrier-out', outTrunk());
      }
    },
    120_000,
  );
});

test('a stop pressed while a number rings cancels the call within a second; the police can still be reached', async () => {
  const number = '13900000095';
  await laidOut(supervisor, 'POST', '/outbound/consents', {
    number,
    purposes: ['enquiry'],
    channel: 'web',
    givenAt: new Date(),
    evidence: 'form 7',
  });
  const seat = await BareSeat.open(stack, 'agent1');
  let stopId = '';
  try {
    far.behaviour = 'ring';
    const coming = far.next();
    await seat.ask('call:dial', { number, purpose: 'enquiry' });
    const ringing = await within(coming, 20_000, () => 'nobody was dialled');
    const stop = { scope: 'platform', value: '', reason: 'somebody complained' };
    ({ id: stopId } = await laidOut<{ id: string }>(supervisor, 'POST', '/outbound/stops', stop));
    const pressedMs = performance.now();
    await within(ringing.ended, 5_000, () => 'the number rings on');
    expect(performance.now() - pressedMs).toBeLessThan(1_000);
    far.behaviour = 'answer';
    await until(
      () => liveCalls(stack),
      (calls) => calls.length === 0,
    );
    const police = far.next();
    await seat.ask('call:dial', { number: '110', purpose: 'enquiry' });
    const reached = await within(police, 20_000, () => 'the police were not dialled');
    expect(reached.number).toBe('110');
    expect((await attempts()).find(({ numberMasked }) => numberMasked === '110')).toMatchObject({ allowed: true, emergency: true });
    // Nobody in the house ends a call to the police; the police do.
    reached.hangUp();
  } finally {
    far.behaviour = 'answer';
    if (stopId !== '') await laidOut(supervisor, 'DELETE', `/outbound/stops/${stopId}`);
    await seat.leave();
  }
}, 60_000);

describe('another spelling of a number', () => {
  const spellings = (digits: string): readonly string[] => [
    digits,
    `+86${digits}`,
    `86${digits}`,
    `0086${digits}`,
    `0${digits}`,
    `17909${digits}`,
  ];

  test('leads past no list of those who do not want to be called', async () => {
    const number = '13900000091';
    await laidOut(supervisor, 'POST', '/do-not-call', { numbers: [number], reason: 'other', source: 'said so' });
    const seat = await BareSeat.open(stack, 'agent1');
    try {
      const before = far.called.length;
      const answers: string[] = [];
      for (const spelt of spellings(number)) {
        const consent = { number: spelt, purposes: ['enquiry'], channel: 'web', givenAt: new Date(), evidence: 'form 7' };
        await stack.http('POST', '/api/outbound/consents', { token: supervisor, body: consent });
        answers.push(
          await seat.ask('call:dial', { number: spelt, purpose: 'enquiry' }).then(
            () => 'dialled',
            (error: unknown) => (error as Error).message,
          ),
        );
      }
      expect(answers).toEqual(answers.map(() => 'outbound-do-not-call'));
      expect(far.called.slice(before)).toEqual([]);
    } finally {
      await seat.leave();
    }
  }, 30_000);

  test('leads past no black list', async () => {
    const number = '13800007777';
    await laidOut(supervisor, 'POST', '/caller-lists', { number, list: 'black', priority: 10, note: 'x' });
    const call = async (caller: string): Promise<number> => {
      const phone = await dialFrom(stack, TRUTHFUL, '4001000', caller);
      try {
        return await phone.call();
      } finally {
        phone.close();
      }
    };
    // The list is reread from time to time.
    await until(
      () => call(number),
      (status) => status === 403,
    );
    const answers: [string, number][] = [];
    for (const spelt of spellings(number)) answers.push([spelt, await call(spelt)]);
    expect(answers).toEqual(spellings(number).map((spelt) => [spelt, 403]));
  }, 60_000);
});

test('no queue or flow that leads to such a number is saved', async () => {
  const { queues } = await laidOut<{ queues: Record<string, unknown>[] }>(supervisor, 'GET', '/queues');
  const queue = queues.find(({ id }) => id === 'service');
  const saved: string[] = [];
  for (const [what, number] of costly) {
    const overflow = { to: 'number', number };
    if ((await stack.http('PUT', '/api/queues/service', { token: supervisor, body: { ...queue, overflow } })).status < 300)
      saved.push(`the queue with ${what}`);
    const flow = { noticePromptId: 'beep', start: 'only', steps: { only: { kind: 'transfer', number } } };
    const body = { name: 'x', status: 'in-service', language: 'zh-CN', flow };
    if ((await stack.http('PUT', '/api/numbers/4007203', { token: supervisor, body })).status < 300) saved.push(`the flow with ${what}`);
  }
  expect(saved).toEqual([]);
}, 30_000);

test('no caller gets into the queue of test calls, and nobody changes that queue or its number', async () => {
  const { queues } = await laidOut<{ queues: { id: string }[] }>(supervisor, 'GET', '/queues');
  const [service, tests] = ['service', 'proof'].map((wanted) => queues.find(({ id }) => id === wanted));
  const leading = (kind: 'queue' | 'callback', queueId: string): object => ({
    noticePromptId: 'beep',
    start: 'only',
    steps: { only: { kind, queueId, ...(kind === 'callback' ? { promptId: 'beep' } : {}) } },
  });
  const number = { name: 'x', status: 'in-service', language: 'zh-CN' };
  const writes: readonly (readonly [string, string, object | undefined])[] = [
    ['PUT', '/queues/service', { ...service, overflow: { to: 'queue', queueId: 'proof' } }],
    ['PUT', '/queues/with-a-machine', { name: { 'zh-CN': 'x', en: 'x' }, members: ['system:proof-seat'] }],
    ['PUT', '/queues/proof', { ...tests, members: 'everyone' }],
    ['DELETE', '/queues/proof', undefined],
    ['PUT', '/numbers/4007204', { ...number, flow: leading('queue', 'proof') }],
    ['PUT', '/numbers/4007204', { ...number, flow: leading('callback', 'proof') }],
    ['PUT', '/numbers/9990', { ...number, status: 'draft' }],
    ['POST', '/numbers/9990/flows', { flow: leading('queue', 'service'), note: 'x' }],
    ['DELETE', '/numbers/9990', undefined],
    ['POST', '/campaigns', { name: 'x', from: SHOWN, purpose: 'enquiry', queueId: 'proof' }],
  ];
  const saved: string[] = [];
  for (const [method, path, body] of writes) {
    const { status } = await stack.http(method, `/api${path}`, { token: supervisor, ...(body === undefined ? {} : { body }) });
    if (status !== 400 && status !== 403) saved.push(`${method} ${path} was answered ${String(status)}`);
  }
  expect(saved).toEqual([]);
  const caller = await dialFrom(stack, PLAIN, '9990');
  try {
    expect(await caller.call()).toBe(404);
  } finally {
    caller.close();
  }
}, 30_000);

test('ten callers whom a flow forwards at the same moment do not exceed a ceiling together', async () => {
  interface Rules {
    readonly ceilings: Readonly<Record<string, number>>;
    readonly allowedKinds: unknown;
  }
  const { ceilings, allowedKinds } = await laidOut<Rules>(supervisor, 'GET', '/outbound/rules');
  // Emergency calls count towards no ceiling.
  const counts = ({ allowed, emergency }: Attempt): boolean => allowed && emergency !== true;
  const left = (await attempts()).filter(counts).length;
  await laidOut(supervisor, 'PUT', '/outbound/ceilings', { ceilings: { ...ceilings, callsADay: left + 3 }, allowedKinds });
  const before = far.called.length;
  const callers = await Promise.all(
    Array.from({ length: 10 }, (_each, i) => dialFrom(stack, PLAIN, TO_PARTNER, `138000001${String(i).padStart(2, '0')}`)),
  );
  try {
    expect(await Promise.all(callers.map((caller) => caller.call()))).toEqual(callers.map(() => 200));
    const asked = await until(
      attempts,
      (all) => all.length >= left + 10 && all.filter(({ reason }) => reason === 'over-ceiling').length >= 7,
    );
    expect(asked.filter(counts).length).toBe(left + 3);
    await until(
      () => far.called.length,
      (count) => count >= before + 3,
    );
    expect(far.called.slice(before)).toEqual([PARTNER, PARTNER, PARTNER]);
  } finally {
    for (const caller of callers) caller.close();
    await laidOut(supervisor, 'PUT', '/outbound/ceilings', { ceilings, allowedKinds });
  }
}, 60_000);

describe('a callback that nobody presses a key for', () => {
  const forged: readonly (readonly [string, string, string])[] = [
    ['of a carrier that vouches for no number', PLAIN, '13800000081'],
    ['with a satellite number', TRUTHFUL, '00881612345678'],
    ['with a number abroad', TRUTHFUL, '+85212345678'],
    ['with a premium number', TRUTHFUL, '16812345'],
    ['with a short number of the bank', TRUTHFUL, '95533'],
    ['who withheld the number', TRUTHFUL, 'anonymous'],
  ];
  test.each(forged)(
    'is promised to no caller %s: that caller waits',
    async (_who, from, caller) => {
      const phone = await dialFrom(stack, from, CALLBACK, caller);
      try {
        expect(await phone.call()).toBe(200);
        // The caller is in the queue: nothing was promised and nobody hung up.
        await until(
          () => laidOut<{ calls: { stage?: string; queueId?: string }[] }>(supervisor, 'GET', '/calls/live'),
          ({ calls }) => calls.some(({ queueId }) => queueId === 'service'),
          10_000,
        );
        expect(phone.requests).toEqual([]);
      } finally {
        phone.close();
      }
    },
    30_000,
  );

  test('is dialled for a domestic caller whom a carrier vouches for, and the centre keeps working', async () => {
    const before = far.called.length;
    const coming = far.next();
    const phone = await dialFrom(stack, TRUTHFUL, CALLBACK, '13800000082');
    expect(await phone.call()).toBe(200);
    await phone.ended;
    phone.close();
    const seat = await BareSeat.open(stack, 'agent1');
    try {
      await seat.ready();
      const call = await within(coming, 20_000, () => 'nobody was dialled');
      expect(call.number).toBe('13800000082');
      // The person asked without entering a queue: the call is listed like any other, and its end is reported.
      expect(await liveCalls(stack)).toHaveLength(1);
      // Reached, so that nobody tries again later; the notice of a call out comes first.
      seat.phone.sound.play(AGENT_HZ);
      await call.sound.untilHears(AGENT_HZ, 25_000);
      call.hangUp();
      // Of all who asked, only this one was called.
      expect(far.called.slice(before)).toEqual(['13800000082']);
    } finally {
      await seat.leave();
    }
    await endAllCalls(stack);
    await using talk = await Conversation.begin(stack, { agent: 'agent2' });
    await talk.bothHear();
  }, 90_000);
});
