import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { answeredCall } from '../../support/centre/answered-call.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';

// Lists and figures as people work with them: what is folded, chosen and taken along, what stands where there is nothing, and
// what is said where something could not be read.

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

async function at(name: string, path: string): Promise<Page> {
  const { page } = await WebPage.at(await browser.computer({ language: 'zh-CN', moves: true }), stack, name, path);
  page.setDefaultTimeout(20_000);
  return page;
}

test('prompts stand in both languages together, are found by their words, and hide the digits until they are asked for', async () => {
  const page = await at('admin', '/prompts');
  const rows = page.locator('tbody tr.ant-table-row');
  await rows.first().waitFor();
  expect(await page.locator('[data-row-key*="/digit-"]').count()).toBe(0);
  const keys = await rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-row-key') ?? ''));
  const names = keys.map((key) => key.split('/')[1]);
  expect(names[0]).toBe(names[1]);
  expect(new Set(keys.slice(0, 2).map((key) => key.split('/')[0])).size).toBe(2);
  await page.getByTestId('with-digits').check();
  await page.locator('[data-row-key*="/digit-"]').first().waitFor();
  await page.getByTestId('with-digits').uncheck();
  await page.getByTestId('prompts-search').getByRole('searchbox').fill('保留排队位置');
  await page.locator('[data-row-key="zh-CN/callback-booked"]').waitFor();
  expect(await rows.count()).toBe(1);
  await page.context().close();
}, 60_000);

test('before the first call a chart says that there is nothing and draws no axes, and no gauge is green', async () => {
  const page = await at('supervisor', '/satisfaction');
  await page.getByTestId('satisfaction-page').waitFor();
  await page.locator('main .ant-empty').first().waitFor();
  expect(await page.locator('main div[role=img] svg').count()).toBe(0);
  await page.goto(`${stack.web}/wallboard`);
  await page.getByTestId('level').first().waitFor();
  expect(await page.locator('.ant-progress-status-success').count()).toBe(0);
  await page.context().close();
}, 60_000);

test('filters are folded, columns are chosen and stay chosen, and the list is taken along by the keyboard alone', async () => {
  await answeredCall(stack, 'agent1');
  const page = await at('supervisor', '/calls');
  const heads = page.locator('thead th');
  await page.locator('tbody tr.ant-table-row').first().waitFor();
  expect(await page.getByTestId('folded-filters').count()).toBe(0);
  await page.getByTestId('more-filters').click();
  await page.getByTestId('folded-filters').waitFor();

  const before = await heads.allTextContents();
  await page.getByTestId('choose-columns').click();
  const choices = page.locator('.column-choice .ant-checkbox-wrapper');
  const label = await choices.first().innerText();
  await choices.first().click();
  await page.reload();
  await page.locator('tbody tr.ant-table-row').first().waitFor();
  expect(await heads.allTextContents()).toEqual(before.filter((head) => head !== label));

  await page.getByTestId('export-calls').focus();
  await page.keyboard.press('Enter');
  // The menu has the focus, on its first line, once it is open.
  await page.waitForFunction(() => document.activeElement?.closest('[role=menu]') !== null);
  const download = page.waitForEvent('download');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  expect((await download).suggestedFilename()).toMatch(/^calls\.(?:csv|xlsx)$/);
  await page.context().close();
}, 90_000);

/** A page for which this address answers that the store is away, until `comesBack`. */
async function without(address: RegExp, who: 'admin' | 'supervisor', path: string): Promise<WebPage & { comesBack: () => Promise<void> }> {
  const computer = await browser.computer();
  await computer.route(address, async (route) =>
    route.fulfill({ status: 503, json: { code: 'service-unavailable', message: 'the store is away' } }),
  );
  const page = await WebPage.at(computer, stack, who, path);
  return Object.assign(page, { comesBack: async () => computer.unroute(address) });
}

test('the page of a call says that its messages could not be read', async () => {
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  const token = await stack.signIn('supervisor');
  const { calls } = (await stack.http('GET', '/api/calls/live', { token })).body as { calls: { callId: string }[] };
  const { page, comesBack } = await without(/\/api\/calls\/[^/]+\/chat$/, 'supervisor', `/calls/${calls[0]?.callId ?? ''}`);
  const failed = page.getByTestId('call-messages-failed');
  await failed.getByTestId('not-read').waitFor();
  await comesBack();
  // At an event of the call the page reads again by itself, and the button is gone.
  await failed.evaluateAll(([panel]) => panel?.querySelector('button')?.click());
  await failed.waitFor({ state: 'detached' });
  caller.hangUp();
  caller.close();
  await Promise.all([agent.page, page].map((each) => each.context().close()));
}, 120_000);

test('the panel of proof calls says that the lines could not be read', async () => {
  const { page, comesBack } = await without(/\/api\/proof-call\/ways$/, 'admin', '/system');
  const failed = page.getByTestId('proof-call').getByTestId('not-read');
  await failed.waitFor();
  expect(await page.getByTestId('proof-call-no-ways').count()).toBe(0);
  await comesBack();
  await failed.getByRole('button').click();
  await page.getByTestId('proof-call-no-ways').waitFor();
  await page.context().close();
}, 120_000);
