import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createMongoListenings } from '../../../services/supervision/adapters/mongo-listening.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { WHOLE_CENTRE } from '../../../services/shared/platform/reach/reach.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

const WITHIN_MS = 30_000;

describe('the rule of listening', () => {
  let stack: Stack;
  let browser: WebBrowser;

  beforeAll(async () => {
    [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
    await shortNotice(stack);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
  });

  async function at(name: string, path: string): Promise<WebPage> {
    const person = await WebPage.open(await browser.computer(), stack, name);
    await person.page.goto(`${stack.web}${path}`);
    return person;
  }

  /** Asks to listen to the first agent's call; the seat of the supervisor opens with it. */
  async function listen({ page }: WebPage, choose: WebPage['choose']): Promise<void> {
    await page.locator('tr[data-state=on-call]').filter({ hasText: '坐席一' }).getByTestId('monitor').click();
    await page.getByTestId('monitor-begin').waitFor();
    await choose('Choose the reason', 'Sample check');
    await page.getByTestId('monitor-begin').click();
  }

  test('nobody listens to whoever has not acknowledged it; the card shows who listens; by another rule the agent reads it afterwards', async () => {
    const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
    await agent.ready();
    await agent.page.locator('[data-testid=listening-acknowledge][data-state=missing]').waitFor();
    const caller = await dial(stack);
    expect(await caller.call()).toBe(200);
    await agent.answer();
    caller.sound.play(CALLER_HZ);
    const supervisor = await at('supervisor', '/agents');
    const choose = supervisor.choose.bind(supervisor);

    await listen(supervisor, choose);
    await supervisor.page.getByText('no valid acknowledgement').waitFor();
    expect(await supervisor.page.locator('[data-testid=strip-call][data-part=listen]').count()).toBe(0);

    // The note stands above the call and does not cover it.
    await agent.page.getByTestId('read-listening-rule').click();
    await agent.page.getByTestId('acknowledge-listening').click();
    await agent.page.getByTestId('listening-acknowledge').waitFor({ state: 'detached' });
    const compliance = await at('compliance', '/listening');
    await compliance.page.getByTestId('listening-acknowledgements').click();
    await compliance.page.locator('tr').filter({ hasText: '坐席一' }).getByText('valid', { exact: true }).waitFor();
    await compliance.page.locator('tr').filter({ hasText: '坐席二' }).getByText('missing', { exact: true }).waitFor();

    // Whoever reads that listening to some agents is not allowed is one click from the rule.
    await compliance.page.getByTestId('to-listening-rule').click();
    await compliance.page.getByTestId('listening-rule-form').waitFor();

    await listen(supervisor, choose);
    await supervisor.page.locator('[data-testid=strip-call][data-part=listen]').waitFor();
    await supervisor.untilHears(CALLER_HZ);
    await agent.page.getByTestId('listened-by').filter({ hasText: ': Listening' }).waitFor();
    await supervisor.page.getByTestId('strip-stop-monitoring').click();
    await agent.page.getByTestId('listened-by').filter({ hasNotText: 'Listening' }).waitFor({ state: 'attached' });

    await compliance.page.getByTestId('listening-rule').click();
    await compliance.page.getByTestId('notice-never').click();
    await compliance.page.locator('[data-testid=save-listening-rule][disabled]').waitFor();
    await compliance.page.getByTestId('notice-afterwards').click();
    await compliance.page.getByTestId('save-listening-rule').click();
    await until(
      async () => (await stack.http('GET', '/api/listening/rule', { token: await stack.signIn('supervisor') })).body,
      (rule) => (rule as { notice: string }).notice === 'afterwards',
    );

    await listen(supervisor, choose);
    await supervisor.page.locator('[data-testid=strip-call][data-part=listen]').waitFor();
    await supervisor.untilHears(CALLER_HZ);
    // What the server sends to the agent's page, not only what it draws.
    const own = await stack.http('GET', '/api/listening/mine', { token: await stack.signIn('agent1') });
    expect(own.body).toEqual({ listened: [] });
    expect(await agent.page.getByTestId('listened-by').innerText()).toBe('');
    await supervisor.page.getByTestId('strip-stop-monitoring').click();
    const note = agent.page.getByTestId('listened-note');
    await note.filter({ hasText: 'Sample check' }).waitFor({ timeout: WITHIN_MS });
    await agent.page.getByTestId('listened-seen').click();
    await note.waitFor({ state: 'detached' });

    await compliance.page.getByTestId('listening-report').click();
    const rows = compliance.page.locator('[data-testid=listening-report] tbody tr[data-row-key]');
    await rows.nth(1).waitFor();
    await rows.filter({ hasText: 'afterwards' }).filter({ hasText: 'Sample check' }).filter({ hasText: '坐席一' }).waitFor();
    await rows.filter({ hasText: 'at once' }).waitFor();
    const [download] = await Promise.all([
      compliance.page.waitForEvent('download'),
      compliance.page.getByTestId('listening-export').click(),
    ]);
    expect(download.suggestedFilename()).toBe('listening.csv');
    const csv = await stack.bytes('/api/listening/report.csv', await stack.signIn('compliance'));
    const lines = new TextDecoder().decode(csv).trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.join('\n')).not.toMatch(/1380000/);
    expect([...agent.faults, ...supervisor.faults, ...compliance.faults]).toEqual([]);
    caller.close();
    await Promise.all([agent, supervisor, compliance].map(({ page }) => page.context().close()));
  }, 180_000);

  test('the report keeps from whoever was listened to what the rule keeps from them; supervisors who serve a queue acknowledge it too', async () => {
    const mongo = await connectMongo(stack.config);
    try {
      const store = createMongoListenings(mongo);
      const beganAt = new Date();
      const part = { mode: 'listen', agentId: 'colleague', beganAt, seconds: 3 } as const;
      const row = { callId: 'c', listenerId: 'boss', agentId: 'both-roles', beganAt, parts: [] } as const;
      await store.put({ ...row, id: 'never', notice: 'never', endedAt: beganAt, parts: [part] });
      await store.put({ ...row, id: 'going-on', notice: 'afterwards' });
      await store.put({ ...row, id: 'over', notice: 'afterwards', endedAt: beganAt });
      await store.put({ ...row, id: 'shown', notice: 'at-once' });
      const seenBy = async (asker: string): Promise<unknown> => {
        const search = { reach: WHOLE_CENTRE, listenerId: 'boss', asker };
        const { rows, total } = await store.list(search, { skip: 0, limit: 50 });
        return [rows.map(({ id }) => id).sort(), total];
      };
      expect(await seenBy('both-roles')).toEqual([['over', 'shown'], 2]);
      // The colleague took part in a later part of the call.
      expect(await seenBy('colleague')).toEqual([['going-on', 'over', 'shown'], 3]);
      expect(await seenBy('somebody')).toEqual([['going-on', 'never', 'over', 'shown'], 4]);
    } finally {
      await mongo.close();
    }
    // The seat of this supervisor was open and could have been offered a call.
    const listed = async (): Promise<boolean> => {
      const { body } = await stack.http('GET', '/api/listening/acknowledgements', { token: await stack.signIn('compliance') });
      return (body as { people: { name: string }[] }).people.some(({ name }) => name === '班长');
    };
    await until(listed, (isListed) => isListed);
  }, 60_000);

  test('another text is acknowledged anew, and a rule that somebody else has changed meanwhile is not overwritten', async () => {
    const token = await stack.signIn('compliance');
    const read = (await stack.http('GET', '/api/listening/rule', { token })).body as Record<string, unknown> & {
      readonly text: { readonly en: string; readonly 'zh-CN': string };
      readonly textVersion: number;
    };
    const { textVersion, changedBy: _by, ...rule } = read;
    const body = { ...rule, text: { ...read.text, en: `${read.text.en} Ask your shop steward.` } };
    expect((await stack.http('PUT', '/api/listening/rule', { token, body })).body).toMatchObject({ textVersion: textVersion + 1 });
    expect((await stack.http('PUT', '/api/listening/rule', { token, body })).status).toBe(409);
    const agent = await stack.signIn('agent1');
    const old = { token: agent, body: { textVersion } };
    expect((await stack.http('POST', '/api/listening/mine/acknowledgement', old)).status).toBe(409);
    const mine = (await stack.http('GET', '/api/listening/mine', { token: agent })).body;
    expect(mine).toMatchObject({ acknowledge: { state: 'older-text', textVersion: textVersion + 1 } });
    const never = { ...body, notice: 'never', revision: Number(rule['revision']) + 1 };
    expect((await stack.http('PUT', '/api/listening/rule', { token, body: never })).status).toBe(400);
    expect((await stack.http('PUT', '/api/listening/rule', { token: agent, body })).status).toBe(403);
    expect((await stack.http('GET', '/api/listening/report', { token: agent })).status).toBe(403);
  }, 60_000);
});
