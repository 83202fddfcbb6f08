import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// An agent makes the record of a caller in the call, a supervisor finds it, and a compliance officer erases it at the person's request.

let stack: Stack;
let browser: WebBrowser;
let boss: WebPage;
let officer: WebPage;
let agent: WebPage;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  await shortNotice(stack);
  boss = await WebPage.open(await browser.computer(), stack, 'supervisor');
  officer = await WebPage.open(await browser.computer(), stack, 'compliance');
  for (const { page } of [boss, officer]) page.setDefaultTimeout(20_000);
  agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  agent.page.setDefaultTimeout(20_000);
  await agent.ready();
}, 120_000);
afterAll(async () => {
  for (const each of [boss, officer, agent]) expect(each.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

/** Judges the page as it stands, in a window of this width. */
async function judge({ page }: WebPage, name: string, width = 1366): Promise<void> {
  await page.setViewportSize({ width, height: width < 500 ? 844 : 768 });
  expect(await faultsOf(page, name)).toEqual([]);
  await page.setViewportSize({ width: 1366, height: 768 });
}

test('a form that is not saved survives the next ring; the record opens with the next call of the number', async () => {
  const { page } = agent;
  const caller = await dial(stack, '4001000', '13800000021');
  expect(await caller.call()).toBe(200);
  await agent.answer();
  await page.getByRole('tab', { name: 'Customer' }).click();
  await page.getByTestId('customer-make').click();
  await page.getByTestId('customer-name').fill('Ms Wang');
  caller.hangUp();
  await agent.state('wrap-up');
  await agent.ready();
  const next = await dial(stack, '4001000', '13800000022');
  const answered = next.call();
  await page.getByTestId('ringing-card').waitFor();
  await page.getByRole('tab', { name: 'Customer' }).click();
  await page.getByTestId('unsaved-go-on').click();
  expect(await page.getByTestId('customer-name').inputValue()).toBe('Ms Wang');
  await page.getByTestId('customer-note').fill('angry about the parcel');
  // The ring appears where the person is, and answering leaves the form as it is.
  await agent.answer();
  expect(await answered).toBe(200);
  expect(await page.getByTestId('customer-note').inputValue()).toBe('angry about the parcel');
  await page.getByTestId('customer-save').click();
  await page.getByTestId('customer-form').waitFor({ state: 'detached' });
  // No customer has the number of this call: the one made before is found and gets it.
  await page.getByTestId('customer-find').locator('input').fill('wang');
  await page.keyboard.press('Enter');
  await page.locator('[data-testid^=candidate-]').click();
  await page.getByTestId('customer-shown').getByText('Ms Wang').waitFor();
  await judge(agent, 'customer at the seat');
  next.hangUp();
  await agent.state('wrap-up');
  for (const each of [caller, next]) each.close();
}, 120_000);

test('a supervisor finds the customer with the calls of both numbers and changes the record', async () => {
  const { page } = boss;
  await page.goto(`${stack.web}/customers`);
  await page.getByTestId('search-customers').locator('input').fill('138 0000 0022');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Ms Wang' }).click();
  await page.getByTestId('customer-facts').getByText('angry about the parcel').waitFor();
  await page.getByTestId('customer-calls').locator('li').nth(1).waitFor();
  expect(await page.getByTestId('customer').innerText()).not.toMatch(/1380000002[12]/);
  await judge(boss, 'customer');
  await page.getByTestId('edit-customer').click();
  // A key does not throw away what is typed.
  await page.getByTestId('customer-name').fill('Ms Wang Fang');
  await page.keyboard.press('Escape');
  await page.getByTestId('save-customer').click();
  await page.getByRole('button', { name: 'Ms Wang Fang' }).waitFor();
  await page.goto(`${stack.web}/customers`);
  await page.getByTestId('language').click();
  await page.getByRole('columnheader', { name: '最后修改' }).waitFor();
  await page.getByRole('button', { name: 'Ms Wang Fang' }).waitFor();
  await judge(boss, 'customers');
  await judge(boss, 'customers on a telephone', 390);
  await page.getByRole('button', { name: 'Ms Wang Fang' }).click();
  await page.getByTestId('customer-calls').locator('li').nth(1).waitFor();
  await judge(boss, 'customer');
  await judge(boss, 'customer on a telephone', 390);
}, 90_000);

test('a compliance officer erases the customer at the request of the person, and the answer says what stays', async () => {
  const { page } = officer;
  await page.goto(`${stack.web}/customers`);
  await page.getByRole('button', { name: 'Ms Wang Fang' }).click();
  await page.getByTestId('request-of-customer').click();
  await judge(officer, 'request of a customer');
  await page.getByTestId('identified-by').fill('asked in writing, identity card seen');
  await page.getByTestId('confirm-request').click();
  await page.getByTestId('identified-by').waitFor({ state: 'detached' });
  await page.goto(`${stack.web}/keeping?tab=requests`);
  const request = page.getByTestId('rights-request');
  await request.getByRole('link', { name: 'Record of a customer' }).waitFor();
  await request.getByRole('textbox').fill('erased as asked');
  await request.getByRole('button', { name: 'Grant' }).click();
  await page
    .getByTestId('erasure-rest')
    .getByText(/2 calls, \d+ recordings/)
    .waitFor();
  await judge(officer, 'erasure');
  await page.getByTestId('language').click();
  await page.getByTestId('erasure-rest').getByText('仍保存').waitFor();
  await judge(officer, 'erasure on a telephone', 390);
  expect(await request.getByRole('link').count()).toBe(0);
  await page.goto(`${stack.web}/customers`);
  await page.getByText('There are no customers yet.').waitFor();
}, 90_000);
