import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { shortNotice } from '../../support/centre/short-notice.js';
import { OutsideServers } from '../../support/servers/outside-servers.js';
import { Stack } from '../../support/stack.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

// The document store is away while people are at their pages: sessions cannot be renewed, and nobody may be thrown out for that.

/** On this computer each access token is about to expire, so the page renews it before its next request. */
async function withShortTokens(computer: BrowserContext): Promise<BrowserContext> {
  await computer.route(/\/api\/session(\/refresh)?$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { expiresAt?: string };
    await route.fulfill({ response, json: body.expiresAt === undefined ? body : { ...body, expiresAt: new Date().toISOString() } });
  });
  return computer;
}

let servers: OutsideServers;
let documents: Awaited<ReturnType<OutsideServers['documents']>>;
let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  servers = await OutsideServers.create();
  documents = await servers.documents();
  [stack, browser] = await Promise.all([Stack.start({ layout: 'roles', env: servers.env }), WebBrowser.launch()]);
  await shortNotice(stack);
}, 120_000);
afterAll(async () => {
  await (browser as WebBrowser | undefined)?.[Symbol.asyncDispose]();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  await (servers as OutsideServers | undefined)?.[Symbol.asyncDispose]();
});

test('an agent in a call stays at the seat; whoever reloads reads why, and is back by themselves', async () => {
  const agent = await WebPage.open(await withShortTokens(await browser.computer()), stack, 'agent1');
  const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
  await agent.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);

  await documents.kill();
  const { page } = agent;
  // A renewal that was answered just before the store went may still arrive; the next one is refused.
  const refused = page.waitForResponse((response) => response.url().endsWith('/api/session/refresh') && response.status() === 503);
  await page.getByRole('menuitem', { name: 'My reviews' }).click();
  await refused;
  await page.getByTestId('strip-call').waitFor();
  await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
  expect(await page.getByTestId('sign-in-form').count()).toBe(0);

  await supervisor.page.reload();
  await supervisor.page.getByTestId('sign-in-away').waitFor();
  await documents.start();
  await supervisor.page.getByTestId('person').waitFor({ timeout: 60_000 });
  await page.getByTestId('strip-call').waitFor();
  caller.close();
  expect({ agent: agent.faults, supervisor: supervisor.faults }).toEqual({ agent: [], supervisor: [] });
  await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
}, 180_000);
