import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from '../../support/stack.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';

// What could not be read is told as such: it is not taken for nothing.

let stack: Stack;
let browser: WebBrowser;
beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

/** A page for which this address answers that the store is away, until `comesBack`. */
async function without(address: RegExp, who: 'admin' | 'supervisor'): Promise<WebPage & { comesBack: () => Promise<void> }> {
  const computer = await browser.computer();
  await computer.route(address, async (route) =>
    route.fulfill({ status: 503, json: { code: 'service-unavailable', message: 'the store is away' } }),
  );
  const page = await WebPage.open(computer, stack, who);
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
  const { page, comesBack } = await without(/\/api\/calls\/[^/]+\/chat$/, 'supervisor');
  await page.goto(`${stack.web}/calls/${calls[0]?.callId ?? ''}`);
  const failed = page.getByTestId('call-messages-failed');
  await failed.getByTestId('not-read').waitFor();
  await comesBack();
  await failed.getByRole('button').click();
  await failed.waitFor({ state: 'detached' });
  caller.hangUp();
  caller.close();
  await Promise.all([agent.page, page].map((each) => each.context().close()));
}, 120_000);

test('the panel of proof calls says that the lines could not be read', async () => {
  const { page, comesBack } = await without(/\/api\/proof-call\/ways$/, 'admin');
  await page.goto(`${stack.web}/system`);
  const failed = page.getByTestId('proof-call').getByTestId('not-read');
  await failed.waitFor();
  expect(await page.getByTestId('proof-call-no-ways').count()).toBe(0);
  await comesBack();
  await failed.getByRole('button').click();
  await page.getByTestId('proof-call-no-ways').waitFor();
  await page.context().close();
}, 120_000);
