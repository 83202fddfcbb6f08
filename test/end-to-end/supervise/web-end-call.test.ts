import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newPerson } from '../../support/centre/people.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { atRest, faultsOf, pictures } from '../web-look.js';
import { CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

const REASON = 'Threats against the agent';

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

async function drawn(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  await atRest(page);
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

test('a supervisor ends a call in two steps; the agent reads who and why, and so do the record and the audit log', async () => {
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  const token = await stack.signIn('supervisor');
  const { calls } = (await stack.http('GET', '/api/calls/live', { token })).body as { calls: { callId: string }[] };
  const callId = calls[0]?.callId ?? '';

  // Agents have no such right, whoever reaches another queue finds no such call, and nobody ends one without a reason.
  const endAs = async (who: string, reason: string): Promise<number> =>
    (await stack.http('POST', `/api/calls/${callId}/end`, { token: who, body: { reason } })).status;
  const admin = await stack.signIn('admin');
  const elsewhere = await newPerson(stack, admin, { name: 'boss-elsewhere', roles: ['supervisor'], scope: { queues: ['nowhere'] } });
  expect(await endAs(await stack.signIn('agent1'), REASON)).toBe(403);
  expect(await endAs(await stack.signIn('agent2'), REASON)).toBe(403);
  expect(await endAs(elsewhere.token, REASON)).toBe(404);
  expect([await endAs(token, ''), await endAs(token, 'ab'), await endAs(token, 'x'.repeat(201))]).toEqual([400, 400, 400]);

  const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
  const { page } = supervisor;
  await page.goto(`${stack.web}/calls/${callId}`);
  await page.getByTestId('end-call').click();
  await page.getByTestId('end-call-reason').waitFor();
  expect(await page.getByTestId('end-call-next').isDisabled()).toBe(true);
  await page.getByTestId('end-call-reason').fill(REASON);
  await faultsOf(page, 'end-call-reason');
  await drawn(page, 'end-call-reason-en');
  await page.getByTestId('end-call-reason').press('Enter');
  await page.getByTestId('end-call-sure').filter({ hasText: REASON }).waitFor();
  await drawn(page, 'end-call-sure-en');
  const focused = async (): Promise<string | null> => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? null);
  expect(await focused()).toBe('end-call-back');
  // One step back and on again, by a double click: nothing has been ended yet.
  await page.getByTestId('end-call-back').click();
  expect(await focused()).toBe('end-call-reason');
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url());
  });
  await page.getByTestId('end-call-next').dblclick();
  await page.getByTestId('end-call-sure').waitFor();
  // It takes a press by now, and has taken none.
  await page.locator('[data-testid=end-call-now]:enabled').waitFor();
  expect(sent.filter((url) => url.endsWith('/end'))).toEqual([]);
  expect(await agent.page.getByTestId('call-card').count()).toBe(1);
  await page.getByTestId('end-call-now').click();

  const end = agent.page.getByTestId('last-end');
  await end.filter({ hasText: '班长' }).filter({ hasText: REASON }).waitFor({ timeout: 2_000 });
  expect(await end.getAttribute('data-by')).toBe('supervisor');
  await drawn(agent.page, 'ended-by-supervisor-seat-en');
  await expect(caller.ended).resolves.toBe('there');
  await page.locator('[data-testid=call-body][data-state=ended]').waitFor({ timeout: 30_000 });
  await page.getByTestId('ended-by').filter({ hasText: 'a supervisor' }).filter({ hasText: REASON }).waitFor();
  expect(await page.getByTestId('end-call').count()).toBe(0);
  await drawn(page, 'ended-by-supervisor-record-en');

  const record = await until(
    async () => (await stack.http('GET', `/api/calls/${callId}`, { token })).body as { by?: string; decided?: { reason: string } },
    ({ by }) => by !== undefined,
  );
  expect(record).toMatchObject({ by: 'supervisor', cause: 'completed', decided: { reason: REASON } });
  const auditor = await stack.signIn('auditor');
  const { body } = await stack.http('GET', `/api/audit?object=${encodeURIComponent(`call:${callId}`)}`, { token: auditor });
  const rows = (body as { rows: { what: string; reason?: string; success: boolean }[] }).rows.filter(
    ({ what }) => what === 'call.ended-by-supervisor',
  );
  expect(rows).toEqual([expect.objectContaining({ reason: REASON, success: true })]);
  expect(await endAs(token, REASON)).toBe(404);
  expect([...agent.faults, ...supervisor.faults]).toEqual([]);
  caller.close();
  await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
}, 180_000);

test('on a telephone, in Chinese', async () => {
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
  const caller = await dial(stack, '4001000', '13800000003');
  expect(await caller.call()).toBe(200);
  await agent.answer();
  const token = await stack.signIn('supervisor');
  const { calls } = (await stack.http('GET', '/api/calls/live', { token })).body as { calls: { callId: string }[] };
  const supervisor = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
  const { page } = supervisor;
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${stack.web}/calls/${calls[0]?.callId ?? ''}`);
  await page.getByTestId('end-call').filter({ hasText: '结束通话' }).click();
  await page.getByTestId('end-call-reason').fill('来电者辱骂坐席');
  await page.getByTestId('end-call-next').click();
  await page.getByTestId('end-call-sure').filter({ hasText: '此操作不能撤销' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
  await drawn(page, 'end-call-sure-zh-390');
  await page.getByTestId('end-call-now').click();
  await expect(caller.ended).resolves.toBe('there');
  expect([...agent.faults, ...supervisor.faults]).toEqual([]);
  caller.close();
  await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
}, 120_000);
