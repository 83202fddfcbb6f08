import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { SipPhone } from '../../../services/proof-call/adapters/sip-phone.js';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../../support/bare-seat.js';
import { letCallsOut, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { FarPhone } from '../../support/phones/far-phone.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';

// An agent with a caller on the line, a carrier that takes whatever is dialled, and the rules between them.

const PARTNER = '02160000001';
const CALLER_HERTZ = 440;
const FAR_HERTZ = 2_100;
let stack: Stack;
let far: FarPhone;

beforeAll(async () => {
  stack = await Stack.start({ layout: 'one', env: { SITE_TIME_ZONE: zoneOfAfternoon() } });
  far = await FarPhone.open('127.0.0.1');
  await letCallsOut(stack, far);
  await shortNotice(stack);
}, 120_000);
afterAll(async () => {
  far.close();
  await stack[Symbol.asyncDispose]();
});

test('an agent sends a caller to a registered destination and to no other number, and who was dialled is written down', async () => {
  const [supervisor, compliance, auditor] = await Promise.all([
    stack.signIn('supervisor'),
    stack.signIn('compliance'),
    stack.signIn('auditor'),
  ]);
  const seat = await BareSeat.open(stack, 'agent1');
  const caller = await SipPhone.open(
    { server: stack.sip, local: '127.0.0.1', from: 'sip:13800000002@carrier.test' },
    `sip:4001000@${stack.sip.address}:${stack.sip.port}`,
  );
  try {
    await seat.ready();
    const offered = seat.next<OfferedCall>('call:offered');
    expect(await caller.call()).toBe(200);
    const { callId, offerId } = await offered;
    await seat.ask('call:answer', { callId, offerId });
    const sendTo = (number: string, how = 'transfer'): Promise<unknown> =>
      seat.ask(`call:${how}`, { callId, target: { to: 'number', number } });
    const says = (number: string, how?: string): Promise<unknown> =>
      sendTo(number, how).then(
        () => 'dialled',
        (error: unknown) => (error as Error).message,
      );

    for (const how of ['transfer', 'consult']) {
      expect(await says('13800009999', how)).toBe('outbound-destination');
      expect(await says('00881612345678', how)).toBe('outbound-kind');
      expect(await says('*21*13800009999#', how)).toBe('outbound-not-dialable');
    }

    const row = { number: '+86 21 6000 0001', name: '理赔中心', reason: '理赔由其办理', validUntil: '2099-12-31', shown: '95100' };
    const written = await stack.http('POST', '/api/registry/destinations', { token: compliance, body: { values: row } });
    expect(written).toMatchObject({ status: 200, body: { key: PARTNER } });
    expect(await says(PARTNER)).toBe('outbound-destination');
    const approve = (token: string) =>
      stack.http('POST', `/api/registry/destinations/entries/${PARTNER}/approve`, { token, body: { revision: 1 } });
    expect((await approve(compliance)).status).toBe(403);
    expect((await approve(supervisor)).status).toBeLessThan(300);

    const stopped = await stack.http('POST', '/api/outbound/stops', { token: supervisor, body: { scope: 'platform', reason: 'fraud' } });
    expect(await says(PARTNER)).toBe('outbound-stopped');
    await stack.http('DELETE', `/api/outbound/stops/${(stopped.body as { id: string }).id}`, { token: supervisor });
    expect(far.called).toEqual([]);

    const coming = far.next();
    // Another spelling: what is dialled is the number's one form.
    await sendTo('00862160000001');
    const call = await coming;
    expect(call.number).toBe(PARTNER);
    expect(call.invite.headers.get('p-asserted-identity')).toEqual([expect.stringContaining('sip:95100@')]);
    caller.sound.play(CALLER_HERTZ);
    call.sound.play(FAR_HERTZ);
    await Promise.all([caller.sound.untilHears(FAR_HERTZ, 20_000), call.sound.untilHears(CALLER_HERTZ, 20_000)]);
    call.hangUp();

    const record = await until(
      () => stack.http('GET', `/api/calls/${callId}`, { token: supervisor }),
      ({ status }) => status === 200,
    );
    expect((record.body as { dialled: unknown }).dialled).toEqual([
      expect.objectContaining({ way: 'transfer', numberMasked: '021****0001', from: '95100' }),
    ]);
    const { body } = await stack.http('GET', '/api/outbound/attempts?limit=50', { token: supervisor });
    const { attempts } = body as { attempts: { callId: string; way: string; allowed: boolean; reason?: string; numberMasked: string }[] };
    const ofCall = attempts.filter((attempt) => attempt.callId === callId);
    expect(ofCall.filter(({ allowed }) => allowed)).toEqual([expect.objectContaining({ way: 'transfer', numberMasked: '021****0001' })]);
    expect(new Set(ofCall.map(({ reason }) => reason))).toEqual(
      new Set(['not-registered', 'kind-not-allowed', 'not-dialable', 'stopped', undefined]),
    );
    expect(JSON.stringify(ofCall)).not.toMatch(/13800009999|881612345678/);
    const audited = await stack.http('GET', `/api/audit?object=call:${callId}&limit=50`, { token: auditor });
    const whats = (audited.body as { rows: { what: string }[] }).rows.map(({ what }) => what);
    expect(whats.filter((what) => what === 'outbound.permitted')).toHaveLength(1);
    expect(whats.filter((what) => what === 'outbound.refused')).toHaveLength(8);
  } finally {
    caller.close();
    await seat.leave();
  }
}, 90_000);

test('a queue that overflows to a number is saved only when the number is a destination', async () => {
  const supervisor = await stack.signIn('supervisor');
  const { body } = await stack.http('GET', '/api/queues', { token: supervisor });
  const [queue] = (body as { queues: Record<string, unknown>[] }).queues.filter(({ id }) => id === 'service');
  const save = (number: string) =>
    stack.http('PUT', '/api/queues/service', { token: supervisor, body: { ...queue, overflow: { to: 'number', number } } });
  expect(await save('00881612345678')).toMatchObject({ status: 403, body: { code: 'outbound-destination' } });
  expect((await save(PARTNER)).status).toBe(200);
}, 30_000);
