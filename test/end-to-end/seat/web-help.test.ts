import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { newPerson } from '../../support/centre/people.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { faultsOf } from '../web-look.js';
import { CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

/** How soon a supervisor's page shows who asks for help, on a loaded machine. */
const ON_PAGE_MS = 5_000;

describe('a request for help', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
    await shortNotice(stack);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  test('one key brings it to every supervisor who reaches the agent; one click listens; it ends with the call', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    await agent.page.getByTestId('read-listening-rule').click();
    await agent.page.getByTestId('acknowledge-listening').click();
    await agent.page.getByTestId('listening-acknowledge').waitFor({ state: 'detached' });
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    const admin = await stack.signIn('admin');
    const elsewhere = await newPerson(stack, admin, {
      name: 'boss-elsewhere',
      roles: ['supervisor'],
      scope: { queues: ['nowhere'], clientUnits: [], sites: [] },
    });
    const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
    await supervisor.page.goto(`${stack.web}/agents`);

    // The key works wherever the focus takes no letters.
    await agent.page.getByTestId('help-panel').waitFor();
    await agent.page.locator('body').press('s');
    await agent.page.locator('[data-testid=help-panel][data-open=true]').waitFor();
    const watch = supervisor.page.getByTestId('help-watch');
    await watch.filter({ hasText: '坐席一 asks for help' }).waitFor({ timeout: ON_PAGE_MS });
    await supervisor.page.locator('[data-testid=help-sign][data-taken=false]').waitFor();
    await agent.choose('Reason (as you like)', 'The caller is upset');
    await watch.filter({ hasText: 'The caller is upset' }).waitFor();

    // Whoever cannot reach the agent neither sees the request nor answers it.
    const shown = (await stack.http('GET', '/api/help', { token: await stack.signIn('supervisor') })).body as { open: { id: string }[] };
    const [request] = shown.open;
    expect(shown.open).toHaveLength(1);
    expect((await stack.http('GET', '/api/help', { token: elsewhere.token })).body).toEqual({ open: [] });
    expect((await stack.http('POST', `/api/help/${request?.id}/taken`, { token: elsewhere.token })).status).toBe(404);
    expect((await stack.http('POST', `/api/help/${request?.id}/settled`, { token: elsewhere.token })).status).toBe(404);
    expect((await stack.http('GET', '/api/help', { token: await stack.signIn('agent2') })).status).toBe(403);
    expect((await stack.http('POST', `/api/help/${request?.id}/taken`, { token: await stack.signIn('agent2') })).status).toBe(403);
    await stack.http('DELETE', '/api/help/mine', { token: await stack.signIn('agent2') });
    await supervisor.page.locator('[data-testid=help-sign][data-taken=false]').waitFor();

    // One click: the seat opens, the supervisor is shown as coming, and hears the call.
    await watch.getByTestId('help-listen').click();
    await supervisor.page.locator('[data-testid=strip-call][data-part=listen]').waitFor();
    await supervisor.untilHears(CALLER_HZ);
    await agent.page.locator('[data-testid=help-state][data-taken=true]').filter({ hasText: 'is coming' }).waitFor();
    await supervisor.page.locator('[data-testid=help-sign][data-taken=true]').waitFor();
    expect([...(await faultsOf(supervisor.page, 'help-watch')), ...(await faultsOf(agent.page, 'help-panel'))]).toEqual([]);
    // A reload shows the same on both pages.
    await supervisor.page.reload();
    await supervisor.page.getByTestId('help-watch').filter({ hasText: 'You are coming' }).waitFor();

    await agent.page.getByTestId('hang-up').click();
    await watch.waitFor({ state: 'detached' });
    await agent.page.locator('[data-testid=help-panel][data-open=false]').waitFor();
    const rows = await until(
      async () => (await stack.http('GET', '/api/help/ended', { token: await stack.signIn('supervisor') })).body as { rows: object[] },
      (body) => body.rows.length === 1,
    );
    expect(rows.rows[0]).toMatchObject({ reason: 'upset-caller', ended: 'call-ended', agent: { name: '坐席一' } });
    expect((await stack.http('GET', '/api/help/ended', { token: elsewhere.token })).body).toMatchObject({
      rows: [],
      figures: { asked: 0, taken: 0 },
    });
    await supervisor.page.goto(`${stack.web}/listening`);
    await supervisor.page.getByTestId('listening-help').click();
    await supervisor.page.locator('[data-testid=help-ended] tbody tr').filter({ hasText: 'the call ended' }).waitFor();
    expect([...agent.faults, ...supervisor.faults]).toEqual([]);
    caller.close();
    await Promise.all([agent, supervisor].map(({ page }) => page.context().close()));
  }, 180_000);

  test('an agent takes it back by the keyboard, in Chinese and on a narrow page', async () => {
    const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent2');
    await agent.lineUp();
    await agent.page.setViewportSize({ width: 390, height: 844 });
    const supervisor = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor');
    await supervisor.page.setViewportSize({ width: 390, height: 844 });
    await agent.page.getByTestId('ask-help').focus();
    await agent.page.keyboard.press('Enter');
    await agent.page.getByTestId('help-state').filter({ hasText: '已通知班长' }).waitFor();
    const watch = supervisor.page.getByTestId('help-watch');
    await watch.filter({ hasText: '求助' }).waitFor({ timeout: ON_PAGE_MS });
    // Nobody lost the focus, and nothing has to be scrolled sideways.
    expect(await supervisor.page.evaluate(() => document.activeElement?.closest('[data-testid=help-watch]') ?? null)).toBeNull();
    for (const { page } of [agent, supervisor])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)).toBe(true);
    await agent.page.getByTestId('withdraw-help').focus();
    await agent.page.keyboard.press('Enter');
    await watch.waitFor({ state: 'detached' });
    await agent.page.getByTestId('ask-help').waitFor();
    expect([...agent.faults, ...supervisor.faults]).toEqual([]);
    await Promise.all([agent, supervisor].map(({ page }) => page.context().close()));
  }, 120_000);
});
