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
  await page.getByLabel('Outbound address 1', { exact: true }).fill(far.uri);
  await page.getByTestId('add-outbound-address').click();
  // Nobody listens there.
  await page.getByLabel('Outbound address 2', { exact: true }).fill('sip:127.0.0.10:5999');
  await page.getByLabel('Priority of address 2', { exact: true }).fill('0');
  await page.getByLabel('Weight of address 2', { exact: true }).fill('40');
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
  const ranks = [
    { priority: 0, weight: 0 },
    { priority: 0, weight: 40 },
  ];
  expect(trunks.find(({ id }) => id === 'two-ways')).toMatchObject({
    channels: 30,
    outboundUri: far.uri,
    furtherUris: ['sip:127.0.0.10:5999'],
    ranks,
  });
});

test('a network that would let strangers in is refused in words, and what was stored is in the form again', async () => {
  await page.goto(`${stack.web}/numbers`);
  const row = page.getByRole('row', { name: /two-ways/ });
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Source addresses', { exact: true }).fill('0.0.0.0/0');
  await page.getByTestId('save-trunk').click();
  await page.getByText('“0.0.0.0/0” is too wide').waitFor();
  expect(await page.getByLabel('Weight of address 2', { exact: true }).inputValue()).toBe('40');
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/trunk-form.png`, fullPage: true });
  await page.keyboard.press('Escape');
});
