import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../../support/centre/people.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { atRest, faultsOf, pictures } from '../web-look.js';
import { CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

const NOTE = 'Offer the refund of May';
const ANSWER = 'Done, the caller is content';

describe('the page of a call that goes on', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
    await shortNotice(stack);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  const body = (page: Page, state: string) => page.locator(`[data-testid=call-body][data-state=${state}]`);
  const drawn = async (page: Page, name: string): Promise<void> => {
    if (pictures === undefined) return;
    await atRest(page);
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  };

  test('it is opened from the board while it rings, grows without being asked, carries notes both ways, and becomes the record', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
    const { page } = supervisor;
    await page.goto(`${stack.web}/wallboard`);
    await page.getByTestId('queue-service').waitFor();
    const caller = await dial(stack);
    const answered = caller.call();
    await agent.page.getByTestId('answer').waitFor({ timeout: 20_000 });

    // From the board to the calls of its queue, and to the one that rings.
    await page.getByTestId('queue-service').getByTestId('queue-calls').click();
    const row = page.getByTestId('live-calls').locator('tbody tr').filter({ hasText: '138****0002' }).filter({ hasText: 'Rings' });
    const refused: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) refused.push(`${String(response.status())} ${response.url()}`);
    });
    await row.locator('a').click();
    await body(page, 'live').waitFor();
    await page.getByTestId('call-stage').filter({ hasText: 'Rings' }).waitFor();
    expect(refused).toEqual([]);
    const timeline = page.getByTestId('call-timeline');
    await timeline.getByText('Rang at a seat', { exact: false }).first().waitFor();
    expect(await page.getByTestId('unmask').count()).toBe(0);
    // The body must stay the same element to the end.
    await body(page, 'live').evaluate((node) => node.setAttribute('data-same', 'yes'));
    const address = page.url();
    const callId = address.split('/').at(-1) ?? '';

    await agent.answer();
    expect(await answered).toBe(200);
    caller.sound.play(CALLER_HZ);
    await timeline.getByText('Answered by the agent', { exact: false }).first().waitFor({ timeout: 4_000 });
    await page.getByTestId('call-journey').getByText('talk', { exact: false }).first().waitFor();

    // The note of the supervisor is at the seat while the agent talks; the agent writes back.
    await page.getByTestId('note-text').fill(NOTE);
    await page.getByTestId('note-add').click();
    await agent.page.locator('[data-testid=notes-count][data-count="1"]').click({ timeout: 4_000 });
    await agent.page.getByTestId('call-note').filter({ hasText: NOTE }).waitFor();
    await agent.page.getByTestId('note-text').fill(ANSWER);
    await agent.page.getByTestId('note-text').press('Control+Enter');
    await page.getByTestId('call-note').filter({ hasText: ANSWER }).waitFor({ timeout: 4_000 });
    expect([...(await faultsOf(page, 'live-call')), ...(await faultsOf(agent.page, 'seat-notes'))]).toEqual([]);
    await drawn(page, 'live-call-en');

    // Whoever reaches neither the call nor its agent finds nothing of it, and cannot send a note.
    const admin = await stack.signIn('admin');
    const elsewhere = await newPerson(stack, admin, { name: 'boss-elsewhere', roles: ['supervisor'], scope: { queues: ['nowhere'] } });
    const other = await stack.signIn('agent2');
    const writeAs = async (token: string, text: string): Promise<number> =>
      (await stack.http('POST', `/api/calls/${callId}/notes`, { token, body: { noteId: 'from-elsewhere', text } })).status;
    const readAs = async (token: string, what: string): Promise<number> =>
      (await stack.http('GET', `/api/calls/${callId}/${what}`, { token })).status;
    expect([await readAs(elsewhere.token, 'live'), await readAs(elsewhere.token, 'notes')]).toEqual([404, 404]);
    expect([await readAs(other, 'live'), await readAs(other, 'notes')]).toEqual([403, 404]);
    expect([await writeAs(elsewhere.token, 'x'), await writeAs(other, 'x')]).toEqual([404, 404]);
    const boss = await stack.signIn('supervisor');
    expect(await writeAs(boss, 'x'.repeat(100_000))).toBe(400);
    expect(await writeAs(boss, '  ')).toBe(400);

    await agent.page.getByTestId('hold').click();
    await timeline.getByText('On hold', { exact: false }).first().waitFor({ timeout: 20_000 });
    expect(await page.getByTestId('call-note').count()).toBe(2);

    caller.hangUp();
    await body(page, 'ended').waitFor({ timeout: 30_000 });
    expect([page.url(), await page.locator('[data-testid=call-body][data-same=yes]').count()]).toEqual([address, 1]);
    await page.getByTestId('call-note').filter({ hasText: NOTE }).waitFor();
    expect(await page.getByTestId('note-text').count()).toBe(0);
    expect(await writeAs(await stack.signIn('supervisor'), 'too late')).toBe(409);
    await until(
      async () => (await stack.http('GET', `/api/calls/${callId}`, { token: await stack.signIn('supervisor') })).status,
      (status) => status === 200,
    );
    await faultsOf(page, 'ended-call');
    await drawn(page, 'ended-call-en');
    caller.close();
    await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
  }, 180_000);

  test('it is found by the palette and read on a telephone in Chinese, and its note is at the seat', async () => {
    const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent2');
    await agent.ready();
    const supervisor = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
    const { page } = supervisor;
    await page.goto(`${stack.web}/agents`);
    const caller = await dial(stack);
    const answered = caller.call();
    await agent.answer();
    expect(await answered).toBe(200);
    await page.locator('tr[data-state=on-call]').filter({ hasText: '坐席二' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette-field').fill('0002');
    await page.locator('[data-testid^="palette-live-"]').first().click();
    await body(page, 'live').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    // The menu moves to the foot once the page has seen how narrow it is.
    await page.waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    await page.getByTestId('note-text').fill('请核对五月账单');
    await page.getByTestId('note-add').click();
    await page.getByTestId('call-note').filter({ hasText: '五月账单' }).waitFor();
    await drawn(page, 'live-call-zh-390');
    await agent.page.locator('[data-testid=notes-count][data-count="1"]').waitFor({ timeout: 10_000 });
    // The agent hangs up first: the call goes on with the survey, and the page says so.
    await agent.page.getByTestId('hang-up').click();
    await page.getByTestId('call-survey').filter({ hasText: '对方正在按键评价' }).waitFor({ timeout: 10_000 });
    await page.getByTestId('call-stage').filter({ hasText: '评分' }).waitFor();
    await page.getByTestId('call-survey').scrollIntoViewIfNeeded();
    await drawn(page, 'live-survey-zh-390');
    caller.hangUp();
    await body(page, 'ended').waitFor({ timeout: 30_000 });
    expect(await page.getByTestId('call-survey').count()).toBe(0);
    expect([...agent.faults, ...supervisor.faults]).toEqual([]);
    caller.close();
    await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
  }, 180_000);

  test('a note that was written while the socket of the seat was away is counted there when it is back', async () => {
    const context = await browser.computer();
    let away = false;
    await context.routeWebSocket(/socket\.io/, (socket) => (away ? void socket.close() : void socket.connectToServer()));
    const agent = await WebPage.open(context, stack, 'agent1');
    await agent.ready();
    const caller = await dial(stack, '4001000', 'anonymous');
    const answered = caller.call();
    await agent.answer();
    expect(await answered).toBe(200);
    const token = await stack.signIn('supervisor');
    const { calls } = (await stack.http('GET', '/api/calls/live', { token })).body as { calls: { callId: string }[] };
    expect(calls).toHaveLength(1);
    await agent.page.getByTestId('notes-count').waitFor();
    away = true;
    process.kill(stack.pidOf('api'), 'SIGKILL');
    await agent.page.locator('[data-testid=phone-strip][data-link=lost]').waitFor();
    const write = async (): Promise<number> =>
      stack
        .http('POST', `/api/calls/${calls[0]?.callId ?? ''}/notes`, { token, body: { noteId: 'while-away', text: NOTE } })
        .then(({ status }) => status)
        // Nobody listens until the process is back.
        .catch(() => 0);
    await until(write, (status) => status === 204);
    expect(await agent.page.getByTestId('call-card').count()).toBe(1);
    away = false;
    await agent.lineUp();
    await agent.page.locator('[data-testid=notes-count][data-count="1"]').waitFor({ timeout: 10_000 });
    expect(agent.faults).toEqual([]);

    // A withheld number cannot be shown.
    const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
    await supervisor.page.goto(`${stack.web}/calls/${calls[0]?.callId ?? ''}`);
    await body(supervisor.page, 'live').waitFor();
    caller.hangUp();
    await body(supervisor.page, 'ended').waitFor({ timeout: 30_000 });
    await supervisor.page.getByTestId('call-number').filter({ hasText: 'Number withheld' }).waitFor();
    expect(await supervisor.page.getByTestId('unmask').count()).toBe(0);
    caller.close();
    await Promise.all([context, supervisor.page.context()].map((each) => each.close()));
  }, 120_000);
});
