import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CDPSession } from 'playwright-core';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

/** `PROOFLINE_SEAT_CALLS=200` takes four minutes. */
const CALLS = Number(process.env['PROOFLINE_SEAT_CALLS'] ?? 60);
/** After so many calls the page is measured as in normal use: it forgets what it read of an ended call after half a minute. */
const WARM_AFTER = 35;
const LISTEN_EVERY = 20;
/** A page that keeps what it read of a call grows by 50 kB for each; without that it grew by 12 kB, measured over 165 calls. */
const GROWTH_PER_CALL_BYTES = 24_576;

interface Counted {
  readonly heapBytes: number;
  readonly elements: number;
  /** Peer connections open now, and ever made: a seat that needs another one in between has lost its sound. */
  readonly peers: number;
  readonly everMade: number;
}

describe('a day of calls', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'one' }), WebBrowser.launch()]);
    await shortNotice(stack);
    const queue = { name: { 'zh-CN': '客户服务', en: 'Customer service' }, wrapUp: { mode: 'none', ms: 0, extendable: false } };
    const answer = await stack.http('PUT', '/api/queues/service', { token: await stack.signIn('admin'), body: queue });
    expect(answer.status).toBe(200);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  test(
    `${CALLS} calls in a row ring and are heard at one seat, whose page does not grow`,
    async () => {
      const context = await browser.computer();
      await context.addInitScript(() => {
        const made: RTCPeerConnection[] = [];
        const Native = globalThis.RTCPeerConnection;
        globalThis.RTCPeerConnection = class extends Native {
          constructor(configuration?: RTCConfiguration) {
            super(configuration);
            made.push(this);
          }
        };
        Object.assign(globalThis, {
          countPeers: () => ({ peers: made.filter(({ connectionState }) => connectionState !== 'closed').length, everMade: made.length }),
        });
      });
      const agent = await WebPage.open(context, stack, 'agent1');
      const { page } = agent;
      const devtools = await context.newCDPSession(page);
      await agent.ready();

      let warm: Counted | undefined;
      for (let nth = 1; nth <= CALLS; nth += 1) {
        const caller = await dial(stack);
        expect(await caller.call()).toBe(200);
        await page.getByTestId('ringing-card').waitFor();
        await agent.answer();
        if (nth % LISTEN_EVERY === 1) {
          caller.sound.play(CALLER_HZ);
          await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 10_000)]);
        }
        if (nth % 2 === 0) await page.getByTestId('hang-up').click();
        else caller.hangUp();
        await page.getByTestId('idle-card').waitFor();
        await agent.state('ready');
        caller.close();
        if (nth === WARM_AFTER) warm = await count(devtools, agent);
      }
      // What was read of the last calls is forgotten half a minute later.
      const mayBe = (warm?.heapBytes ?? 0) + (CALLS - WARM_AFTER) * GROWTH_PER_CALL_BYTES;
      const after = await until(
        () => count(devtools, agent),
        ({ heapBytes }) => heapBytes < mayBe,
      );
      expect(after).toMatchObject({ peers: 1, everMade: 1 });
      expect(after.elements - (warm?.elements ?? 0)).toBeLessThan(200);
      expect(agent.faults).toEqual([]);
    },
    150_000 + CALLS * 6_000,
  );

  async function count(devtools: CDPSession, { page }: WebPage): Promise<Counted> {
    await devtools.send('HeapProfiler.collectGarbage');
    const { usedSize } = await devtools.send('Runtime.getHeapUsage');
    const { nodes } = await devtools.send('Memory.getDOMCounters');
    const peers = await page.evaluate(() => (globalThis as unknown as { countPeers(): Pick<Counted, 'peers' | 'everMade'> }).countPeers());
    return { heapBytes: usedSize, elements: nodes, ...peers };
  }
});
