import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { NUMBER, setUpCentre } from '../../cluster/rounds/telephony.js';
import { openTelephonySite, type TelephonySite } from '../../cluster/telephony-site.js';
import { Callers } from '../../cluster/round.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import { AGENT_HZ, CALLER_HZ, WebBrowser, WebPage } from '../web-browser.js';

jest.setTimeout(240_000);

const LATER_HZ = 880;
/** By then the page has made its session anew. */
const WATCHED_MS = 12_000;

let site: TelephonySite;
let browser: WebBrowser;

beforeAll(async () => {
  [site, browser] = await Promise.all([openTelephonySite(), WebBrowser.launch()]);
  await setUpCentre(site);
});
afterAll(async () => {
  await (browser as WebBrowser | undefined)?.[Symbol.asyncDispose]();
  await (site as TelephonySite | undefined)?.[Symbol.asyncDispose]();
});

test('the machine of telephony dies under a call of a browser: the page keeps its line until it has another, and both hear each other throughout', async () => {
  const { door, parties, stack } = site;
  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
  const callers = new Callers();
  const options = { server: door, local: parties, from: 'sip:13800000001@carrier.test' };
  const caller = callers.add(await SipPhone.open(options, `sip:${NUMBER}@${door.address}:${door.port}`));
  expect(await caller.call()).toBe(200);
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 10_000)]);
  const lines = agent.page.evaluate((forMs) => {
    const seen: string[] = [];
    const look = (): void => {
      const line = document.querySelector('[data-line]')?.getAttribute('data-line');
      if (line !== null && line !== undefined && seen.at(-1) !== line) seen.push(line);
    };
    const watch = new MutationObserver(look);
    watch.observe(document, { subtree: true, attributes: true, childList: true });
    look();
    return new Promise<string[]>((resolve) =>
      setTimeout(() => {
        watch.disconnect();
        resolve(seen);
      }, forMs),
    );
  }, WATCHED_MS);
  callers.watch(caller);
  await site.first.machine.kill();
  caller.sound.play(LATER_HZ);
  await agent.untilHears(LATER_HZ);
  expect(await lines).toEqual(['up', 'rebuilding', 'up']);
  // On a quiet machine the change of sessions is a twentieth of a second.
  expect(callers.longestGapMs()).toBeLessThan(1_500);
  caller.sound.play(CALLER_HZ);
  await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 3_000)]);
  expect(callers.dropped).toBe(0);
  await agent.page.getByTestId('call-card').waitFor();
  callers.close();
}, 120_000);
