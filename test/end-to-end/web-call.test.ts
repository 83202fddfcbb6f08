import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Stack } from '../support/stack.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from './web-browser.js';

describe('a call in a browser seat', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  test('rings, is answered by Enter, has sound both ways, and is played by a supervisor', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await agent.page.getByTestId('ringing-card').waitFor();
    expect(await agent.page.getByTestId('ringing-caller').textContent()).toContain('*');
    await agent.page.keyboard.press('Enter');
    await agent.page.getByTestId('call-card').waitFor();
    caller.sound.play(CALLER_HZ);
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 10_000)]);
    const callId = await agent.page.getByTestId('call-card').getAttribute('data-call');
    await agent.page.getByTestId('hang-up').click();
    await agent.page.locator('[data-testid=last-end][data-by=agent]').waitFor();
    caller.close();
    expect(agent.faults).toEqual([]);
    await agent.page.context().close();

    const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
    await supervisor.page.goto(`${stack.web}/calls/${callId ?? ''}`);
    await supervisor.page.locator('[data-testid=player][data-state=ready]').waitFor({ timeout: 30_000 });
    await supervisor.page.getByTestId('play').click();
    await supervisor.page.locator('[data-testid=player][data-state=playing]').waitFor();
    expect(supervisor.faults).toEqual([]);
    await supervisor.page.context().close();
  }, 90_000);
});
