import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { heardShare, loudness, seconds } from '../../integration/recording/recording-support.js';
import { recordedCall } from '../../support/centre/recorded-call.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

/** The tone played while the card number is read out, and at no other time. */
const SECRET_HZ = 1_500;
const FIELD = 'field-card-number';
const NEXT_FIELD = 'field-card-code';
const GUARD = (state: string, field = 'card-number'): string => `[data-testid=guard-${field}][data-state=${state}]`;

const words = (zh: string, en: string): { 'zh-CN': string; en: string } => ({ 'zh-CN': zh, en });

describe('sensitive fields of the form', () => {
  let stack: Stack;
  let browser: WebBrowser;
  let agent: WebPage;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
    await shortNotice(stack);
    const token = await stack.signIn('admin');
    const queue = { name: words('客户服务', 'Customer service'), wrapUp: { mode: 'none', ms: 0, extendable: false } };
    expect((await stack.http('PUT', '/api/queues/service', { token, body: queue })).status).toBe(200);
    const body = {
      script: words('请核对银行卡', 'Check the card'),
      fields: [
        { id: 'card-number', label: words('银行卡号', 'Card number'), kind: 'text', sensitive: true },
        { id: 'card-code', label: words('校验码', 'Card code'), kind: 'text', sensitive: true },
        { id: 'order', label: words('订单号', 'Order'), kind: 'text' },
      ],
    };
    expect((await stack.http('PUT', '/api/worksheets/service', { token, body })).status).toBe(200);
    agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
  }, 180_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  async function talk(): Promise<{ caller: SipPhone; callId: string }> {
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
    return { caller, callId: (await agent.page.getByTestId('call-card').getAttribute('data-call')) ?? '' };
  }

  const dotIs = (state: 'on' | 'paused'): Promise<void> => agent.page.locator(`[data-testid=recording][data-recording=${state}]`).waitFor();

  /** Reads the number out and types it; the time in which both sides hear it is the part that must not be kept. */
  async function readOut(caller: SipPhone, field: string, value: string): Promise<void> {
    caller.sound.play(SECRET_HZ);
    await agent.untilHears(SECRET_HZ);
    await agent.page.getByTestId(field).fill(value);
    await pause(1_000);
    caller.sound.play(CALLER_HZ);
    await agent.untilHears(CALLER_HZ);
  }

  /** No window of either channel holds the tone of the secret, and everything outside the pauses is there. */
  function holdsNothing(channel: Int16Array): void {
    expect(heardShare(channel, SECRET_HZ)).toBe(0);
  }

  test('nothing of what is said while they are filled in is kept, also not between one and the next', async () => {
    const { page } = agent;
    const { caller, callId } = await talk();
    await page.locator(GUARD('idle')).waitFor();
    await pause(1_000);
    await page.getByTestId(FIELD).focus();
    await Promise.all([dotIs('paused'), page.locator(GUARD('paused')).waitFor()]);
    expect(await page.getByTestId('paused').getAttribute('data-by')).toBe('field');
    await readOut(caller, FIELD, '6222020000001234');
    // By keyboard to the next field: the recording does not resume between the two.
    caller.sound.play(SECRET_HZ);
    await page.keyboard.press('Tab');
    await page.locator(GUARD('paused', 'card-code')).waitFor();
    await readOut(caller, NEXT_FIELD, '123');
    await page.getByTestId('field-order').focus();
    await Promise.all([dotIs('on'), page.locator(GUARD('idle', 'card-code')).waitFor()]);
    await pause(1_500);
    await page.locator('[data-testid=notes-state][data-state=saved]').waitFor();
    caller.hangUp();
    await page.getByTestId('idle-card').waitFor();
    caller.close();

    const { account, gaps, durationMs, left, right } = await recordedCall(stack, callId);
    holdsNothing(left);
    holdsNothing(right);
    expect(gaps).toEqual([expect.objectContaining({ kind: 'paused', reason: 'sensitive-field' })]);
    const gap = gaps[0]!;
    expect(gap.toMs - gap.fromMs).toBeGreaterThan(2_000);
    const [from, to] = [gap.fromMs / 1_000, gap.toMs / 1_000];
    for (const channel of [left, right]) expect(loudness(seconds(channel, from + 0.2, to - 0.2))).toBeLessThan(20);
    // What was said before and after is whole: the pause takes no more than its time.
    expect(heardShare(seconds(left, to + 0.3, to + 1.3), CALLER_HZ)).toBeGreaterThan(0.8);
    expect(heardShare(seconds(right, to + 0.3, to + 1.3), AGENT_HZ)).toBeGreaterThan(0.8);
    expect(heardShare(seconds(left, from - 0.6, from - 0.1), CALLER_HZ)).toBeGreaterThan(0.8);
    expect(account.ms.lost).toBe(0);
    expect(account.ms.paused).toBe(gap.toMs - gap.fromMs);
    expect(account.stretches.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)).toBe(account.answeredMs);
    expect(Math.abs(durationMs - account.answeredMs)).toBeLessThanOrEqual(1);

    // Later readers of the contact see the end of the number; the agent sees what was typed.
    const contact = async (name: string): Promise<unknown> =>
      (await stack.http('GET', `/api/contacts/${callId}`, { token: await stack.signIn(name) })).body;
    expect(await contact('supervisor')).toMatchObject({ written: [{ fields: { 'card-number': '****1234', 'card-code': '****' } }] });
    expect(await contact('agent1')).toMatchObject({ written: [{ fields: { 'card-number': '6222020000001234' } }] });
  }, 120_000);

  test('a page that is loaded again with the recording paused records again', async () => {
    const { page } = agent;
    const { caller, callId } = await talk();
    await page.getByTestId(FIELD).focus();
    await dotIs('paused');
    await page.reload({ waitUntil: 'commit' });
    await page.getByTestId('call-card').waitFor();
    await dotIs('on');
    await agent.untilHears(CALLER_HZ);
    await pause(1_500);
    caller.hangUp();
    await page.getByTestId('idle-card').waitFor();
    caller.close();
    const { account, left } = await recordedCall(stack, callId);
    expect(account.ms.paused).toBeGreaterThan(0);
    expect(account.ms.lost).toBe(0);
    const end = account.answeredMs / 1_000;
    expect(heardShare(seconds(left, end - 1.3, end - 0.3), CALLER_HZ)).toBeGreaterThan(0.8);
  }, 120_000);

  test('a call that ends while a field has the focus closes its pause; another tab of the call ends it too', async () => {
    const { page } = agent;
    await agent.ready();
    const { caller, callId } = await talk();
    await page.getByTestId(FIELD).focus();
    await dotIs('paused');
    await page.getByRole('tab', { name: 'Customer' }).click();
    await dotIs('on');
    await page.getByRole('tab', { name: 'Script' }).click();
    await page.getByTestId(FIELD).focus();
    await dotIs('paused');
    caller.hangUp();
    await page.getByTestId('idle-card').waitFor();
    caller.close();
    const { account, gaps } = await recordedCall(stack, callId);
    expect(gaps.map(({ reason }) => reason)).toEqual(['sensitive-field', 'sensitive-field']);
    expect(gaps.at(-1)!.toMs).toBe(account.answeredMs);
    expect(account.ms.lost).toBe(0);
    expect(agent.faults).toEqual([]);
  }, 120_000);
});
