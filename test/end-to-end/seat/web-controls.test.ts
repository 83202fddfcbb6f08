import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { BareSeat } from '../../support/bare-seat.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';
import { until } from '../../support/until.js';

const COLLEAGUE_HZ = 880;
/** Longer than three readings of the line. */
const READINGS_MS = 7_000;

describe('the controls of a seat', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
    await shortNotice(stack);
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

  /** The first agent in a call, each side heard by the other. */
  async function talking(): Promise<{ agent: WebPage; page: WebPage['page']; caller: SipPhone }> {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const caller = await called();
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
    return { agent, page: agent.page, caller };
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

  test('a caller who comes back from hold is heard again, and the packets of the hold are not blamed on the network', async () => {
    await queueIs({});
    const { agent, page, caller } = await talking();
    // A browser counts a gap of half a second as lost packets; after a longer one it begins to count anew.
    const place = await page.getByTestId('hang-up').boundingBox();
    await page.getByTestId('hold').click();
    await page.getByTestId('held').waitFor();
    // The new banner moves no button from under the mouse.
    expect(await page.getByTestId('hang-up').boundingBox()).toEqual(place);
    await page.getByTestId('hold').click();
    await page.locator('[data-testid=call-card][data-state=connected]').waitFor();
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
    await expect(page.getByTestId('quality-advice').waitFor({ timeout: READINGS_MS })).rejects.toThrow('Timeout');
    expect(await page.getByTestId('quality').getAttribute('data-bars')).toMatch(/[34]/);
    caller.close();
    await page.getByTestId('idle-card').waitFor();
    expect(agent.faults).toEqual([]);
    await signOut(agent);
  }, 90_000);

  test('transferred at once by keys, then a conference of three, each heard by tones; the quality is kept', async () => {
    await queueIs({});
    const { agent, page, caller } = await talking();
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

  test('a call is handed on at once to a colleague, who parks it; whoever is free fetches it', async () => {
    await queueIs({});
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    const { page } = agent;
    await agent.ready();
    const caller = await called();
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    await agent.untilHears(CALLER_HZ);

    const colleague = await BareSeat.open(stack, 'agent2');
    colleague.phone.sound.play(COLLEAGUE_HZ);
    await page.getByTestId('caller').click();
    await page.keyboard.press('t');
    await page.locator('[data-testid^="target-seat:"]').first().waitFor();
    const offered = colleague.next<OfferedCall>('call:offered');
    await page.getByTestId('transfer-search').press('Shift+Enter');
    const { callId, offerId, introduction } = await offered;
    expect(introduction).toMatchObject({ kind: 'transfer' });
    // The agent is free while it still rings there.
    await page.locator('[data-testid=handed-over][data-outcome=ringing]').waitFor();
    await page.locator('[data-testid=my-state][data-state=ready]').waitFor();
    await colleague.ask('call:answer', { callId, offerId });
    await page.locator('[data-testid=handed-over][data-outcome=answered]').waitFor();
    await Promise.all([colleague.phone.sound.untilHears(CALLER_HZ, 15_000), caller.sound.untilHears(COLLEAGUE_HZ, 15_000)]);

    await colleague.ask('call:park', { callId });
    await page.locator(`[data-testid=parked-call][data-call="${callId}"]`).waitFor();
    await page.getByTestId('fetch').click();
    await page.locator(`[data-testid=call-card][data-call="${callId}"]`).waitFor();
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);

    await page.getByTestId('caller').click();
    await page.keyboard.press('b');
    await page.locator('[data-testid=last-end][data-cause=parked]').waitFor();
    await page.getByTestId('fetch').click();
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
    caller.close();
    await page.getByTestId('parked-calls').waitFor({ state: 'detached' });
    await colleague.leave();
    expect(agent.faults).toEqual([]);
    await signOut(agent);
  }, 120_000);

  async function samplesOf(callId: string): Promise<unknown[]> {
    const token = await stack.signIn('supervisor');
    const samples = await until(
      async () => ((await stack.http('GET', `/api/calls/${callId}/quality`, { token })).body as { samples: unknown[] }).samples,
      ({ length }) => length > 0,
    );
    return samples.slice(0, 1);
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
});
