import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';

let stack: Stack;
let browser: WebBrowser;
let boss: WebPage;
let agent: WebPage;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  await shortNotice(stack);
  boss = await WebPage.open(await browser.computer(), stack, 'supervisor');
  boss.page.setDefaultTimeout(20_000);
  agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
}, 120_000);
afterAll(async () => {
  expect(boss.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

test('a script, a sensitive field and a result that are written in the page are seen by the agent with the next ring', async () => {
  const { page } = boss;
  await page.goto(`${stack.web}/queues`);
  await page.getByTestId('worksheet-service').click();
  await page.getByTestId('script-en').fill('Ask for the parcel number.');
  await page.getByRole('tab', { name: 'Fields' }).click();
  const sheet = page.getByTestId('worksheet');
  const place = await sheet.locator('[data-testid^=worksheet-field-]').count();
  await page.getByTestId('add-field').click();
  await page.getByTestId('save-worksheet').click();
  await page.getByTestId('worksheet-faults').getByText('Each field needs its name').waitFor();
  await page.getByTestId(`label-${place}-zh-CN`).fill('银行卡');
  await page.getByTestId(`label-${place}-en`).fill('Bank card');
  await page.getByTestId(`sensitive-${place}`).check();
  await page.getByRole('tab', { name: 'Results' }).click();
  await page.getByTestId('result-forced').check();
  const top = await sheet.locator('[data-testid^=result-]:not([data-testid*="-forced"])').count();
  await page.getByTestId('add-result').click();
  const added = page.locator('[data-testid^=result-]').last();
  await added.getByLabel('Name in Chinese').fill('包裹');
  await added.getByLabel('Name in English').fill('Parcel');
  await page.getByTestId('save-worksheet').click();
  await sheet.waitFor({ state: 'detached' });
  expect(top).toBeGreaterThan(0);

  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  await agent.page.getByTestId('script').getByText('Ask for the parcel number.').waitFor();
  await agent.page.locator('[data-testid=guard-bank-card][data-state=idle]').waitFor();
  caller.hangUp();
  // The result is asked for before the wrap-up ends.
  await agent.state('wrap-up');
  await agent.page.getByTestId('result-choice').click();
  await agent.page.keyboard.type('Parcel');
  await agent.page.locator('.ant-select-item-option').filter({ hasText: 'Parcel' }).waitFor();
  caller.close();
  const token = await stack.signIn('supervisor');
  const { body } = await stack.http('GET', '/api/queues', { token });
  const { queues } = body as { queues: { id: string; wrapUp: { untilDisposed: boolean } }[] };
  expect(queues.find(({ id }) => id === 'service')?.wrapUp.untilDisposed).toBe(true);
}, 120_000);
