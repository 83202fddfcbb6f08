import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { FarPhone } from '../../support/phones/far-phone.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { pictures } from '../web-look.js';

// The state of a carrier's addresses, as an administrator sees it.
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

test('how the carrier writes numbers is tried in the form, saved with identity and codecs, and stands there again', async () => {
  const token = await stack.signIn('admin');
  await page.goto(`${stack.web}/numbers`);
  const row = page.getByRole('row', { name: /two-ways/ });
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.getByTestId('add-number-rule').click();
  await page.getByLabel('Beginning of rule 1', { exact: true }).fill('1');
  await page.getByLabel('Prefix of rule 1', { exact: true }).fill('0');
  await page.getByTestId('try-number').fill('+86 138-0000-0001');
  await page.getByTestId('tried-called-out').getByText('013800000001 (rule 1)').waitFor();
  await page.getByTestId('tried-called-in').getByText('13800000001 (no rule fits)').waitFor();
  await page.getByLabel('Domain in From', { exact: true }).fill('carrier.test');
  await page.getByTestId('trunk-codecs').click();
  await page.getByTitle('G.722', { exact: true }).click();
  await page.getByTitle('G.711 A-law', { exact: true }).click();
  await page.keyboard.press('Escape');
  await page.getByTestId('try-number').scrollIntoViewIfNeeded();
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/trunk-sheet.png`, fullPage: true });
  await page.getByTestId('save-trunk').click();
  await page.getByTestId('save-trunk').waitFor({ state: 'hidden' });
  const { body } = await stack.http('GET', '/api/trunks', { token });
  const { trunks } = body as { readonly trunks: readonly { readonly id: string }[] };
  expect(trunks.find(({ id }) => id === 'two-ways')).toMatchObject({
    channels: 30,
    numberRules: [{ use: 'called-out', starts: '1', remove: 0, put: '0' }],
    identity: { user: 'number', domain: 'carrier.test', header: 'asserted', diversion: false },
    codecs: ['G722', 'PCMA'],
  });
  await row.getByRole('button', { name: 'Edit' }).click();
  expect(await page.getByLabel('Prefix of rule 1', { exact: true }).inputValue()).toBe('0');
  expect(await page.getByLabel('Domain in From', { exact: true }).inputValue()).toBe('carrier.test');
});
