import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { asked } from '../../support/asked.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { answeredCall } from '../../support/centre/answered-call.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

// The board by number, trunk, client unit, team and agent: the figures of the day's report, for each person only their own part.

let stack: Stack;
let browser: WebBrowser;
let admin: string;
/** A supervisor of the whole site, and later the leader of a team. */
let manager: string;
const ids = new Map<string, string>();

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  await shortNotice(stack);
  admin = await stack.signIn('admin');
  const { users } = await asked<{ users: readonly { id: string; name: string }[] }>(stack, admin, 'GET', '/api/users');
  for (const { id, name } of users) ids.set(name, id);
  for (const [id, chinese, english, member] of [
    ['day', '白班一组', 'Day team', 'agent1'],
    ['night', '夜班二组', 'Night team', 'agent2'],
  ] as const) {
    await asked(stack, admin, 'PUT', `/api/teams/${id}`, { name: { 'zh-CN': chinese, en: english } });
    await asked(stack, admin, 'PUT', `/api/teams/${id}/members`, { userIds: [ids.get(member) ?? ''] });
  }
  manager = await stack.signIn('supervisor');
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

interface Line {
  readonly scope: string;
  readonly figures: Readonly<Record<string, { readonly value: number | null }>>;
}
/** The report of the day, which counts a call of this moment once its row is written. */
async function lines(by: string): Promise<readonly Line[]> {
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date());
  const path = `/api/figures/report?from=${day}&to=${day}&interval=whole&by=${by}`;
  return (await asked<{ rows: readonly Line[] }>(stack, manager, 'GET', path)).rows;
}

async function openRows(page: Page, by: string): Promise<void> {
  await page.goto(`${stack.web}/wallboard?by=${by}`);
  await page.getByTestId('wallboard-page').waitFor();
}
const cell = (page: Page, row: string, key: string): Promise<string> =>
  page.locator(`[data-testid="row-${row}"] [data-testid="${key}"]`).innerText();
const rowsShown = (page: Page): Promise<string[]> =>
  page.locator('.wall-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-testid') ?? ''));

test('rows of each kind are the lines of the report of the day; a leader of a team has that team alone, on the page and on a wall', async () => {
  await answeredCall(stack, 'agent1');
  await answeredCall(stack, 'agent2');
  const everything = await WebPage.open(await browser.computer(), stack, 'supervisor');
  // Whoever takes no calls begins on the board.
  await everything.page.waitForURL('**/wallboard');
  const { page } = everything;
  page.setDefaultTimeout(30_000);
  for (const [by, of, key] of [
    ['number', 'number', 'entered'],
    ['trunk', 'trunk', 'entered'],
    ['team', 'team', 'answered'],
    ['agent', 'agent', 'answered'],
  ] as const) {
    const report = (
      await until(
        () => lines(by),
        (all) => all.reduce((sum, line) => sum + (line.figures[key]?.value ?? 0), 0) === 2,
        60_000,
      )
    ).filter(({ scope, figures }) => scope !== '' && figures[key]?.value !== 0);
    await openRows(page, of);
    for (const { scope, figures } of report) {
      await page.locator(`[data-testid="row-${of}-${scope}"]`).waitFor();
      expect(await cell(page, `${of}-${scope}`, key)).toBe(String(figures[key]?.value));
    }
    expect((await rowsShown(page)).sort()).toEqual(report.map(({ scope }) => `row-${of}-${scope}`).sort());
    expect(await faultsOf(page, `board-rows-${of}`)).toEqual([]);
  }
  // The control works too: the choice stands in the address.
  await page.getByTestId('rows-by').click();
  await page.locator('.ant-select-item-option').filter({ hasText: 'By client unit' }).click();
  await page.waitForURL(/by=client-unit/);
  expect(everything.faults).toEqual([]);
  await page.context().close();

  // A trunk has its channels in use and its legs outside beside its callers, on a wall too.
  await wallOf('trunk', '中继大屏', async (wall) => {
    await wall
      .locator('[data-row="trunk:local"]')
      .filter({ hasText: /local\s*0\s*2\s*2\s*0\s*0\s*—\s*—\s*—/ })
      .waitFor({ timeout: 30_000 });
  });

  const scope = { queues: [], sites: [], clientUnits: [], teams: ['day'] };
  await asked(stack, admin, 'PATCH', `/api/users/${ids.get('supervisor')}`, { scope });
  const leader = await WebPage.at(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor', '/wallboard');
  leader.page.setDefaultTimeout(30_000);
  await leader.page.getByTestId('row-team-day').filter({ hasText: '白班一组' }).waitFor();
  expect(await rowsShown(leader.page)).toEqual(['row-team-day']);
  expect(await faultsOf(leader.page, 'board-rows-leader')).toEqual([]);
  await leader.page.setViewportSize({ width: 390, height: 844 });
  expect(await faultsOf(leader.page, 'board-rows-leader-390')).toEqual([]);
  await openRows(leader.page, 'number');
  await leader.page.getByText('您的数据范围内暂无可显示的行').waitFor();
  expect(await rowsShown(leader.page)).toEqual([]);
  expect(leader.faults).toEqual([]);
}, 240_000);

/** Opens a wall with the rows of one kind on a large screen. */
async function wallOf(by: string, name: string, judge: (wall: Page) => Promise<void>): Promise<void> {
  const token = await stack.signIn('supervisor');
  const layout = { language: 'zh-CN', screens: [{ tiles: [{ kind: 'rows', by, wide: 4, high: 2 }] }] };
  await asked(stack, token, 'PUT', `/api/walls/${by}s`, { name, layout });
  const address = await asked<{ token: string }>(stack, token, 'POST', `/api/walls/${by}s/address`);
  const context = await browser.computer({ language: 'zh-CN' });
  const page = await context.newPage();
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto(`${stack.web}/wall#${address.token}`);
  await judge(page);
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `wall-${by}s.png`) });
  }
  await context.close();
}

test('a wall has rows by team within the scope of its maker, and no person is named on it', async () => {
  await wallOf('team', '一组大屏', async (wall) => {
    await wall.locator('[data-row="team:day"]').filter({ hasText: '白班一组' }).waitFor({ timeout: 30_000 });
    expect(await wall.locator('[data-row]').count()).toBe(1);
    const text = await wall.locator('body').innerText();
    expect(text).not.toContain('夜班二组');
    expect(text).not.toMatch(/坐席一|agent1/);
  });
  // Rows by agent cannot be a tile.
  const people = { screens: [{ tiles: [{ kind: 'rows', by: 'agent' }] }] };
  const token = await stack.signIn('supervisor');
  expect((await stack.http('PUT', '/api/walls/people', { token, body: { name: 'People', layout: people } })).status).toBe(400);
}, 120_000);
