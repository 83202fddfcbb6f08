import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { answeredCall } from '../../support/centre/answered-call.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { asked } from '../../support/asked.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { atRest, faultsOf, pictures } from '../web-look.js';

const GONE_WITHIN_MS = 15_000;

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

/** The rows of a drawer, when its card is there. */
async function rowsBehind(page: Page, of: string, scope: string | RegExp): Promise<number> {
  const drawer = page.locator('.ant-drawer').filter({ has: page.getByTestId('figure-card') });
  await drawer.getByTestId('figure-card-scope').filter({ hasText: scope }).waitFor();
  await drawer.getByTestId('figure-card').filter({ hasText: of }).filter({ hasText: 'Version of the formula' }).waitFor();
  const listed = drawer.locator('tbody tr.ant-table-row');
  await listed.first().waitFor();
  const rows = await listed.count();
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  return rows;
}

async function chinesePicture(path: string): Promise<void> {
  const { page } = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${stack.web}/wallboard`);
  await page
    .locator('[data-testid="queue-service"] button')
    .filter({ has: page.getByTestId('answered') })
    .click();
  await page.getByTestId('figure-card').waitFor();
  await atRest(page);
  await page.screenshot({ path });
  await page.context().close();
}

test('a number of any kind of row opens its card and as many rows as it says', async () => {
  await answeredCall(stack, 'agent1');
  const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
  const { page } = supervisor;
  page.setDefaultTimeout(30_000);
  const open = async (row: string, key: string): Promise<void> => {
    const button = page.locator(`[data-testid="${row}"] button`).filter({ has: page.getByTestId(key) });
    // By the keyboard, as whoever has no mouse would.
    await button.focus();
    await page.keyboard.press('Enter');
  };
  // The rows come from the store, a moment after the board.
  const token = await stack.signIn('supervisor');
  await until(
    async () => (await asked<{ calls: readonly unknown[] }>(stack, token, 'GET', '/api/calls')).calls.length,
    (count) => count === 1,
    30_000,
  );
  await page.goto(`${stack.web}/wallboard`);
  const queue = page.getByTestId('queue-service');
  for (const key of ['entered', 'answered']) {
    await queue.getByTestId(key).filter({ hasText: '1' }).waitFor();
    await open('queue-service', key);
    expect(await rowsBehind(page, key === 'entered' ? 'Entered' : 'Answered', 'Customer service')).toBe(1);
  }
  for (const [by, row] of [
    ['number', /^row-number-/],
    ['trunk', /^row-trunk-/],
    ['agent', /^row-agent-/],
  ] as const) {
    await page.goto(`${stack.web}/wallboard?by=${by}`);
    const first = page.getByTestId(row).filter({ has: page.getByTestId('answered').filter({ hasText: '1' }) });
    const testId = (await first.getAttribute('data-testid')) ?? '';
    // The id stands there until the names are read.
    const title = first.locator('h2').filter({ hasNotText: /[0-9a-f]{8}-[0-9a-f]{4}-/ });
    const name = await title.innerText();
    await open(testId, 'answered');
    expect(await rowsBehind(page, 'Answered', name)).toBe(1);
    await open(testId, 'asa');
    if (by === 'agent' && pictures !== undefined) {
      await page.getByTestId('figure-card').waitFor();
      await atRest(page);
      await page.screenshot({ path: `${pictures}/board-card-en.png` });
      await page.setViewportSize({ width: 390, height: 844 });
      await atRest(page);
      await page.screenshot({ path: `${pictures}/board-card-en-390.png` });
    }
    expect(await faultsOf(page, `board-card-${by}`)).toEqual([]);
    expect(await rowsBehind(page, 'Average speed of answer', name)).toBe(1);
  }
  expect(supervisor.faults).toEqual([]);
  await page.context().close();
  if (pictures !== undefined) await chinesePicture(`${pictures}/board-card-zh-390.png`);
}, 240_000);

test('whoever closes the browser is ready nowhere fifteen seconds later', async () => {
  const agent = await WebPage.open(await browser.computer(), stack, 'agent2');
  await agent.ready();
  const supervisor = await WebPage.at(await browser.computer(), stack, 'supervisor', '/agents');
  supervisor.page.setDefaultTimeout(GONE_WITHIN_MS);
  const row = supervisor.page.locator('tr[data-state=ready]');
  await row.waitFor();
  const token = await stack.signIn('supervisor');
  const readyOf = async (): Promise<number> =>
    (await asked<{ agents: readonly { state: string }[] }>(stack, token, 'GET', '/api/agents/board')).agents.filter(
      ({ state }) => state === 'ready',
    ).length;
  expect(await readyOf()).toBe(1);
  const closedAt = Date.now();
  await agent.page.context().close();
  await row.waitFor({ state: 'detached' });
  await until(readyOf, (count) => count === 0, GONE_WITHIN_MS);
  expect(Date.now() - closedAt).toBeLessThan(GONE_WITHIN_MS);
  await supervisor.page.context().close();
}, 120_000);
