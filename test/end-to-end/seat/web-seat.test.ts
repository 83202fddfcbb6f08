import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import type { SipPhone } from '../../support/phones/sip-phone.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

/** What agents of other desktops suffer from (reload, sleep, network, several tabs), each with a caller on the line. */
describe('a seat that cannot drop a caller', () => {
  let stack: Stack;
  let browser: WebBrowser;
  const open: { contexts: BrowserContext[]; callers: SipPhone[] } = { contexts: [], callers: [] };

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
    await shortNotice(stack);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    for (const caller of open.callers.splice(0)) caller.close();
    for (const context of open.contexts.splice(0)) {
      // Signs out once per computer: its other pages share the sign-in and leave by themselves.
      for (const page of context.pages())
        if (await page.getByTestId('person').isVisible()) {
          await signOut(page);
          break;
        }
      await context.close();
    }
  });

  async function signOut(page: WebPage['page']): Promise<void> {
    await page.getByTestId('person').click();
    await page.getByTestId('sign-out').click();
    await page.getByTestId('sign-in-form').waitFor();
  }

  async function computer(): Promise<BrowserContext> {
    const context = await browser.computer();
    open.contexts.push(context);
    return context;
  }

  async function inCall(agent: WebPage): Promise<SipPhone> {
    await agent.ready();
    const caller = await dial(stack);
    open.callers.push(caller);
    expect(await caller.call()).toBe(200);
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    await bothHear(agent, caller);
    return caller;
  }

  const bothHear = (agent: WebPage, caller: SipPhone): Promise<unknown> =>
    Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 10_000)]);

  /** Waits until the caller has not heard the agent's tone for a third of a second. */
  async function untilSilent(caller: SipPhone): Promise<void> {
    for (const until = Date.now() + 8_000; Date.now() < until;) {
      const heard = await caller.sound.untilHears(AGENT_HZ, 300).then(
        () => true,
        () => false,
      );
      if (!heard) return;
      // What is heard already is answered at once: look again when other sound can have come.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the caller still hears the agent');
  }

  test('reload in a call: the page finds the same call, with sound both ways', async () => {
    const agent = await WebPage.open(await computer(), stack, 'agent1');
    const caller = await inCall(agent);
    const callId = await agent.page.getByTestId('call-card').getAttribute('data-call');
    await agent.page.reload({ waitUntil: 'commit' });
    await agent.page.getByTestId('call-card').waitFor();
    expect(await agent.page.getByTestId('call-card').getAttribute('data-call')).toBe(callId);
    await bothHear(agent, caller);
    expect(agent.faults).toEqual([]);
  }, 60_000);

  test('a tab that is killed: the next one finds the call, with sound both ways', async () => {
    const context = await computer();
    const agent = await WebPage.open(context, stack, 'agent1');
    const caller = await inCall(agent);
    await agent.close();
    const next = new WebPage(await context.newPage(), stack);
    await next.page.goto(stack.web);
    await next.page.getByTestId('call-card').waitFor();
    await bothHear(next, caller);
  }, 60_000);

  test('WebSockets that drop in a call, both at once: the page is back in it by itself', async () => {
    const context = await computer();
    await context.addInitScript(() => {
      const open: WebSocket[] = [];
      const Real = window.WebSocket;
      window.WebSocket = class extends Real {
        constructor(url: string | URL, protocols?: string | string[]) {
          super(url, protocols);
          open.push(this);
        }
      };
      Object.assign(window, { dropSockets: () => open.splice(0).forEach((socket) => socket.close()) });
    });
    const agent = await WebPage.open(context, stack, 'agent1');
    const caller = await inCall(agent);
    await agent.page.evaluate(() => (window as unknown as { dropSockets(): void }).dropSockets());
    await agent.lineUp();
    await agent.page.getByTestId('call-card').waitFor();
    await bothHear(agent, caller);
  }, 60_000);

  test('a second tab takes the seat over with the call; the first says so and can take it back', async () => {
    const context = await computer();
    const first = await WebPage.open(context, stack, 'agent1');
    const caller = await inCall(first);
    const second = new WebPage(await context.newPage(), stack);
    await second.page.goto(stack.web);
    await first.page.getByTestId('superseded').waitFor();
    await second.page.getByTestId('call-card').waitFor();
    await bothHear(second, caller);
    await first.page.getByTestId('take-over').click();
    await second.page.getByTestId('superseded').waitFor();
    await first.page.getByTestId('call-card').waitFor();
    await bothHear(first, caller);
  }, 60_000);

  test('a second computer takes the seat over with the call, and the next call rings once', async () => {
    const desk = await WebPage.open(await computer(), stack, 'agent1');
    const caller = await inCall(desk);
    const laptop = await WebPage.open(await computer(), stack, 'agent1');
    await desk.page.getByTestId('superseded').waitFor();
    await laptop.page.getByTestId('call-card').waitFor();
    await bothHear(laptop, caller);
    await laptop.page.getByTestId('hang-up').click();
    await laptop.page.getByTestId('idle-card').waitFor();
    await laptop.ready();
    const next = await dial(stack);
    open.callers.push(next);
    await next.call();
    await laptop.page.getByTestId('ringing-card').waitFor();
    expect(await desk.page.getByTestId('ringing-card').count()).toBe(0);
  }, 60_000);

  test('a network that drops keeps the call: the page says so within 5 s and comes back to it', async () => {
    const agent = await WebPage.open(await computer(), stack, 'agent1');
    const caller = await inCall(agent);
    await agent.page.context().setOffline(true);
    await agent.page.getByTestId('link-lost').waitFor({ timeout: 5_000 });
    await agent.page.context().setOffline(false);
    await agent.lineUp();
    expect(await agent.page.getByTestId('call-card').count()).toBe(1);
    await bothHear(agent, caller);
  }, 60_000);

  test('a page that was frozen (a laptop asleep) is back in its call', async () => {
    const agent = await WebPage.open(await computer(), stack, 'agent1');
    const caller = await inCall(agent);
    const devtools = await agent.page.context().newCDPSession(agent.page);
    await devtools.send('Page.setWebLifecycleState', { state: 'frozen' });
    await new Promise((resolve) => setTimeout(resolve, 6_000));
    await devtools.send('Page.setWebLifecycleState', { state: 'active' });
    await agent.lineUp();
    await bothHear(agent, caller);
  }, 60_000);

  test('hold and back, mute, keys: each as the caller hears it', async () => {
    const agent = await WebPage.open(await computer(), stack, 'agent1');
    const caller = await inCall(agent);
    await agent.page.getByTestId('caller').click();
    await agent.page.keyboard.press('h');
    await agent.page.getByTestId('held').waitFor();
    await untilSilent(caller);
    await agent.page.keyboard.press('h');
    await agent.page.getByTestId('held').waitFor({ state: 'detached' });
    await bothHear(agent, caller);
    await agent.page.keyboard.press('m');
    await agent.page.getByTestId('muted').waitFor();
    await untilSilent(caller);
    await agent.page.keyboard.press('m');
    await bothHear(agent, caller);
    await agent.page.keyboard.press('k');
    await agent.page.getByTestId('keypad-digits').fill('12-3#');
    await agent.page.getByTestId('keypad-send').click();
    await agent.page.getByTestId('seat-problem').waitFor({ state: 'detached' });
  }, 60_000);

  test('a caller who hangs up is told as the one who did', async () => {
    const agent = await WebPage.open(await computer(), stack, 'agent1');
    const caller = await inCall(agent);
    caller.hangUp();
    await agent.page.locator('[data-testid=last-end][data-by=caller]').waitFor();
    await agent.state('wrap-up');
  }, 60_000);

  test('attended transfer: the caller waits, the colleague is asked, then talks to the caller', async () => {
    const [agent, colleague] = await Promise.all([
      WebPage.open(await computer(), stack, 'agent1'),
      WebPage.open(await computer(), stack, 'agent2'),
    ]);
    const caller = await inCall(agent);
    await colleague.ready();
    await agent.page.getByTestId('transfer').click();
    await agent.page.getByTestId('transfer-search').fill('坐席二');
    await agent.page.locator('[data-testid^="target-seat:"]').first().getByTestId('consult').click();
    await colleague.answer();
    await agent.page.locator('[data-testid=call-card][data-state=consulting]').waitFor();
    await agent.page.getByTestId('consult-complete').click();
    await agent.page.getByTestId('call-card').waitFor({ state: 'detached' });
    await bothHear(colleague, caller);
  }, 60_000);
});
