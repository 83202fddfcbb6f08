import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import { SipPhone } from '../../services/proof-call/adapters/sip-phone.js';
import { RtpEndpoint } from '../../services/proof-call/adapters/rtp-endpoint.js';
import type { OfferedCall } from '../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../support/bare-seat.js';
import { consentOf, letCallsOut, zoneOfAfternoon } from '../support/centre/calling-out.js';
import { FarPhone } from '../support/phones/far-phone.js';
import { shortNotice } from '../support/centre/short-notice.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

interface CallRow {
  readonly callId: string;
  readonly cause?: string;
  readonly releasedBy?: string;
}

describe.each(['one', 'roles'] as const)('a call through the whole product (%s)', (layout) => {
  let stack: Stack;
  let supervisor: string;

  beforeAll(async () => {
    stack = await Stack.start({ layout, env: { SITE_TIME_ZONE: zoneOfAfternoon() } });
    supervisor = await stack.signIn('supervisor');
  }, 120_000);
  afterAll(async () => {
    await stack[Symbol.asyncDispose]();
  });

  const dial = (number: string, local = '127.0.0.1'): Promise<SipPhone> =>
    SipPhone.open(
      { server: stack.sip, local, from: 'sip:13800000002@carrier.test' },
      `sip:${number}@${stack.sip.address}:${stack.sip.port}`,
    );

  const newestCall = async (): Promise<(CallRow & Record<string, unknown>) | undefined> =>
    ((await stack.http('GET', '/api/calls?limit=1', { token: supervisor })).body as { calls: (CallRow & Record<string, unknown>)[] })
      .calls[0];

  /** The record of the call that ends during `during`: written a moment after its end. */
  async function recordOf(during: () => Promise<void>): Promise<CallRow & Record<string, unknown>> {
    const before = (await newestCall())?.callId;
    await during();
    return (await until(newestCall, (call) => call !== undefined && call.callId !== before))!;
  }

  test('is proved from the trunk to the hash of its recording', async () => {
    const admin = await stack.signIn('admin');
    const { status, body } = await stack.http('POST', '/api/proof-call', { token: admin });
    expect(status).toBe(200);
    const { stages, ok } = body as { stages: { name: string; ok: boolean; detail: string; detailZh?: string }[]; ok: boolean };
    expect(stages.filter((stage) => !stage.ok)).toEqual([]);
    // Every reading also has Chinese text, except a status or a hash.
    expect(
      stages.filter(({ detail, detailZh = '' }) => !/^(\d{3}|[0-9a-f]{64})?$/.test(detail) && !/[\u4e00-\u9fff]/.test(detailZh)),
    ).toEqual([]);
    expect(ok).toBe(true);
  }, 90_000);

  test('rings at the longest idle seat, is talked on both ways, and its recording is played by a supervisor', async () => {
    const seat = await BareSeat.open(stack, 'agent1');
    const caller = await dial('4001000');
    try {
      await seat.ready();
      const offered = seat.next<OfferedCall>('call:offered');
      expect(await caller.call()).toBe(200);
      const offer = await offered;
      expect(offer.callerMasked).toContain('*');
      await seat.ask('call:answer', { callId: offer.callId, offerId: offer.offerId });
      caller.sound.play(440);
      seat.phone.sound.play(660);
      await Promise.all([caller.sound.untilHears(660, 8_000), seat.phone.sound.untilHears(440, 8_000)]);
      const over = seat.next<{ callId: string }>('call:ended');
      const record = await recordOf(async () => {
        caller.hangUp();
        expect((await over).callId).toBe(offer.callId);
      });
      expect(record).toMatchObject({ callId: offer.callId, cause: 'completed' });
      await playable(offer.callId);
      expect(await answered()).toMatchObject({ numerator: '1', denominator: '1', value: '100.00 %' });
    } finally {
      caller.close();
      await seat.leave();
    }
  }, 60_000);

  /** The answer rate of the month so far, as the page of compliance staff shows it; proof calls are not in it. */
  async function answered(): Promise<unknown> {
    const today = DateTime.now().setZone(zoneOfAfternoon());
    const period = `from=${today.startOf('month').toISODate() ?? ''}&to=${today.toISODate() ?? ''}`;
    const token = await stack.signIn('compliance');
    const { body } = await stack.http('GET', `/api/evidence/quality?${period}&language=en`, { token });
    const { figures } = body as { figures: { formula: string; group: string; shown: unknown }[] };
    return figures.find(({ formula, group }) => formula === 'answerRate' && group === 'all')?.shown;
  }

  test('a practice call to a number that is not in service says so', async () => {
    const token = await stack.signIn('admin');
    const { status, body } = await stack.http('POST', '/api/practice-call', { token, body: { number: '4009999' } });
    expect({ status, body }).toEqual({ status: 200, body: { status: 404 } });
  }, 30_000);

  async function playable(callId: string): Promise<void> {
    const { headers, body } = await until(
      () => stack.http('GET', `/api/recordings/${callId}/audio`, { token: supervisor }),
      ({ status }) => status === 200,
    );
    expect(headers['content-type']).toContain('audio/ogg');
    expect(String(body).slice(0, 4)).toBe('OggS');
  }

  test.each([
    ['a number that is not in service', '4009999', '127.0.0.1', 404],
    ['an address of no trunk', '4001000', '127.0.0.9', 403],
  ])(
    "%s is refused in the protocol's own words",
    async (_name, number, local, status) => {
      const caller = await dial(number, local);
      try {
        expect(await caller.call()).toBe(status);
      } finally {
        caller.close();
      }
    },
    30_000,
  );

  describe('with a short notice', () => {
    beforeAll(() => shortNotice(stack));

    test('a caller who finds nobody is told so, and the record says why', async () => {
      const caller = await dial('4001000');
      try {
        const record = await recordOf(async () => {
          expect(await caller.call()).toBe(200);
          expect(await caller.ended).toBe('there');
        });
        expect(record).toMatchObject({ cause: 'no-agent' });
      } finally {
        caller.close();
      }
    }, 60_000);

    test('a caller who gives up in the queue is told apart from one who was served', async () => {
      const seat = await BareSeat.open(stack, 'agent2');
      const caller = await dial('4001000');
      try {
        await seat.ask('agent:set-state', { state: 'break', reason: 'lunch' });
        expect(await caller.call()).toBe(200);
        await queued();
        expect(await recordOf(async () => caller.hangUp())).toMatchObject({ cause: 'abandoned-in-queue' });
      } finally {
        caller.close();
        await seat.leave();
      }
    }, 60_000);

    /** The original of the consent is the fourth element; it is returned byte for byte and cannot be replaced. */
    async function fourElements(callId: string): Promise<void> {
      const elements = () => stack.http('GET', `/api/calls/${callId}/elements`, { token: supervisor });
      await until(elements, ({ status, body }) => status === 200 && (body as { missing: string[] }).missing.length === 1);
      const found = (await elements()).body as { consentId: string; missing: string[] };
      expect(found.missing).toEqual(['consent']);
      const path = `/api/outbound/consents/${found.consentId}/original`;
      const form = new TextEncoder().encode('I agree to be called.');
      const send = () => stack.http('POST', `${path}?fileName=form.txt`, { token: supervisor, body: form });
      expect((await send()).status).toBe(200);
      expect((await send()).status).toBe(409);
      expect(new TextDecoder().decode(await stack.bytes(path, supervisor))).toBe('I agree to be called.');
      expect((await elements()).body).toMatchObject({ missing: [], proof: { kind: 'file', fileName: 'form.txt' } });
      const kept = await stack.http('GET', '/api/outbound/consents', { token: supervisor });
      const { consents } = kept.body as { consents: { id: string; original?: { lockedUntil?: string } }[] };
      const lockedUntil = consents.find(({ id }) => id === found.consentId)?.original?.lockedUntil ?? '';
      expect(Date.parse(lockedUntil)).toBeGreaterThan(Date.now() + 1_000 * 86_400_000);
      const date = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
      const day = await stack.http('GET', `/api/outbound/elements?date=${date}`, { token: supervisor });
      const { failing } = day.body as { failing: { callId: string }[] };
      expect(failing.map((each) => each.callId)).not.toContain(callId);
    }

    async function queued(): Promise<void> {
      await until(
        () => stack.http('GET', '/api/queues/board', { token: supervisor }),
        ({ body }) => (body as { queues: { waiting: number }[] }).queues.some(({ waiting }) => waiting > 0),
      );
    }

    test('a call out needs its number, its consent and no refusal; a key refuses further ones and is confirmed', async () => {
      const far = await FarPhone.open('127.0.0.1');
      const seat = await BareSeat.open(stack, 'agent2');
      const out = (): Promise<unknown> => seat.ask('call:dial', { number: '02160000001', purpose: 'enquiry' });
      try {
        await seat.ready();
        await expect(out()).rejects.toThrow('outbound-consent');
        await consentOf(stack, '02160000001');
        await expect(out()).rejects.toThrow('outbound-number');
        await letCallsOut(stack, far);
        const coming = far.next();
        // The telephony process reads its trunks again when it is told that they changed.
        await until(
          () => out().then(() => 'dialled', String),
          (answer) => answer === 'dialled',
        );
        const call = await coming;
        expect(call.invite.headers.get('p-asserted-identity')).toEqual([expect.stringContaining('sip:95100@')]);
        call.sound.play(440);
        seat.phone.sound.play(660);
        await Promise.all([call.sound.untilHears(660, 20_000), seat.phone.sound.untilHears(440, 20_000)]);
        const over = seat.next<{ callId: string }>('call:ended');
        const record = await recordOf(async () => {
          call.sound.press('9');
          await Promise.all([over, call.ended]);
        });
        expect(record).toMatchObject({ direction: 'outbound', called: '95100', purpose: 'enquiry', cause: 'refused-by-key' });
        await playable(record.callId);
        await fourElements(record.callId);
        await expect(out()).rejects.toThrow('outbound-do-not-call');
        const list = await stack.http('GET', '/api/do-not-call?number=02160000001', { token: supervisor });
        expect(list.body).toMatchObject({ refusals: [{ reason: 'asked-by-key', source: `call ${record.callId}` }] });
        const { body } = await stack.http('GET', '/api/outbound/attempts?limit=200', { token: supervisor });
        const { attempts } = body as { attempts: { callId: string; allowed: boolean; reason?: string; refusedAt?: string }[] };
        expect(attempts.find(({ callId }) => callId === record.callId)?.refusedAt).toBeDefined();
        expect(attempts.map(({ allowed, reason }) => (allowed ? 'allowed' : reason))).toEqual(
          expect.arrayContaining(['refused-by-person', 'allowed', 'number-not-usable', 'no-consent']),
        );
      } finally {
        await seat.leave();
        far.close();
      }
    }, 90_000);

    test("malformed SIP and strangers' RTP disturb nobody", async () => {
      const noise = await RtpEndpoint.open('127.0.0.1');
      noise.sendTo(stack.sip.address, stack.sip.port);
      const { status } = await stack.http('GET', '/api/health');
      expect(status).toBe(200);
      noise.close();
      const caller = await dial('4009999');
      expect(await caller.call()).toBe(404);
      caller.close();
    }, 30_000);
  });
});

test("what was recorded is there after a restart, and the administrator's password is the same", async () => {
  const first = await Stack.start();
  const admin = await first.signIn('admin');
  const { body } = await first.http('POST', '/api/proof-call', { token: admin });
  const { callId } = body as { callId: string };
  await first.stop();
  await using second = await Stack.start({ home: first.home });
  const supervisor = await second.signIn('supervisor');
  expect((await second.http('GET', `/api/recordings/${callId}/audio`, { token: supervisor })).status).toBe(200);
}, 180_000);
