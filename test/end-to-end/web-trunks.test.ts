import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { FarPhone } from '../support/far-phone.js';
import { Stack } from '../support/stack.js';
import { WebBrowser, WebPage } from './web-browser.js';
import { pictures } from './web-look.js';

// How the addresses of a carrier are, as an administrator sees it.
let stack: Stack;
let browser: WebBrowser;
let page: Page;
let admin: WebPage;
let far: FarPhone;

beforeAll(async () => {
  [stack, browser, far] = await Promise.all([Stack.start({}), WebBrowser.launch(), FarPhone.open('127.0.0.9')]);
  admin = await WebPage.open(await browser.computer(), stack, 'admin');
  ({ page } = admin);
  page.setDefaultTimeout(30_000);
}, 120_000);
afterAll(async () => {
  expect(admin.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  far.close();
});

test('a trunk gets its channels; the page shows which of its addresses answers, and the alarm of the one that does not', async () => {
  const token = await stack.signIn('admin');
  await page.goto(`${stack.web}/numbers`);
  await page.getByTestId('add-trunk').click();
  await page.getByLabel('Id', { exact: true }).fill('two-ways');
  await page.getByLabel('Name', { exact: true }).last().fill('Two ways');
  await page.getByLabel('Source addresses', { exact: true }).fill('127.0.0.9');
  await page.getByLabel('Where outbound calls go', { exact: true }).fill(far.uri);
  // Nobody listens there.
  await page.getByLabel('Where else they go', { exact: true }).fill('sip:127.0.0.10:5999');
  await page.getByLabel('Channels', { exact: true }).fill('30');
  await page.getByTestId('save-trunk').click();
  const row = page.getByRole('row', { name: /two-ways/ });
  await row.getByTestId('way-up').waitFor();
  await row.getByTestId('way-down').waitFor();
  await row.getByText('0 / 30').waitFor();
  await row.getByTestId('way-down').focus();
  await page.getByText('Changes (asked by OPTIONS every 30 s)').waitFor();
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/trunks.png`, fullPage: true });
  await page.keyboard.press('Escape');

  await page.goto(`${stack.web}/alarms`);
  await page.getByText('A trunk is down').first().waitFor();
  const { body } = await stack.http('GET', '/api/trunks', { token });
  const { trunks } = body as { readonly trunks: readonly { readonly id: string; readonly channels?: number }[] };
  expect(trunks.find(({ id }) => id === 'two-ways')).toMatchObject({ channels: 30 });
});
