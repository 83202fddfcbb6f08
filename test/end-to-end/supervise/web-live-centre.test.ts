import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FigureReport } from '../../../services/shared/contracts/api/figures/figures.js';
import { BareSeat } from '../../support/bare-seat.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

const REASON = 'needed on the complaints desk';

describe('the live centre', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
    await shortNotice(stack);
    const body = { name: { 'zh-CN': '客户服务', en: 'Customer service' }, wrapUp: { mode: 'none', ms: 0, extendable: false } };
    expect((await stack.http('PUT', '/api/queues/service', { token: await stack.signIn('admin'), body })).status).toBe(200);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  async function watching(path: string): Promise<WebPage> {
    const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
    await supervisor.page.goto(`${stack.web}${path}`);
    return supervisor;
  }

  const rowOf = ({ page }: WebPage, name: string, state?: string): Locator =>
    page.locator(state === undefined ? 'tr[data-state]' : `tr[data-state=${state}]`).filter({ hasText: name });

  test('a call is on the page of the supervisor with its caller, clocks and sound; a decision waits for its end, and the agent reads who and why', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const supervisor = await watching('/agents');
    const line = rowOf(supervisor, '坐席一');
    await rowOf(supervisor, '坐席一', 'ready').waitFor();
    // The seat for test calls is no person and is not listed.
    expect(await supervisor.page.locator('[data-testid^="agent-system"]').count()).toBe(0);

    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
    await line.getByTestId('caller').filter({ hasText: '138****0002' }).waitFor();
    await line.getByTestId('talks').waitFor();
    await line.getByTestId('quality').waitFor({ timeout: 20_000 });

    await line.getByTestId('decide-state').click();
    await supervisor.page.getByTestId('decide-break').click();
    expect(await supervisor.page.getByTestId('decide-ok').isDisabled()).toBe(true);
    await supervisor.page.getByTestId('decide-reason').fill(REASON);
    await supervisor.page.getByTestId('decide-ok').click();
    await line.getByTestId('pending').filter({ hasText: REASON }).waitFor();
    await agent.page.locator('[data-testid=decided-note][data-pending=true]').filter({ hasText: REASON }).waitFor();
    // What the agent chooses meanwhile changes nothing.
    await agent.page.getByTestId('set-ready').click();
    await agent.page.getByTestId('hang-up').click();
    await agent.state('break');
    await agent.page.locator('[data-testid=decided-note][data-pending=false]').filter({ hasText: REASON }).waitFor();
    await rowOf(supervisor, '坐席一', 'break').filter({ hasText: REASON }).waitFor();
    await agent.ready();
    await agent.page.getByTestId('decided-note').waitFor({ state: 'detached' });

    // Today's answered calls stand beside the agent, the same number as in the day's report.
    await line.getByTestId('today-answered').filter({ hasText: /^1$/ }).waitFor({ timeout: 60_000 });
    const day = new Intl.DateTimeFormat('sv', { timeZone: 'Asia/Shanghai' }).format(new Date());
    const report = await stack.http('GET', `/api/figures/report?from=${day}&to=${day}&interval=whole&by=agent`, {
      token: await stack.signIn('supervisor'),
    });
    const { rows } = report.body as FigureReport;
    expect(rows.map(({ figures }) => figures['answered']?.value)).toEqual([1]);
    const { body } = await stack.http('GET', '/api/audit?what=agent.state-forced', { token: await stack.signIn('auditor') });
    expect(body).toMatchObject({
      rows: [{ reason: `on-call → break: ${REASON}`, success: true }],
    });
    expect([...agent.faults, ...supervisor.faults]).toEqual([]);
    caller.close();
    await Promise.all([agent, supervisor].map(({ page }) => page.context().close()));
  }, 120_000);

  test('whoever is signed out reads why, is offered nothing, and comes back by a press', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const supervisor = await watching('/agents');
    await rowOf(supervisor, '坐席一').getByTestId('decide-state').click();
    await supervisor.page.getByTestId('decide-signed-out').click();
    await supervisor.page.getByTestId('decide-reason').fill(REASON);
    await supervisor.page.getByTestId('decide-ok').click();
    await agent.state('signed-out');
    await agent.page.getByTestId('decided-note').filter({ hasText: REASON }).waitFor();
    await rowOf(supervisor, '坐席一', 'signed-out').waitFor();
    await agent.page.getByTestId('sign-in-again').click();
    await agent.state('away');
    await agent.ready();
    expect([...agent.faults, ...supervisor.faults]).toEqual([]);
    await Promise.all([agent, supervisor].map(({ page }) => page.context().close()));
  }, 120_000);

  test('to listen a supervisor gives a reason; the audit log has it before, and then how long and to whom', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    const acknowledged = { token: await stack.signIn('agent1'), body: { textVersion: 1 } };
    expect((await stack.http('POST', '/api/listening/mine/acknowledgement', acknowledged)).status).toBe(204);
    await agent.ready();
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    await caller.sound.untilHears(AGENT_HZ, 15_000);
    const supervisor = await watching('/agents');
    const { page } = supervisor;
    const row = rowOf(supervisor, '坐席一', 'on-call');
    // One press: the seat of the supervisor opens meanwhile.
    await row.getByTestId('monitor').click();
    await page.getByTestId('monitor-begin').waitFor();
    expect(await page.getByTestId('monitor-begin').isDisabled()).toBe(true);
    await supervisor.choose('Choose the reason', 'Training');
    await page.getByTestId('monitor-begin').click();
    await page.locator('[data-testid=strip-call][data-part=listen]').waitFor();
    await supervisor.untilHears(CALLER_HZ);
    await row.getByTestId('listeners').filter({ hasText: '(Listen)' }).waitFor();
    // Whoever is in the call changes the mode in the strip of any page; the row offers no second listening.
    await page.getByTestId('strip-monitor-whisper').click();
    await page.locator('[data-testid=strip-call][data-part=whisper]').waitFor();
    expect(await row.getByTestId('monitor').count()).toBe(0);
    await page.getByTestId('strip-stop-monitoring').click();
    await page.getByTestId('strip-call').waitFor({ state: 'detached' });
    expect(await page.getByTestId('listening-over').count()).toBe(0);
    const auditor = await stack.signIn('auditor');
    const reasons = async (what: string): Promise<string[]> => {
      const { body } = await stack.http('GET', `/api/audit?what=${what}`, { token: auditor });
      return (body as { rows: { reason: string }[] }).rows.map(({ reason }) => reason);
    };
    const listened = await until(
      () => reasons('call.listened'),
      (rows) => rows.length > 1,
    );
    expect(listened).toEqual([/^whisper · \d+ s · \S+$/, /^listen · \d+ s · \S+ · → whisper$/].map((line) => expect.stringMatching(line)));
    expect(await reasons('call.monitored')).toEqual(['stop', 'whisper', 'listen · training']);
    // Somebody else waits meanwhile: the board says who, and why nobody takes the call.
    const second = await dial(stack);
    expect(await second.call()).toBe(200);
    await page.goto(`${stack.web}/wallboard`);
    const waiting = page.getByTestId('queue-service').getByTestId('waiting');
    await waiting.filter({ hasText: /^1$/ }).waitFor();
    await waiting.click();
    await page
      .getByTestId('waiting-callers')
      .locator('[data-testid=why-waits][data-why=all-busy]')
      .filter({ hasText: 'On a call 1' })
      .waitFor();
    second.close();
    await page.getByText('Nobody waits in this queue now.').waitFor();
    // Without a reason nothing begins.
    const boss = await BareSeat.open(stack, 'supervisor');
    const live = (await stack.http('GET', '/api/calls/live', { token: await stack.signIn('supervisor') })).body;
    const [call] = (live as { calls: { callId: string }[] }).calls;
    await expect(boss.ask('call:monitor', { callId: call?.callId, mode: 'whisper' })).rejects.toThrow('reason-required');
    await boss.leave();
    expect([...agent.faults, ...supervisor.faults]).toEqual([]);
    caller.close();
    await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
  }, 120_000);

  test('before skills are saved the page says who could take calls now', async () => {
    const token = await stack.signIn('admin');
    const { body } = await stack.http('GET', '/api/queues', { token });
    const service = (body as { queues: { id: string; revision: number }[] }).queues.find(({ id }) => id === 'service');
    const asks = await stack.http('PUT', '/api/queues/service', { token, body: { ...service, skills: { french: 5 } } });
    expect(asks.status).toBe(200);
    const agent = await WebPage.open(await browser.computer(), stack, 'agent2');
    await agent.ready();
    const supervisor = await watching('/agents');
    const { page } = supervisor;
    await rowOf(supervisor, '坐席二', 'ready').waitFor();
    await rowOf(supervisor, '坐席二').getByTestId('edit-skills').click();
    await page.locator('[data-testid=could-service][data-now="0"][data-then="0"]').waitFor();
    await page.getByTestId('skill-name').fill('french');
    await page.getByTestId('add-skill').click();
    await page.locator('[data-testid=could-service][data-now="0"][data-then="1"]').waitFor();
    await page.getByTestId('save-skills').click();
    await page.getByTestId('could-service').waitFor({ state: 'detached' });
    const again = (await stack.http('GET', '/api/agents/skills', { token })).body as { readonly skills: object };
    expect(Object.values(again.skills)).toContainEqual({ french: 5 });
    await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
  }, 120_000);

  test('a break has a reason of the site and its limit; when as many as allowed are on it, the next one reads that', async () => {
    const token = await stack.signIn('admin');
    const reasons = [
      { id: 'rest', name: { 'zh-CN': '小休', en: 'Short break' }, limitMs: 900_000, atOnce: 1 },
      { id: 'meeting', name: { 'zh-CN': '会议', en: 'Meeting' } },
    ];
    expect((await stack.http('PUT', '/api/routing/breaks', { token, body: { breaks: reasons } })).status).toBe(204);
    const [first, second] = await Promise.all(
      ['agent1', 'agent2'].map(async (name) => WebPage.open(await browser.computer(), stack, name)),
    );
    await first!.ready();
    await second!.ready();
    const supervisor = await watching('/agents');
    await first!.page.getByTestId('set-break').click();
    await first!.page.getByTestId('break-rest').click();
    await first!.state('break');
    await first!.page
      .locator('[data-testid=my-break][data-reason=rest][data-over=false]')
      .filter({ hasText: /Short break until \d\d:\d\d/ })
      .waitFor();
    await rowOf(supervisor, '坐席一', 'break').getByTestId('on-break').filter({ hasText: 'Short break' }).waitFor();
    expect([...(await faultsOf(first!.page, 'seat-break')), ...(await faultsOf(supervisor.page, 'agents-today'))]).toEqual([]);

    // By the keyboard: the menu opens, and Escape leaves everything as it was.
    await second!.page.getByTestId('set-break').press('Enter');
    await second!.page.getByTestId('break-rest').waitFor();
    await second!.page.keyboard.press('Escape');
    await second!.page.getByTestId('break-rest').waitFor({ state: 'hidden' });
    await second!.page.getByTestId('set-break').click();
    await second!.page.getByTestId('break-rest').click();
    await second!.page.locator('[data-testid=seat-problem][data-code=break-full]').filter({ hasText: 'choose another reason' }).waitFor();
    await second!.state('ready');
    await second!.page.getByTestId('set-break').click();
    await second!.page.getByTestId('break-meeting').click();
    await second!.state('break');
    await second!.page.locator('[data-testid=my-break][data-reason=meeting]').waitFor();

    // The page that is loaded again says the same.
    await first!.page.reload();
    await first!.page.locator('[data-testid=my-break][data-reason=rest]').waitFor();
    await first!.page.getByTestId('set-ready').click();
    await first!.state('ready');
    await first!.page.getByTestId('my-break').waitFor({ state: 'detached' });
    expect([...first!.faults, ...second!.faults, ...supervisor.faults]).toEqual([]);
    await Promise.all([first!, second!, supervisor].map((each) => each.page.context().close()));
  }, 120_000);

  test('figures whose owner is gone turn grey and say since when; they are live again when it is back', async () => {
    const supervisor = await watching('/wallboard');
    const { page } = supervisor;
    await page.getByTestId('queue-service').waitFor();
    expect(await page.getByTestId('queue-proof').count()).toBe(0);
    const routing = stack.pidOf('routing');
    process.kill(routing, 'SIGSTOP');
    try {
      await page.getByTestId('stale').waitFor({ timeout: 30_000 });
      await page.locator('[data-testid=wall].stale').waitFor();
    } finally {
      process.kill(routing, 'SIGCONT');
    }
    await page.getByTestId('stale').waitFor({ state: 'detached', timeout: 30_000 });
    await page.context().close();
  }, 120_000);

  test.each([
    ['/wallboard', 'queue-service'],
    ['/agents', 'decide-state'],
  ])(
    '%s opened while the owner of its rows is gone says in words that nothing was heard yet, and fills itself',
    async (path, row) => {
      const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
      await agent.ready();
      const routing = stack.pidOf('routing');
      const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
      const { page } = supervisor;
      process.kill(routing, 'SIGSTOP');
      try {
        await page.goto(`${stack.web}${path}`);
        await page.getByRole('status').filter({ hasText: 'The server has not answered yet' }).waitFor();
        expect(await page.getByTestId(row).count()).toBe(0);
      } finally {
        process.kill(routing, 'SIGCONT');
      }
      await page.getByTestId(row).first().waitFor({ timeout: 30_000 });
      await page.getByTestId('not-heard').waitFor({ state: 'detached' });
      await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
    },
    120_000,
  );

  test('while telephony is gone, agents are shown and renewed without their calls', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const supervisor = await watching('/agents');
    await rowOf(supervisor, '坐席一', 'ready').waitFor();
    const telephony = stack.pidOf('telephony');
    process.kill(telephony, 'SIGSTOP');
    try {
      await agent.page.getByTestId('set-break').click();
      await agent.page.getByTestId('break-rest').click();
      await rowOf(supervisor, '坐席一', 'break').waitFor();
      expect(await supervisor.page.getByTestId('stale').count()).toBe(0);
    } finally {
      process.kill(telephony, 'SIGCONT');
    }
    await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
  }, 120_000);
});
