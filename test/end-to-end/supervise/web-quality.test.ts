import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { EndedCall } from '../../../services/shared/contracts/calls/ended-call.js';
import { listenedCalls, type ListenedCall } from '../../support/centre/listened-calls.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { atRest, faultsOf, pictures } from '../web-look.js';

/** How often a seat measures. */
const MEASURES_EVERY_MS = 2_000;
/** The relay is asked every five seconds, and what is poor for fifteen is an alarm (docs/supervision.md). */
const ALARM_WITHIN_MS = 30_000;

let stack: Stack;
let browser: WebBrowser;
let call: ListenedCall;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  [call] = (await listenedCalls(stack, 1)) as [ListenedCall];
}, 300_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

test('each direction is on the page of the call with its source; a line that loses packets without RTCP is at the bell until it is good again, and in the record', async () => {
  const { callId, agent } = call;
  const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
  const list = await WebPage.at(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor', '/agents');
  const { page } = supervisor;
  page.setDefaultTimeout(30_000);
  await page.goto(`${stack.web}/calls/${callId}`);
  // What the relay receives from both is measured without anybody's help.
  for (const side of ['caller', 'agent']) await page.getByTestId(`quality-${side}-relay`).filter({ hasText: 'MOS 4.' }).waitFor();
  expect(await page.getByTestId('quality-caller-browser').count()).toBe(0);

  let mos = 2.2;
  const measuring = setInterval(() => {
    void agent.ask('seat:quality', { callId, lossPercent: mos < 3 ? 30 : 0, jitterMs: 5, roundTripMs: 20, mos }).catch(() => undefined);
  }, MEASURES_EVERY_MS);
  const token = await stack.signIn('supervisor');
  const alarms = async () =>
    (
      (await stack.http('GET', '/api/alarms?code=call-quality', { token })).body as {
        alarms: { code: string; state: string; text: { en: string } }[];
      }
    ).alarms.filter(({ code }) => code === 'call-quality');
  try {
    const poorSince = Date.now();
    call.caller.sound.losesOneOf = 5;
    await page.getByTestId('quality-caller-browser').filter({ hasText: '⚠ poor MOS 2.2, loss 30 %' }).waitFor();
    expect(Date.now() - poorSince).toBeLessThan(10_000);
    await list.page.getByTestId('quality').filter({ hasText: '⚠ MOS 2.2' }).filter({ hasText: '来电者的声音，测于坐席浏览器' }).waitFor();
    // Too short for an alarm: that one is of the line alone.
    mos = 4.3;
    await page
      .getByTestId('quality-caller-relay')
      .filter({ hasText: /⚠ poor MOS [12]\..*, loss (19|2[01])(\.\d)? %.*by gaps in the sequence/ })
      .waitFor();
    await page.locator('[data-testid=alarm-bell]:not([data-open="0"])').waitFor({ timeout: 60_000 });
    expect(Date.now() - poorSince).toBeGreaterThan(14_000);
    expect(Date.now() - poorSince).toBeLessThan(ALARM_WITHIN_MS);
    expect(await alarms()).toMatchObject([
      {
        state: 'open',
        text: {
          en: expect.stringMatching(/the caller as received by the media relay .* loss (1\d|2[01])(\.\d)? % by gaps in the sequence/),
        },
      },
    ]);
    expect(await faultsOf(page, 'live-quality')).toEqual([]);
    expect(await faultsOf(list.page, 'live-quality-card')).toEqual([]);
    for (const [each, name] of [
      [page, 'live-quality-en'],
      [list.page, 'live-quality-card-zh'],
    ] as const) {
      if (pictures === undefined) continue;
      await each.setViewportSize({ width: 390, height: 844 });
      await atRest(each);
      await each.screenshot({ path: `${pictures}/${name}-390.png`, fullPage: true });
    }
    if (pictures !== undefined) {
      await list.page.goto(`${stack.web}/calls/${callId}`);
      for (const each of [page, list.page]) {
        await each.getByTestId('live-quality').scrollIntoViewIfNeeded();
        await atRest(each);
        await each.screenshot({ path: `${pictures}/live-quality-panel-${each === page ? 'en' : 'zh'}-390.png` });
      }
    }
    call.caller.sound.losesOneOf = Infinity;
    await until(alarms, (all) => all.length === 0 || all[0]?.state === 'cleared', 60_000);
  } finally {
    clearInterval(measuring);
  }
  // Whoever reaches neither the call nor its agent reads nothing of its sound.
  expect((await stack.http('GET', `/api/calls/${callId}/quality/now`, { token: await stack.signIn('agent2') })).status).toBe(403);
  call.caller.hangUp();
  await page.locator('[data-testid=call-body][data-state=ended]').waitFor();
  expect(await page.getByTestId('live-quality').count()).toBe(0);
  const { media } = (await stack.http('GET', `/api/calls/${callId}`, { token })).body as EndedCall;
  const line = media.find(({ leg }) => leg === 'caller');
  // Nothing was lost before and after: of all that was due it is less than a fifth.
  expect(line).toMatchObject({ lostBy: 'sequence' });
  expect(line?.packetsLost).toBeGreaterThan(100);
  expect(line?.packetsLost).toBeLessThan((line?.packetsReceived ?? 0) / 4);
  expect([...supervisor.faults, ...list.faults]).toEqual([]);
}, 240_000);
