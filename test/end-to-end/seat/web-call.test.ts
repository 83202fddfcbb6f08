import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consentOf, letCallsOut, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { FarPhone } from '../../support/phones/far-phone.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

describe('a call in a browser seat', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([
      Stack.start({ layout: 'roles', env: { SITE_TIME_ZONE: zoneOfAfternoon() } }),
      WebBrowser.launch(),
    ]);
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

  test('a practice caller of the administrator rings, and says again what the agent says until the agent hangs up', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    const admin = await WebPage.open(await browser.computer(), stack, 'admin');
    await admin.page.goto(`${stack.web}/system`);
    await admin.page.getByTestId('practice-call-run').click();
    await admin.page.locator('[data-testid=practice-call-answer].ant-alert-success').waitFor();
    await agent.page.getByTestId('ringing-card').waitFor();
    await agent.answer();
    await agent.untilHears(AGENT_HZ);
    await agent.page.getByTestId('hang-up').click();
    await agent.page.locator('[data-testid=last-end][data-by=agent]').waitFor();
    expect([...agent.faults, ...admin.faults]).toEqual([]);
    await Promise.all([agent, admin].map(({ page }) => page.context().close()));
  }, 90_000);

  test('what is known comes with the ring, what is written is on the server, and wrap-up waits for the result', async () => {
    const admin = await stack.signIn('admin');
    const changed = await stack.http('PUT', '/api/queues/service', {
      token: admin,
      body: {
        name: { 'zh-CN': '客户服务', en: 'Customer service' },
        wrapUp: { mode: 'fixed', ms: 1_000, extendable: false, untilDisposed: true },
      },
    });
    expect(changed.status).toBe(200);
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    const { page } = agent;
    await agent.ready();
    const first = await dial(stack);
    await first.call();
    await page.getByTestId('ringing-card').getByTestId('client').waitFor();
    await page.getByTestId('script').filter({ hasText: 'Greet the caller' }).waitFor();
    await agent.answer();
    const callId = (await page.getByTestId('call-card').getAttribute('data-call')) ?? '';
    await page.getByTestId('notes').fill('wants the invoice again');
    await page.getByTestId('field-order-number').fill('A-17');
    await page.locator('[data-testid=notes-state][data-state=saved]').waitFor();
    await page.reload({ waitUntil: 'commit' });
    await page.getByTestId('notes').filter({ hasText: 'wants the invoice again' }).waitFor();
    await page.getByRole('tab', { name: 'Customer' }).click();
    await page.getByTestId('sticky-text').fill('prefers e-mail');
    await page.getByTestId('sticky-save').click();
    await page.getByTestId('sticky-remove').waitFor();
    await page.getByTestId('seat-callback').click();
    await page.getByTestId('callback-note').fill('send the invoice');
    await page.getByTestId('save-callback').click();
    await page.getByTestId('save-callback').waitFor({ state: 'detached' });
    await page.getByTestId('seat-complaint').click();
    await page.getByTestId('complaint-text').fill('has asked three times');
    await page.getByTestId('save-complaint').click();
    await page.getByTestId('save-complaint').waitFor({ state: 'detached' });
    // The case number is read out to the caller, so it stays in sight, also after a reload.
    const number = await page.getByTestId('made-complaint').innerText();
    expect(number).toMatch(/Complaint \S*\d{4,}/);
    await page.reload({ waitUntil: 'commit' });
    await page.getByTestId('made-complaint').filter({ hasText: number }).waitFor();
    await page.getByTestId('made-callback').waitFor();
    await page.getByTestId('hang-up').click();
    await page.getByTestId('result-owed').waitFor();
    await page.getByTestId('give-result').click();
    await page.getByTestId('result-missing').waitFor();
    await page.getByTestId('result-choice').click();
    await page.keyboard.type('inv');
    await page.getByTitle('Enquiry › Invoice').click();
    await page.getByTestId('give-result').click();
    await agent.state('ready');
    first.close();
    const own = await stack.http('GET', `/api/contacts/${callId}`, { token: await stack.signIn('agent1') });
    expect((own.body as { written: unknown[] }).written).toMatchObject([
      { notes: 'wants the invoice again', fields: { 'order-number': 'A-17' }, disposition: ['enquiry', 'invoice'] },
    ]);
    await page.getByTestId('callback').filter({ hasText: 'send the invoice' }).waitFor();

    // Whoever opens the page of the call finds all of it there, each field and result by its name.
    const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
    await supervisor.page.goto(`${stack.web}/calls/${callId}`);
    const paper = supervisor.page.getByTestId('call-paperwork');
    for (const text of ['Enquiry › Invoice', 'Order number', 'A-17', 'wants the invoice again', 'send the invoice'])
      await paper.filter({ hasText: text }).waitFor();
    await paper.getByTestId('show-customer').click();
    await paper.getByText('This number has no customer yet.').waitFor();
    await paper.getByTestId('paperwork-complaints').getByRole('link').click();
    await supervisor.page.getByTestId('case-page').waitFor();
    await listed(supervisor.page, callId);
    expect(supervisor.faults).toEqual([]);
    await supervisor.page.context().close();

    const again = await dial(stack);
    await again.call();
    await page.getByTestId('sticky-note').filter({ hasText: 'prefers e-mail' }).waitFor();
    await page.getByTestId('open-complaints').waitFor();
    await page.getByTestId('last-contact').filter({ hasText: 'Enquiry › Invoice' }).waitFor();
    await agent.answer();
    again.close();
    expect(agent.faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  /** The old address of the recordings leads to the one list, filtered; a hidden column stays hidden; the list is exported as it is filtered. */
  async function listed(page: WebPage['page'], callId: string): Promise<void> {
    await page.goto(`${stack.web}/recordings?disposition=invoice`);
    await page.getByTestId('recorded-calls').getByTestId(`call-${callId}`).waitFor({ timeout: 30_000 });
    expect(page.url()).toContain('/calls?recorded=true&disposition=invoice');
    await page.getByTestId('choose-columns').click();
    await page.getByRole('checkbox', { name: 'Direction', exact: true }).uncheck();
    await page.reload();
    await page.getByTestId(`call-${callId}`).waitFor();
    expect(await page.getByRole('columnheader', { name: 'Direction', exact: true }).count()).toBe(0);
    await page.getByTestId('export-calls').click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'As CSV' }).click()]);
    expect(file.suggestedFilename()).toBe('recordings.csv');
    await page.getByTestId('clear-filters').click();
    await page.locator('[data-testid=calls-page] th', { hasText: 'Waited' }).waitFor();
    const token = await stack.signIn('supervisor');
    const text = async (path: string): Promise<string> => Buffer.from(await stack.bytes(path, token)).toString('utf8');
    const recordings = await text('/api/recordings/export.csv?disposition=invoice');
    expect([recordings.startsWith('\uFEFF'), recordings.split('\n')[1]?.startsWith(callId)]).toEqual([true, true]);
    expect(await text(`/api/calls/export.csv?search=${callId}`)).toMatch(new RegExp(`^\uFEFFcallId.*\n${callId},inbound,`));
    expect((await text('/api/calls/export.xlsx?queueId=service')).startsWith('PK')).toBe(true);
  }

  test('a call out from the seat: refused in words without a consent, else with sound both ways', async () => {
    const far = await FarPhone.open('127.0.0.1');
    const agent = await WebPage.open(await browser.computer(), stack, 'agent2');
    const { page } = agent;
    try {
      await letCallsOut(stack, far);
      await agent.lineUp();
      await page.getByTestId('dial-number').fill('021-6000 0002');
      await page.getByTestId('dial').click();
      await page.locator('[data-testid=seat-problem][data-code=outbound-consent]').waitFor();
      await consentOf(stack, '02160000002');
      const coming = far.next();
      far.behaviour = 'ring';
      await page.getByTestId('dial').click();
      await page.getByTestId('far-ringing').waitFor();
      await page.locator('[data-testid=recording][data-recording=off]').waitFor();
      expect(await page.getByTestId('hold').isDisabled()).toBe(true);
      const tone = page.getByTestId('ringing-tone');
      await until(
        () => tone.evaluate((sound: HTMLAudioElement) => sound.currentTime),
        (seconds) => seconds > 0.2,
      );
      const call = await coming;
      far.answer(call);
      await page.getByTestId('answering').waitFor();
      expect(await tone.evaluate((sound: HTMLAudioElement) => sound.paused)).toBe(true);
      call.sound.play(CALLER_HZ);
      await Promise.all([agent.untilHears(CALLER_HZ, 20_000), call.sound.untilHears(AGENT_HZ, 20_000)]);
      call.hangUp();
      await page.getByTestId('last-end').waitFor();
      expect(agent.faults).toEqual([]);
    } finally {
      far.close();
      await page.context().close();
    }
  }, 90_000);
});
