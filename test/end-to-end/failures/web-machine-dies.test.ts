import { afterAll, beforeAll, expect } from '@jest/globals';
import { onMachines } from '../../cluster/on-machines.js';
import { openNumber } from '../../cluster/open-number.js';
import { openRelaySite } from '../../cluster/relay-site.js';
import { setUpCentre, NUMBER } from '../../cluster/rounds/telephony.js';
import { openTelephonySite } from '../../cluster/telephony-site.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import type { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { linesSeen } from '../line-watch.js';
import { AGENT_HZ, CALLER_HZ, WebBrowser, WebPage } from '../web-browser.js';

// A person at a page in Chromium keeps the call when a machine is gone: that of telephony, or that of the relay.

/** Longer than a browser takes to find its ICE session gone (RFC 7675 consent: 5 to 6 s). */
const WATCHED_MS = 10_000;
const FRAME_MS = 20;
const LATER_HZ = CALLER_HZ + 440;

let browser: WebBrowser;

beforeAll(async () => {
  browser = await WebBrowser.launch();
}, 60_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
});

interface CallAtPage {
  readonly agent: WebPage;
  readonly caller: SipPhone;
}

/** A caller of this number and the agent at the page hear each other. */
async function callAtPage(
  stack: Stack,
  number: string,
  { door, parties }: { readonly door: { readonly address: string; readonly port: number }; readonly parties: string },
): Promise<CallAtPage> {
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
  const caller = await SipPhone.open(
    { server: door, local: parties, from: 'sip:13800000000@carrier.test' },
    `sip:${number}@${door.address}:${door.port}`,
  );
  expect(await caller.call()).toBe(200);
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 10_000)]);
  return { agent, caller };
}

/**
 * The machine dies: both hear each other in what comes from then on, the line is up in the end, and either side can end the call.
 * @returns how long the caller missed sound, and what the page said of its line meanwhile
 */
async function survives(
  { agent, caller }: CallAtPage,
  die: () => Promise<void>,
): Promise<{ readonly silentMs: number; readonly lines: readonly string[] }> {
  const watched = linesSeen(agent.page, WATCHED_MS);
  const { packetsReceived } = caller.sound;
  const sinceMs = performance.now();
  await die();
  caller.sound.play(LATER_HZ);
  await agent.untilHears(LATER_HZ);
  const lines = await watched;
  await agent.page.locator('[data-line=up]').first().waitFor();
  const silentMs = performance.now() - sinceMs - (caller.sound.packetsReceived - packetsReceived) * FRAME_MS;
  await Promise.all([agent.untilHears(LATER_HZ), caller.sound.untilHears(AGENT_HZ, 3_000)]);
  expect(await agent.page.getByTestId('call-card').count()).toBe(1);
  await until(
    () =>
      agent.page
        .getByTestId('hang-up')
        .click()
        .then(
          () => true,
          () => false,
        ),
    Boolean,
    20_000,
  );
  expect(await caller.ended).toBe('there');
  expect(agent.faults).toEqual([]);
  return { silentMs: Math.round(silentMs), lines };
}

onMachines(
  "telephony's machine dies under a call of a page: sound goes on, and the agent ends the call through the second machine",
  async () => {
    await using site = await openTelephonySite();
    await setUpCentre(site);
    const call = await callAtPage(site.stack, NUMBER, site);
    // The page opens its line anew at the second machine, and may find nobody there at first. What the
    // agent says may be missing until the call is taken over: 13 to 2,877 ms were seen.
    const { silentMs } = await survives(call, () => site.first.machine.kill());
    process.stdout.write(`telephony's machine: the caller missed ${silentMs} ms\n`);
    expect(silentMs).toBeLessThan(5_000);
    call.caller.close();
  },
  180_000,
);

onMachines(
  "the relay's machine dies under a call of a page: both hear each other again, and the agent ends the call",
  async () => {
    await using site = await openRelaySite();
    await shortNotice(site.stack);
    await openNumber(site.stack, '4001099', [site.parties]);
    const call = await callAtPage(site.stack, '4001099', site);
    const { silentMs, lines } = await survives(call, () => site.first.machine.die());
    expect(lines).not.toContain('lost');
    process.stdout.write(`relay's machine: the caller missed ${silentMs} ms\n`);
    expect(silentMs).toBeLessThan(3_000);
    call.caller.close();
  },
  180_000,
);
