import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext, Locator } from 'playwright-core';
import { asked } from '../../support/asked.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { outOfSight } from '../web-look.js';

/** Steps of an agent's day at which people stumbled. */
describe("an agent's day", () => {
  let stack: Stack;
  let browser: WebBrowser;
  const open: { contexts: BrowserContext[]; callers: SipPhone[] } = { contexts: [], callers: [] };

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'one' }), WebBrowser.launch()]);
    await shortNotice(stack);
  }, 180_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    for (const caller of open.callers.splice(0)) caller.close();
    for (const context of open.contexts.splice(0)) await context.close();
  });

  async function computer(language: 'en' | 'zh-CN' = 'en'): Promise<BrowserContext> {
    const context = await browser.computer({ language });
    open.contexts.push(context);
    return context;
  }

  async function inCall(agent: WebPage, from: string): Promise<SipPhone> {
    await agent.ready();
    const caller = await dial(stack, '4001000', from);
    open.callers.push(caller);
    expect(await caller.call()).toBe(200);
    await agent.answer();
    return caller;
  }

  const topOf = async (place: Locator): Promise<number> => Math.round((await place.boundingBox())?.y ?? Number.NaN);

  test('a caller who hid the number: no callback and no note are offered, and a complaint takes a number to answer to', async () => {
    const agent = await WebPage.open(await computer(), stack, 'agent1');
    await inCall(agent, 'anonymous');
    const { page } = agent;
    await page.getByTestId('withheld-hint').waitFor();
    expect(await page.getByTestId('seat-callback').isDisabled()).toBe(true);
    await page.getByRole('tab', { name: 'Customer' }).click();
    await page.getByTestId('customer').waitFor();
    expect(await page.getByTestId('sticky-text').count()).toBe(0);
    await page.getByTestId('seat-complaint').click();
    await page.getByTestId('complaint-number').fill('13900009999');
    await page.getByTestId('complaint-text').fill('Nobody called me back');
    await page.getByTestId('save-complaint').click();
    await page.getByTestId('made-complaint').waitFor();
    const { complaints } = await asked<{
      complaints: readonly { complainant: { numberMasked: string; reachable: readonly string[] } }[];
    }>(stack, await stack.signIn('supervisor'), 'GET', '/api/complaints');
    expect(complaints[0]?.complainant).toMatchObject({ numberMasked: '139****9999', reachable: ['sms'] });
    await page.getByTestId('hang-up').click();
    await agent.state('wrap-up');
  }, 120_000);

  test('hold and mute say so in a place of their own: the fields below the call stay where they are', async () => {
    const agent = await WebPage.open(await computer(), stack, 'agent1');
    await inCall(agent, '13800000011');
    const { page } = agent;
    await page.setViewportSize({ width: 1366, height: 768 });
    const script = page.getByRole('tab', { name: 'Script' });
    await page.getByTestId('party-caller').waitFor();
    const before = await topOf(script);
    await page.getByTestId('hold').click();
    await page.getByTestId('held').waitFor();
    expect(await topOf(script)).toBe(before);
    await page.getByTestId('hold').click();
    await page.getByTestId('held').waitFor({ state: 'detached' });
    await page.getByTestId('mute').click();
    await page.getByTestId('muted').waitFor();
    expect(await topOf(script)).toBe(before);
    await page.getByTestId('hang-up').click();
    await agent.state('wrap-up');
  }, 120_000);

  test('who waits in the own queues is in sight, above messages and the day', async () => {
    const { page } = await WebPage.open(await computer(), stack, 'agent1');
    await page.setViewportSize({ width: 1366, height: 768 });
    const queues = page.getByTestId('my-queues');
    await page.getByTestId('chat-panel').waitFor();
    expect(await outOfSight(page, '[data-testid=my-queues]')).toEqual([]);
    expect(await topOf(queues)).toBeLessThan(await topOf(page.getByTestId('chat-panel')));
    expect(await topOf(page.getByTestId('chat-panel'))).toBeLessThan(await topOf(page.getByTestId('today')));
  }, 60_000);

  test('a page whose seat was opened elsewhere asks for nothing and writes about no call', async () => {
    const context = await computer('zh-CN');
    const first = await WebPage.open(context, stack, 'agent1');
    await inCall(first, '13800000012');
    const second = new WebPage(await context.newPage(), stack);
    await second.page.goto(stack.web);
    await first.page.getByTestId('superseded').waitFor();
    expect(await first.page.locator('body').innerText()).not.toContain('点击“就绪”');
    for (const gone of ['my-state', 'idle-card', 'write-panel', 'dial-number']) expect(await first.page.getByTestId(gone).count()).toBe(0);
    await second.page.getByTestId('hang-up').click();
    await second.state('wrap-up');
  }, 120_000);

  test('a new password that is refused says why under its field', async () => {
    const admin = await stack.signIn('admin');
    const given = 'Given-by-the-office-1';
    await asked(stack, admin, 'POST', '/api/users', { name: 'wangmin', displayName: '王敏', roles: ['agent'], password: given });
    const page = await (await computer()).newPage();
    await page.goto(stack.web);
    await page.getByTestId('sign-in-name').fill('wangmin');
    await page.getByTestId('sign-in-password').fill(given);
    await page.getByTestId('sign-in-submit').click();
    await page.getByTestId('password-current').fill(given);
    for (const field of ['password-next', 'password-again']) await page.getByTestId(field).fill('wangmin-and-a-sentence');
    await page.getByTestId('password-submit').click();
    const refused = page.locator('.ant-form-item-explain-error');
    await refused.filter({ hasText: 'must not contain the user name' }).waitFor();
    for (const field of ['password-next', 'password-again']) await page.getByTestId(field).fill('Chosen-by-oneself-2');
    await page.getByTestId('password-submit').click();
    await page.getByTestId('person').waitFor();
  }, 60_000);

  test('a first password that was made can be read, to be passed on', async () => {
    const { page } = await WebPage.open(await computer(), stack, 'admin');
    await page.goto(`${stack.web}/users?guide=new`);
    await page.getByTestId('make-password').click();
    const field = page.getByTestId('user-password');
    expect(await field.getAttribute('type')).toBe('text');
    expect(await page.getByTestId('copy-password').isEnabled()).toBe(true);
  }, 60_000);
});
