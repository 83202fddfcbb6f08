import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Flow, ServiceNumber } from '../../services/shared/contracts/flow.js';
import { Stack } from '../support/stack.js';
import { dial, WebBrowser, WebPage } from './web-browser.js';

/** A shift has 200; a run of all tests makes do with fewer. */
const CALLS = Number(process.env['PROOFLINE_SEAT_CALLS'] ?? 12);
const MAY_GROW_BYTES = 6_000_000;

let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
  await shortCalls();
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

/** No notice before the ring, no survey and no wrap-up: the calls follow each other at once. */
async function shortCalls(): Promise<void> {
  const token = await stack.signIn('admin');
  const { body } = await stack.http('GET', '/api/numbers', { token });
  const number = (body as { numbers: ServiceNumber[] }).numbers.find(({ number: digits }) => digits === '4001000');
  const { survey: _survey, ...rest } = number?.flow as Flow;
  const flow = { ...rest, noticeMode: 'while-ringing' };
  const kept = await stack.http('POST', '/api/numbers/4001000/flows', { token, body: { flow } });
  const { version } = kept.body as { version: number };
  expect((await stack.http('PUT', '/api/numbers/4001000/flow', { token, body: { version } })).status).toBe(200);
  const queues = (await stack.http('GET', '/api/queues', { token })).body as { queues: { id: string }[] };
  const queue = queues.queues.find(({ id }) => id === 'service');
  const wrapUp = { mode: 'none', ms: 0, extendable: false };
  expect((await stack.http('PUT', '/api/queues/service', { token, body: { ...queue, wrapUp } })).status).toBe(200);
}

test(`${CALLS} calls in a row on one seat grow neither its memory nor its peer connections`, async () => {
  const context = await browser.computer();
  await context.addInitScript(() => {
    const Native = RTCPeerConnection;
    let made = 0;
    globalThis.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        made += 1;
        document.documentElement.dataset['peers'] = String(made);
      }
    };
  });
  const agent = await WebPage.open(context, stack, 'agent1');
  const { page } = agent;
  const devtools = await context.newCDPSession(page);
  await devtools.send('HeapProfiler.enable');
  const heapBytes = async (): Promise<number> => {
    await devtools.send('HeapProfiler.collectGarbage');
    return (await devtools.send('Runtime.getHeapUsage')).usedSize;
  };
  await agent.ready();
  let settledBytes = 0;
  for (let call = 1; call <= CALLS; call += 1) {
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await page.getByTestId('answer').waitFor();
    await page.keyboard.press('Enter');
    await page.getByTestId('call-card').waitFor();
    await page.keyboard.press('Shift+X');
    expect(await caller.ended).toBe('there');
    caller.close();
    await page.getByTestId('call-card').waitFor({ state: 'detached' });
    await agent.state('ready');
    if (call === 5) settledBytes = await heapBytes();
  }
  expect((await heapBytes()) - settledBytes).toBeLessThan(MAY_GROW_BYTES);
  expect(await page.locator('html').getAttribute('data-peers')).toBe('1');
  expect(agent.faults).toEqual([]);
  await context.close();
}, 1_200_000);
