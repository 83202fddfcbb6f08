import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../../support/asked.js';
import { answeredCall } from '../../support/centre/answered-call.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

// Tiles of one trunk: the editor offers them, and a screen shows them.

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

test('the editor of walls offers a trunk with the figures of its legs; a screen shows its figures and its channels', async () => {
  await answeredCall(stack, 'agent1');
  const web = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
  const { page } = web;
  page.setDefaultTimeout(30_000);
  await page.goto(`${stack.web}/wallboard/walls`);
  await page.getByTestId('wall-add').click();
  await page.getByTestId('wall-tile-1').click();
  await page.getByTestId('wall-tile-trunk').click();
  const open = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)');
  await open
    .locator('.ant-select-item-option')
    .filter({ hasText: /^local$/ })
    .click();
  await open.waitFor({ state: 'detached' });
  await page.getByTestId('wall-tile-figure').click();
  await open.hover();
  await page.mouse.wheel(0, 5_000);
  // The list shows some of its entries; those of trunks stand at its end.
  await open.getByText('应答试呼比 ASR').click();
  await page.getByTestId('wall-tile-1').filter({ hasText: '中继 local' }).filter({ hasText: 'ASR' }).waitFor();
  expect(await faultsOf(page, 'wall-editor-trunk')).toEqual([]);
  expect(web.faults).toEqual([]);
  await page.context().close();

  const token = await stack.signIn('supervisor');
  const tiles = [
    { kind: 'figure', figure: 'answered', trunkId: 'local' },
    { kind: 'figure', figure: 'asa', trunkId: 'local' },
    { kind: 'trend', figure: 'asr', trunkId: 'local' },
    { kind: 'figure', figure: 'asr', trunkId: 'idle' },
    { kind: 'channels', trunkId: 'local' },
  ];
  await asked(stack, token, 'PUT', '/api/walls/line', { name: '线路', layout: { language: 'zh-CN', screens: [{ tiles }] } });
  const address = await asked<{ token: string }>(stack, token, 'POST', '/api/walls/line/address');
  const context = await browser.computer({ language: 'zh-CN' });
  const wall = await context.newPage();
  await wall.setViewportSize({ width: 1920, height: 1080 });
  await wall.goto(`${stack.web}/wall#${address.token}`);
  const tile = (text: string) => wall.locator('.tv-tile').filter({ hasText: text });
  await tile('中继 local · 人工接听量 H').filter({ hasText: /1$/ }).waitFor({ timeout: 30_000 });
  await tile('平均应答时长 ASA')
    .filter({ hasText: /\d\.\d\d 秒$/ })
    .waitFor();
  // Nobody was called outside: a dash, no 0 %.
  await tile('中继 local · 应答试呼比 ASR').filter({ hasText: '—' }).waitFor();
  await tile('占用线路').filter({ hasText: /0$/ }).waitFor();
  await tile('中继 idle').filter({ hasText: '该中继今日尚无呼叫' }).waitFor();
  if (pictures !== undefined) {
    mkdirSync(pictures, { recursive: true });
    await wall.screenshot({ path: join(pictures, 'wall-trunk-tiles.png') });
  }
  await context.close();
}, 180_000);
