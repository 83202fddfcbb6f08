import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { linesSeen } from '../line-watch.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

/** A browser notices after 5 to 6 s that the relay's ICE session is gone (RFC 7675 consent): until well after that the call is watched. */
const WATCHED_MS = 10_000;
const FRAME_MS = 20;

let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
  await shortNotice(stack);
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

test('the relay is killed under a call of a browser: both hear each other again, and the page never loses its line', async () => {
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 10_000)]);
  const lines = linesSeen(agent.page, WATCHED_MS);
  const { packetsReceived } = caller.sound;
  const sinceMs = performance.now();
  process.kill(stack.pidOf('rtpengine'), 'SIGKILL');
  caller.sound.play(CALLER_HZ + 440);
  const pageHears = await agent.untilHears(CALLER_HZ + 440);
  expect(pageHears).toBeLessThan(3_000);
  expect(await lines).not.toContain('lost');
  const silentMs = performance.now() - sinceMs - (caller.sound.packetsReceived - packetsReceived) * FRAME_MS;
  process.stdout.write(`page hears again after ${Math.round(pageHears)} ms, caller missed ${Math.round(silentMs)} ms\n`);
  // On a quiet machine, a tenth of a second and the change of sessions; a loaded one starts the relay later.
  expect(silentMs).toBeLessThan(3_000);
  await Promise.all([agent.untilHears(CALLER_HZ + 440), caller.sound.untilHears(AGENT_HZ, 3_000)]);
  expect(await agent.page.getByTestId('call-card').count()).toBe(1);
  caller.close();
}, 90_000);
