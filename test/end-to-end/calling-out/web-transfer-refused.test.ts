import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { letCallsOut, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { FarPhone } from '../../support/phones/far-phone.js';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, outOfSight } from '../web-look.js';

let stack: Stack;
let browser: WebBrowser;
let far: FarPhone;

beforeAll(async () => {
  [stack, browser, far] = await Promise.all([
    Stack.start({ layout: 'roles', env: { SITE_TIME_ZONE: zoneOfAfternoon() } }),
    WebBrowser.launch(),
    FarPhone.open('127.0.0.1'),
  ]);
  await letCallsOut(stack, far);
}, 120_000);
afterAll(async () => {
  far.close();
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

test('an agent whose transfer is refused reads why where it was asked for, on a telephone too, and keeps the caller', async () => {
  const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent1');
  await agent.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  await agent.page.setViewportSize({ width: 390, height: 844 });
  await agent.page.getByTestId('transfer').click();
  const sheet = agent.page.getByTestId('transfer-sheet');
  const refused = sheet.getByTestId('transfer-refused');
  for (const [number, words] of [
    ['13900000009', '该号码不在“外部转接目的地”台账中'],
    ['00881612345678', '规则不允许拨打此类号码'],
  ] as const) {
    await sheet.getByTestId('transfer-search').fill(number);
    await refused.waitFor({ state: 'detached' });
    await sheet.getByTestId('transfer-search').press('Enter');
    await refused.getByText(words).waitFor();
    expect(await outOfSight(agent.page, '[data-testid=transfer-refused]')).toEqual([]);
  }
  expect(await faultsOf(agent.page, 'transfer-refused')).toEqual([]);
  await agent.page.keyboard.press('Escape');
  await agent.page.locator('[data-testid=call-card][data-state=connected]').waitFor();
  caller.hangUp();
  caller.close();
  await agent.page.getByTestId('call-card').waitFor({ state: 'detached' });
  expect(agent.faults).toEqual([]);
  await agent.page.context().close();
}, 120_000);
