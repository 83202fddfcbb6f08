import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BareSeat } from '../support/bare-seat.js';
import type { SipPhone } from '../support/sip-phone.js';
import { Stack } from '../support/stack.js';
import { countConnections, useOf } from './page-use.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from './web-browser.js';

const COLLEAGUE_HZ = 880;
/** Calls in a row on one seat: a short form here, the long form by hand (docs/performance.md). */
const CALLS = Number(process.env['SEAT_CALLS'] ?? 24);
const AT_ONCE = 12;

describe('the controls of a seat', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  async function queueIs(settings: object): Promise<void> {
    const body = { name: { 'zh-CN': '客户服务', en: 'Customer service' }, wrapUp: { mode: 'none', ms: 0, extendable: false }, ...settings };
    const answer = await stack.http('PUT', '/api/queues/service', { token: await stack.signIn('admin'), body });
    expect(answer.status).toBe(200);
  }

  async function called(): Promise<SipPhone> {
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    return caller;
  }

  async function signOut({ page }: WebPage): Promise<void> {
    await page.getByTestId('person').click();
    await page.getByTestId('sign-out').click();
    await page.getByTestId('sign-in-form').waitFor();
    await page.context().close();
  }

  test('a call that is declined with a reason goes to a colleague, and the caller is not dropped', async () => {
    await queueIs({});
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const caller = await called();
    await agent.page.getByTestId('decline').click();
    await agent.page.getByTestId('decline-technical').click();
    await agent.page.getByTestId('ringing-card').waitFor({ state: 'detached' });
    const colleague = await BareSeat.open(stack, 'agent2');
    const offered = colleague.next<{ callId: string }>('call:offered');
    await colleague.ready();
    const { callId } = await offered;
    await colleague.ask('call:answer', { callId });
    caller.sound.play(CALLER_HZ);
    await colleague.phone.sound.untilHears(CALLER_HZ, 15_000);
    caller.close();
    await colleague.leave();
    await signOut(agent);
  }, 90_000);

  test('transferred at once by keys, then a conference of three, each heard by tones; the quality is kept', async () => {
    await queueIs({});
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    const { page } = agent;
    await agent.ready();
    const caller = await called();
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
    const callId = (await page.getByTestId('call-card').getAttribute('data-call')) ?? '';

    const colleague = await BareSeat.open(stack, 'agent2');
    colleague.phone.sound.play(COLLEAGUE_HZ);
    await page.getByTestId('caller').click();
    await page.keyboard.press('c');
    await page.locator('[data-testid^="target-seat:"]').first().waitFor();
    const asked = colleague.next<{ callId: string; offerId: string }>('call:offered');
    await page.getByTestId('transfer-search').press('Enter');
    await colleague.ask('call:answer', await asked.then(({ callId: id, offerId }) => ({ callId: id, offerId })));
    await page.locator('[data-testid=call-card][data-state=consulting]').waitFor();
    await colleague.phone.sound.untilHears(AGENT_HZ, 15_000);
    await page.getByTestId('consult-join').click();
    await page.locator('[data-testid=call-card][data-state=conference]').waitFor();
    // One voice at a time, so that each can be told from the mixture.
    await page.keyboard.press('m');
    await page.getByTestId('muted').waitFor();
    caller.sound.play(undefined);
    await Promise.all([agent.untilHears(COLLEAGUE_HZ), caller.sound.untilHears(COLLEAGUE_HZ, 15_000)]);
    colleague.phone.sound.play(undefined);
    caller.sound.play(CALLER_HZ);
    await Promise.all([agent.untilHears(CALLER_HZ), colleague.phone.sound.untilHears(CALLER_HZ, 15_000)]);
    await page.keyboard.press('m');
    await page.getByTestId('muted').waitFor({ state: 'detached' });
    caller.sound.play(undefined);
    await Promise.all([caller.sound.untilHears(AGENT_HZ, 15_000), colleague.phone.sound.untilHears(AGENT_HZ, 15_000)]);
    expect(await page.getByTestId('quality').getAttribute('data-bars')).toMatch(/[1-4]/);
    expect(await samplesOf(callId)).toMatchObject([
      { agentId: expect.any(String), lossPercent: expect.any(Number), mos: expect.any(Number) },
    ]);
    caller.close();
    await page.getByTestId('idle-card').waitFor();
    await colleague.leave();
    expect(agent.faults).toEqual([]);
    await signOut(agent);
  }, 120_000);

  async function samplesOf(callId: string): Promise<unknown[]> {
    const token = await stack.signIn('supervisor');
    for (let tries = 200; ; tries -= 1) {
      const { body } = await stack.http('GET', `/api/calls/${callId}/quality`, { token });
      const { samples } = body as { samples: unknown[] };
      if (samples.length > 0 || tries === 0) return samples.slice(0, 1);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  test('where the queue says so the call is answered by itself, after a tone', async () => {
    await queueIs({ autoAnswer: true });
    const context = await browser.computer();
    await context.addInitScript(() => {
      const play = HTMLMediaElement.prototype.play;
      HTMLMediaElement.prototype.play = function played(this: HTMLMediaElement) {
        document.documentElement.dataset['played'] =
          `${document.documentElement.dataset['played'] ?? ''} ${this.src === '' ? 'call' : this.loop ? 'ring' : 'tone'}`;
        return play.call(this);
      };
    });
    const agent = await WebPage.open(context, stack, 'agent1');
    await agent.ready();
    const caller = await called();
    await agent.page.getByTestId('call-card').waitFor();
    caller.sound.play(CALLER_HZ);
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
    const played = (await agent.page.locator('html').getAttribute('data-played')) ?? '';
    expect(played).toContain('tone');
    expect(played).not.toContain('ring');
    caller.close();
    await signOut(agent);
  }, 60_000);

  /** A number whose notice is heard while the seat rings. Telephony reads its numbers again when it is told that they changed. */
  async function numberIsThere(number: string): Promise<void> {
    const flow = { noticeMode: 'while-ringing', start: 'q', steps: { q: { kind: 'queue', queueId: 'service' } } };
    const body = { name: 'row', status: 'in-service', language: 'en', flow };
    expect((await stack.http('PUT', `/api/numbers/${number}`, { token: await stack.signIn('admin'), body })).status).toBe(200);
    for (let tries = 100; ; tries -= 1) {
      const caller = await dial(stack, number);
      const status = await caller.call();
      caller.close();
      if (status === 200) return;
      if (tries === 0) throw new Error(`${number} answers ${status}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** As an agent would on a machine that stutters: answers what rings without being answered by itself, and is ready again after a miss. */
  async function inNextCall({ page }: WebPage): Promise<void> {
    const inCall = page.locator('[data-testid=call-card][data-state=connected]');
    const rings = page.getByTestId('answer');
    const away = page.locator('[data-testid=my-state][data-state=away]');
    for (let steps = 20; steps > 0; steps -= 1) {
      await inCall.or(rings).or(away).first().waitFor({ timeout: 60_000 });
      if (await inCall.isVisible()) return;
      const press = (await away.isVisible()) ? page.getByTestId('set-ready') : rings;
      // What was to be pressed may be over by now.
      await press.click({ timeout: 2_000 }).catch(() => undefined);
    }
    throw new Error('the seat is in no call');
  }

  test(`${CALLS} calls in a row on one seat: one open peer connection, and the page does not grow`, async () => {
    await queueIs({ autoAnswer: true });
    const context = await browser.computer();
    await countConnections(context);
    const agent = await WebPage.open(context, stack, 'agent1');
    const { page } = agent;
    await numberIsThere('4001098');
    await agent.ready();
    const uses = [];
    for (let taken = 0; taken < CALLS; taken += AT_ONCE) {
      const callers = await Promise.all(Array.from({ length: Math.min(AT_ONCE, CALLS - taken) }, () => dial(stack, '4001098')));
      for (const caller of callers) caller.sound.play(CALLER_HZ);
      expect(new Set(await Promise.all(callers.map((caller) => caller.call())))).toEqual(new Set([200]));
      for (const _caller of callers) {
        await inNextCall(agent);
        const callId = (await page.getByTestId('call-card').getAttribute('data-call')) ?? '';
        await page.getByTestId('hang-up').click();
        await page.locator(`[data-testid=call-card][data-call="${callId}"]`).waitFor({ state: 'detached' });
      }
      for (const caller of callers) caller.close();
      uses.push(await useOf(page));
    }
    const [first, last] = [uses[0], uses.at(-1)];
    if (process.env['SEAT_CALLS'] !== undefined) console.log(JSON.stringify(uses));
    expect(uses.map(({ connectionsOpen }) => connectionsOpen)).toEqual(uses.map(() => 1));
    // A call that left anything behind (a stream, a listener, a row that is never let go) shows as a multiple of its size.
    expect((last?.heapBytes ?? 0) - (first?.heapBytes ?? 0)).toBeLessThan(2_000_000 + CALLS * 20_000);
    expect(last?.domNodes ?? 0).toBeLessThan((first?.domNodes ?? 0) * 1.5 + 500);
    expect(agent.faults).toEqual([]);
    await signOut(agent);
  }, 900_000);
});
