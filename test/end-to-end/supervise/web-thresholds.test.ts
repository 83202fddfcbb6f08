import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

/** From a caller entering the queue until board and bell say so, with room for a loaded machine. */
const ON_PAGE_MS = 10_000;

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

const waitingAbove = (limit: number) => ({
  scope: { of: 'queue', id: 'service' },
  figure: 'waiting',
  window: 'today',
  worse: 'above',
  alarm: limit,
  clear: limit,
  holdOffSeconds: 0,
});

test('a supervisor sets a threshold; a caller who waits puts it on the board and at the bell, and both end with the call', async () => {
  const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
  const { page } = supervisor;
  await page.goto(`${stack.web}/wallboard`);
  await page.getByTestId('thresholds-open').click();
  await page.getByText('There is no threshold yet.').waitFor();
  await page.getByTestId('threshold-add').click();
  await page.getByTestId('threshold-form').waitFor();
  expect(await page.getByTestId('threshold-save').isDisabled()).toBe(true);
  await page.getByTestId('threshold-of').click();
  await page.locator('.ant-select-item-option').filter({ hasText: 'Customer service' }).click();
  // A clear level that is worse than the limit is not accepted.
  await page.getByLabel('Clear level').fill('7');
  expect(await page.getByTestId('threshold-save').isDisabled()).toBe(true);
  await page.getByLabel('Limit for the warning').fill('');
  await page.getByLabel('Limit for the alarm').fill('0');
  await page.getByLabel('Clear level').fill('0');
  await page.getByLabel('Hold-off in seconds').fill('0');
  await page.getByTestId('threshold-save').click();
  await page.getByTestId('threshold-form').waitFor({ state: 'detached' });
  expect(await faultsOf(page, 'thresholds')).toEqual([]);
  await page.locator('.ant-drawer-close').click();
  await page.getByTestId('threshold-marks').filter({ hasText: '1 threshold, in order' }).waitFor();
  const unseen = async (): Promise<number> => Number(await page.getByTestId('alarm-bell').getAttribute('data-open'));
  const before = await unseen();

  // Somebody is signed in but not ready: the caller is let in and waits.
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.lineUp();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  const mark = page.locator('.threshold-mark[data-level=alarm]');
  await page.locator('[data-testid=queue-service] [data-testid=waiting]').filter({ hasText: '1' }).waitFor({ timeout: 30_000 });
  const waitedFromMs = Date.now();
  await mark.filter({ hasText: 'Customer service' }).waitFor({ timeout: ON_PAGE_MS });
  await until(unseen, (open) => open === before + 1, ON_PAGE_MS);
  expect(Date.now() - waitedFromMs).toBeLessThan(ON_PAGE_MS);
  expect(await faultsOf(page, 'wallboard-threshold')).toEqual([]);

  caller.hangUp();
  await mark.waitFor({ state: 'detached' });
  await until(unseen, (open) => open === before);
  const { body } = await stack.http('GET', '/api/audit?what=threshold.changed', { token: await stack.signIn('auditor') });
  expect(body).toMatchObject({ rows: [{ success: true }] });
  expect([...agent.faults, ...supervisor.faults]).toEqual([]);
  caller.close();
  await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
}, 120_000);

test('a test call raises nothing; limits that contradict each other, strangers and other scopes are refused', async () => {
  const [admin, supervisor] = await Promise.all([stack.signIn('admin'), stack.signIn('supervisor')]);
  const put = (id: string, body: object, token = admin) => stack.http('PUT', `/api/thresholds/${id}`, { token, body });
  expect((await put('proof', { ...waitingAbove(0), scope: { of: 'queue', id: 'proof' }, figure: 'entered' })).status).toBe(200);
  expect((await put('site', { ...waitingAbove(1000), scope: { of: 'site' } })).status).toBe(200);
  expect((await put('bad', { ...waitingAbove(0), clear: 5 })).status).toBe(400);
  expect((await put('bad', { ...waitingAbove(0), figure: 'aht' })).status).toBe(400);
  expect((await put('bad', { ...waitingAbove(0), people: ['nobody'] })).status).toBe(400);
  expect((await put('bad', waitingAbove(0), await stack.signIn('agent1'))).status).toBe(403);
  const proof = await stack.http('POST', '/api/proof-call', { token: admin, body: {} });
  expect(proof.status).toBeLessThan(500);
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await until(
    () => stack.http('GET', '/api/alarms?code=figure-alarm&state=current', { token: supervisor }),
    ({ status, body }) => status === 200 && (body as { total: number }).total === 0,
  );
  expect((await stack.http('DELETE', '/api/thresholds/proof', { token: admin })).status).toBe(204);
  expect((await stack.http('DELETE', '/api/thresholds/proof', { token: admin })).status).toBe(404);
}, 150_000);
