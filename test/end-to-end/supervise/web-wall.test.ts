import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

/** From a caller entering the queue until the wall says so, with room for a loaded machine. */
const ON_WALL_MS = 15_000;

let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

async function pictureOf(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** A screen of the floor: another computer, on which nobody signs in. */
async function screenOf(address: string, width: number, height: number): Promise<Page> {
  const context = await browser.computer();
  const page = await context.newPage();
  await page.setViewportSize({ width, height });
  await page.goto(address);
  return page;
}

/** What on the wall is not inside both its tile and the screen; shares stand there with their widest value. */
const spilled = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.tv-tile')].flatMap((tile) => {
      const { right, bottom } = tile.getBoundingClientRect();
      const share = tile.dataset['kind'] === 'figure' ? tile.querySelector('.tv-big')?.firstChild : undefined;
      const before = share?.nodeValue ?? null;
      if (share) share.nodeValue = '100.00%';
      const isWide = tile.scrollWidth > tile.clientWidth + 1;
      if (share) share.nodeValue = before;
      const isOut = isWide || right > window.innerWidth + 1 || bottom > window.innerHeight + 1 || tile.scrollHeight > tile.clientHeight + 1;
      return isOut ? [tile.innerText] : [];
    }),
  );

test('a supervisor arranges a wall by keyboard and by dragging; a screen shows it without a sign-in, through a restart, until it is withdrawn', async () => {
  const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
  const { page } = supervisor;
  await page.goto(`${stack.web}/wallboard`);
  await page.getByTestId('walls-open').click();
  await page.getByText('There is no wall yet.').waitFor();
  await page.getByTestId('wall-add').click();
  await page.getByTestId('wall-name').fill('Hall A');
  const nameOfTile = (i: number): Promise<string> => page.getByTestId(`wall-tile-${i}`).innerText();
  const [first, second, third] = await Promise.all([0, 1, 2].map(nameOfTile));
  await page.getByTestId('wall-tile-0').focus();
  await page.keyboard.press('ArrowRight');
  expect(await Promise.all([0, 1].map(nameOfTile))).toEqual([second, first]);
  await page.keyboard.press('Shift+ArrowRight');
  expect(await page.getByTestId('wall-tile-1').getAttribute('aria-label')).toContain('2 wide');
  await page.keyboard.press('Shift+ArrowLeft');
  await page.getByTestId('wall-tile-2').dragTo(page.getByTestId('wall-tile-0'));
  expect(await nameOfTile(0)).toBe(third);
  await page.getByTestId('wall-tile-5').focus();
  await page.keyboard.press('Delete');
  await page.locator('[data-testid=wall-tile-4][data-chosen=true]:focus').waitFor();
  expect(await faultsOf(page, 'wall-editor')).toEqual([]);
  await page.getByTestId('wall-save').click();
  await page.getByTestId('wall-editor').waitFor({ state: 'detached' });
  await page.getByTestId('wall-address').click();
  const address = await page.getByTestId('wall-address-text').innerText();
  expect(address).toMatch(/\/wall#[\w-]{43}$/);
  const token = address.split('#')[1] ?? '';
  expect(await faultsOf(page, 'wall-address')).toEqual([]);
  await page.evaluate(() => (navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'))));
  await page.getByRole('button', { name: 'Copy', exact: true }).click();
  await page.getByText('The browser does not allow copying').waitFor();
  await page.getByTestId('wall-address-done').click();

  const [hd, uhd] = await Promise.all([screenOf(address, 1920, 1080), screenOf(address, 3840, 2160)]);
  for (const screen of [hd, uhd]) {
    await screen.getByTestId('wall-screen').waitFor();
    await screen.getByText('Customer service').waitFor();
    expect(await spilled(screen)).toEqual([]);
    expect(await screen.evaluate(() => document.documentElement.lang)).toBe('en');
  }
  // A caller enters the queue; nothing of the caller stands on the wall.
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.lineUp();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await hd.getByTestId('wall-waiting').filter({ hasText: /^1$/ }).waitFor({ timeout: 30_000 });
  await pictureOf(hd, 'wall-1920');
  await pictureOf(uhd, 'wall-3840');
  expect(await hd.locator('body').innerText()).not.toMatch(/1\d\d\*{4}|坐席一/);

  // The role behind the pages dies: the screen turns grey when it hears nothing, and recovers by itself.
  const pid = stack.pidOf('api');
  process.kill(pid, 'SIGSTOP');
  await hd.getByTestId('wall-stale').waitFor({ timeout: 20_000 });
  await pictureOf(hd, 'wall-stale');
  process.kill(pid, 'SIGKILL');
  await hd.getByTestId('wall-stale').waitFor({ state: 'detached', timeout: 60_000 });
  await hd.getByTestId('wall-waiting').filter({ hasText: /^1$/ }).waitFor({ timeout: ON_WALL_MS });
  caller.hangUp();
  await hd.getByTestId('wall-waiting').filter({ hasText: /^0$/ }).waitFor({ timeout: ON_WALL_MS });

  // Switched to Chinese: the screen follows without being touched.
  await page.getByTestId('wall-edit').click();
  await page.getByLabel('Language of the screen').click();
  await page.locator('.ant-select-item-option').filter({ hasText: '中文' }).click();
  await page.getByTestId('wall-save').click();
  await hd.getByText('排队等待').waitFor({ timeout: ON_WALL_MS });
  expect(await spilled(hd)).toEqual([]);
  await pictureOf(hd, 'wall-zh');

  await page.getByTestId('wall-withdraw').click();
  await page.locator('.ant-popconfirm .ant-btn-primary').click();
  await hd.getByTestId('wall-note').waitFor({ timeout: ON_WALL_MS });
  await pictureOf(hd, 'wall-over');
  expect(await hd.locator('.tv-tile').count()).toBe(0);
  const { body } = await stack.http('GET', '/api/audit?what=wall.withdrawn', { token: await stack.signIn('auditor') });
  expect(body).toMatchObject({ rows: [{ success: true }] });
  for (const { name } of stack.ready.processes) expect(stack.logOf(name)).not.toContain(token);
  caller.close();
  await Promise.all([hd, uhd, page, agent.page].map((each) => each.context().close()));
}, 240_000);

test('an address without its token says what is missing', async () => {
  const screen = await screenOf(`${stack.web}/wall`, 1280, 720);
  await screen.getByTestId('wall-note').filter({ hasText: 'The address is incomplete' }).waitFor();
  await screen.context().close();
});
