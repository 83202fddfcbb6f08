import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FigureReport } from '../../../services/shared/contracts/api/figures/figures.js';
import type { AgentDay } from '../../../services/shared/contracts/workspace.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { asked } from '../../support/asked.js';
import { figureDifferences } from '../../support/centre/figures-compared.js';
import { readWorkbook } from '../../support/read-workbook.js';
import { MessageServers } from '../../support/servers/message-servers.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, narrowFaultsOf } from '../web-look.js';
import { LISTED, plantedLists } from './planted-lists.js';

const siteToday = (): string => new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);

describe('reports', () => {
  let stack: Stack;
  let browser: WebBrowser;
  let messages: MessageServers;

  beforeAll(async () => {
    messages = await MessageServers.start();
    [stack, browser] = await Promise.all([Stack.start({ env: messages.env }), WebBrowser.launch()]);
    await shortNotice(stack);
  }, 120_000);
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await stack[Symbol.asyncDispose]();
    await messages[Symbol.asyncDispose]();
  });

  test('a call that was answered and one that gave up are in the report, with handle time, and each number opens its calls', async () => {
    const agent = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'agent1');
    await agent.ready();
    const served = await dial(stack);
    expect(await served.call()).toBe(200);
    await agent.page.getByTestId('ringing-card').waitFor();
    await agent.answer();
    // Nobody else is there: the second caller waits, and gives up.
    const waits = await dial(stack, '4001000', '13800000003');
    expect(await waits.call()).toBe(200);
    const token = await stack.signIn('supervisor');
    const report = (): Promise<FigureReport> =>
      asked<FigureReport>(stack, token, 'GET', `/api/figures/report?from=${siteToday()}&to=${siteToday()}&interval=whole&by=queue`);
    const valueOf = async (key: string): Promise<number | null | undefined> =>
      (await report()).rows.find(({ scope }) => scope === 'service')?.figures[key]?.value;
    await until(
      () => valueOf('waiting'),
      (waiting) => waiting === 1,
    );
    waits.hangUp();
    await until(
      () => valueOf('abandoned'),
      (abandoned) => abandoned === 1,
    );
    served.hangUp();
    await agent.state('wrap-up');
    // The wrap-up ends by its clock.
    await until(
      () => valueOf('aht.wrap'),
      (wrap) => typeof wrap === 'number' && wrap > 0,
    );
    await agent.page.context().close();
    const { accounted, rows } = await report();
    expect(accounted).toBe(true);
    expect(rows.map(({ scope }) => scope)).toEqual(['service']);
    expect(Object.fromEntries(Object.entries(rows[0]?.figures ?? {}).map(([key, { value }]) => [key, value]))).toMatchObject({
      entered: 2,
      answered: 1,
      abandoned: 1,
      waiting: 0,
      answerRate: 50,
      abandonRate: 50,
      'sl.strict': 50,
    });

    // Board, reports and files ask in different ways and show the same figures.
    const { compared, differences } = await figureDifferences(stack);
    expect([compared > 100, differences]).toEqual([true, []]);
    const own = await asked<AgentDay>(stack, await stack.signIn('agent1'), 'GET', '/api/my-day');
    expect(own).toMatchObject({ calls: 1, serviceLevelPercent: 100 });
    // The agent sees what the supervisor sees. Times in states go on, so only what has ended is compared to the millisecond.
    const byAgent = `/api/figures/report?from=${siteToday()}&to=${siteToday()}&interval=whole&by=agent`;
    const theirs = (await asked<FigureReport>(stack, token, 'GET', byAgent)).rows.find(({ figures }) => figures['aht']?.value !== null);
    for (const { key, numerator, denominator, value } of own.figures)
      if (key !== 'occupancy' && key !== 'utilisation')
        expect([key, { numerator, denominator, value }]).toEqual([key, theirs?.figures[key]]);
      else expect(value).not.toBeNull();

    for (const language of ['zh-CN', 'en'] as const) {
      const supervisor = await WebPage.at(await browser.computer({ language }), stack, 'supervisor', '/reports');
      const { page } = supervisor;
      await page.getByTestId('report-foot').waitFor();
      expect(await faultsOf(page, `reports-${language}`)).toEqual([]);
      // The total has the same number and opens the same.
      await page
        .getByRole('button', { name: language === 'en' ? 'Entered (Q) 2' : '进线量 Q 2' })
        .first()
        .click();
      await page.getByRole('dialog').getByRole('link').nth(1).waitFor();
      await until(
        () => page.getByRole('dialog').getByRole('link').count(),
        (links) => links === 2,
      );
      expect(await faultsOf(page, `report-visits-${language}`)).toEqual([]);
      // A rate opens what it is made of: the total too.
      await page.goto(`${stack.web}/reports?interval=whole&by=queue&figures=aht,sl.strict,occupancy`);
      await page
        .getByRole('button', { name: language === 'en' ? /^Service level \(strict\) 50\.00%$/ : /^服务水平（严格） 50\.00%$/ })
        .last()
        .click();
      await page.getByTestId('figure-rows-sum').getByText('= 1 / 2').waitFor();
      expect(await faultsOf(page, `report-rows-${language}`)).toEqual([]);
      expect(await narrowFaultsOf(page, `report-rows-${language}`)).toEqual([]);
      await page.keyboard.press('Escape');
      await page.getByTestId('figure-rows').waitFor({ state: 'hidden' });
      await page
        .getByRole('button', { name: language === 'en' ? /^Average handle time / : /^平均处理时长 AHT / })
        .first()
        .click();
      await page
        .getByTestId('figure-rows')
        .getByText(language === 'en' ? 'Handling' : '坐席处理', { exact: true })
        .waitFor();
      // As of a moment before the first sum there is nothing, and the page says what it shows.
      await page.goto(`${stack.web}/reports?interval=whole&by=queue&asOf=2026-01-01T00:00:00.000Z`);
      await page.getByTestId('as-of-note').waitFor();
      expect(await faultsOf(page, `reports-as-of-${language}`)).toEqual([]);
      // Yesterday nothing was there: the day before stands beside each number with its zeros and dashes, also in the file.
      await page.goto(`${stack.web}/reports?interval=whole&by=queue&figures=entered,asa&compare=before`);
      await page
        .getByRole('cell')
        .getByTitle(language === 'en' ? 'Period before' : '上一期')
        .first()
        .waitFor();
      await page.getByTestId('compare-today').waitFor();
      expect(await faultsOf(page, `reports-compared-${language}`)).toEqual([]);
      const beside = `from=${siteToday()}&to=${siteToday()}&interval=whole&by=queue&figures=entered&compare=before&form=csv&language=en`;
      expect(String((await stack.http('GET', `/api/figures/report/file?${beside}`, { token })).body)).toContain(
        'Whole period,Customer service,2,0',
      );
      await page.goto(`${stack.web}/wallboard`);
      const shown = page.getByTestId('queue-service');
      await shown.getByTestId('level').getByText('50.00%').waitFor();
      await shown.getByTestId('entered').getByText('2', { exact: true }).waitFor();
      await shown.getByTestId('abandoned').getByText('1', { exact: true }).waitFor();
      expect(await faultsOf(page, `wallboard-${language}`)).toEqual([]);
      // A tile opens the rows of its number.
      await shown.getByTestId('level-open').click();
      await page.getByTestId('figure-rows-sum').getByText('= 1 / 2').waitFor();
      await page.keyboard.press('Escape');
      await page.getByTestId('figure-rows').waitFor({ state: 'hidden' });
      // On a full screen too, where nothing outside the board is shown.
      await page.getByTestId('full-screen').click();
      await page.waitForFunction(() => document.fullscreenElement !== null);
      await shown.getByTestId('abandoned').click();
      await page.getByTestId('wall').getByTestId('report-visits').getByRole('link').waitFor();
      expect(supervisor.faults).toEqual([]);
      await page.context().close();
    }
  }, 180_000);

  test('the result that an agent chose at last is a row of the report, named in the language of the reader, and opens its call', async () => {
    const [token, agent] = [await stack.signIn('supervisor'), await stack.signIn('agent1')];
    const path = `/api/figures/report?from=${siteToday()}&to=${siteToday()}&interval=whole&by=result`;
    const entered = async (): Promise<readonly (readonly [string, number | null | undefined])[]> =>
      (await asked<FigureReport>(stack, token, 'GET', path)).rows.map(({ scope, figures }) => [scope, figures['entered']?.value]);
    expect(await entered()).toEqual([['', 2]]);
    const { visits } = await asked<{ visits: { callId: string; outcome: string }[] }>(
      ...[stack, token, 'GET' as const],
      `/api/figures/visits?from=${new Date(Date.now() - 3_600_000).toISOString()}&until=${new Date().toISOString()}&of=answered`,
    );
    const callId = visits[0]?.callId ?? '';
    const choose = (...disposition: string[]) =>
      asked(stack, agent, 'POST', `/api/contacts/${callId}/complete`, { notes: '', disposition, fields: {} });
    await choose('complaint');
    await choose('after-sales', 'repair');
    const [none, chosen] = [
      ['', 1],
      ['after-sales/repair', 1],
    ];
    await until(entered, (rows) => JSON.stringify(rows) === JSON.stringify([none, chosen]));
    for (const language of ['zh-CN', 'en'] as const) {
      const supervisor = await WebPage.at(await browser.computer({ language }), stack, 'supervisor', '/reports?interval=whole&by=result');
      const { page } = supervisor;
      const row = page.getByRole('row').filter({ hasText: language === 'en' ? 'After sales / Repair' : '售后 / 维修' });
      await row.waitFor();
      await page
        .getByRole('row')
        .filter({ hasText: language === 'en' ? 'No result' : '无处理结果' })
        .waitFor();
      expect(await faultsOf(page, `report-results-${language}`)).toEqual([]);
      await row.getByRole('button').first().click();
      await page.getByRole('dialog').getByRole('link').waitFor();
      expect(await page.getByRole('dialog').getByRole('link').getAttribute('href')).toBe(`/calls/${callId}`);
      expect(supervisor.faults).toEqual([]);
      await page.context().close();
      const file = await stack.http('GET', `${path.replace('/report?', '/report/file?')}&form=csv&figures=entered&language=${language}`, {
        token,
      });
      expect(String(file.body)).toContain(language === 'en' ? 'After sales / Repair' : '售后 / 维修');
    }
  }, 120_000);

  test('a report of more rows than the server sends at once is exported whole, and its chart says what it leaves out', async () => {
    const rows = 3_100;
    const QUARTER_MS = 900_000;
    const firstMs = Date.parse('2026-01-01T00:00:00+08:00');
    const mongo = await connectMongo(stack.config);
    try {
      const visits = Array.from({ length: rows }, (_each, place) => ({
        _id: `old-${String(place)}-1`,
        callId: `old-${String(place)}`,
        queueId: 'service',
        enteredAt: new Date(firstMs + place * QUARTER_MS),
        leftAt: new Date(firstMs + place * QUARTER_MS + 1_000),
        waitMs: 1_000,
        outcome: 'abandoned',
        offers: 0,
        thresholdMs: 20_000,
        returned: false,
        direction: 'inbound',
        class: 'service',
        trunkId: 't1',
        called: '4001000',
        priority: 0,
        skills: {},
        notedAt: new Date(firstMs + place * QUARTER_MS + 1_000),
      }));
      await mongo.collection<{ _id: string }>('visits').insertMany(visits);
    } finally {
      await mongo.close();
    }
    const supervisor = await WebPage.at(
      await browser.computer({ language: 'en' }),
      stack,
      'supervisor',
      '/reports?from=2026-01-01&to=2026-02-02&interval=15&by=all&figures=entered',
    );
    const { page } = supervisor;
    await page
      .getByTestId('report-chart-cut')
      .getByText(`The chart shows the first 3000 of ${String(rows)} rows.`)
      .waitFor();
    expect(await faultsOf(page, 'reports-cut')).toEqual([]);
    async function exported(form: string): Promise<{ readonly path: string; readonly name: string }> {
      await page.getByTestId('report-export').click();
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: form }).click()]);
      await page.getByRole('menuitem', { name: form }).waitFor({ state: 'hidden' });
      return { path: await file.path(), name: file.suggestedFilename() };
    }
    const csv = await exported('CSV');
    const bytes = readFileSync(csv.path);
    const [head, ...lines] = bytes.toString('utf8').trim().split('\r\n');
    expect(head).toContain('Entered (Q) (version 1)');
    expect([lines.length, new Set(lines).size]).toEqual([rows, rows]);
    expect([lines[0], lines.at(-1)]).toEqual(['2026-01-01 00:00,1', '2026-02-02 06:45,1']);
    // The workbook of the same report names the hash of the CSV, and so does the audit log.
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const book = await exported('Excel (XLSX)');
    expect(book.name).toBe('report_2026-01-01_2026-02-02_all_15.xlsx');
    const [sheet, , about] = await readWorkbook(book.path);
    expect(sheet?.rows).toHaveLength(rows + 2);
    expect(about?.rows.map((row) => row.map(({ value }) => value))).toContainEqual(['Data SHA-256', sha256]);
    const auditor = await stack.signIn('auditor');
    const { rows: audited } = await asked<{ rows: { what: string; object?: string; who: string }[] }>(stack, auditor, 'GET', '/api/audit');
    expect(audited.flatMap(({ what, object }) => (what === 'report.exported' ? [object] : []))).toEqual(
      expect.arrayContaining([`${csv.name}/${sha256}`, `${book.name}/${sha256}`]),
    );
    // So many rows make no PDF: the person reads what to do.
    await page.getByTestId('report-export').click();
    await page.getByRole('menuitem', { name: 'PDF' }).click();
    await page.getByText('A PDF has 1000 rows at most').waitFor();
    expect(supervisor.faults).toEqual([]);
    await page.context().close();
  }, 120_000);

  test('the hours of the week, the waits and the trend are drawn, and an hour opens its calls', async () => {
    // The visits from the previous test: one every quarter of an hour, 3,100 in all.
    const supervisor = await WebPage.at(
      await browser.computer({ language: 'en' }),
      stack,
      'supervisor',
      '/reports?from=2026-01-01&to=2026-02-02&interval=day&by=all&figures=entered',
    );
    const { page } = supervisor;
    // An hour of the week: its number opens its calls, as many as it says.
    await page.getByTestId('report-view').getByText('Hours of the week').click();
    const cell = page.getByRole('button', { name: /^Mon 09:00 Entered \(Q\) \d+$/ });
    await cell.waitFor();
    expect(await faultsOf(page, 'reports-heat')).toEqual([]);
    const inHour = Number(await cell.textContent());
    await cell.click();
    await page
      .getByRole('dialog')
      .getByText(`Calls behind it (${String(inHour)})`)
      .waitFor();
    await page
      .getByRole('dialog')
      .getByRole('link')
      .nth(inHour - 1)
      .waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await page.getByTestId('report-view').getByText('Waits').click();
    await page.getByTestId('report-waits').getByText(`3100 callers who left the queue`).waitFor();
    await page.getByTestId('report-view').getByText('Trend').click();
    await page.getByText('Same weekdays before').waitFor();
    expect(await faultsOf(page, 'reports-trend')).toEqual([]);
    // A reload shows the same picture.
    await page.reload();
    await page.getByText('Same weekdays before').waitFor();
    expect(supervisor.faults).toEqual([]);
    await page.context().close();
  }, 180_000);

  test('a report is narrowed to a queue: what its rows do not know is named, and it is exported, saved and opened so', async () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const supervisor = await WebPage.at(
        await browser.computer({ language }),
        stack,
        'supervisor',
        '/reports?from=2026-01-01&to=2026-01-02&interval=whole&figures=entered,abandoned,occupancy',
      );
      const { page } = supervisor;
      await page.getByTestId('report-foot').waitFor();
      await page.getByTestId('report-filter-add').click();
      await page
        .locator('.ant-select-item-option')
        .filter({ hasText: language === 'en' ? /^Queue$/ : /^队列$/ })
        .click();
      await page.getByTestId('report-filter-queue').click();
      await page.locator('.ant-select-dropdown:visible .ant-select-item-option').first().click();
      await page.keyboard.press('Escape');
      await page.waitForURL((url) => url.searchParams.get('queue') === 'service');
      await page.getByTestId('filter-unfit-queue').waitFor();
      await page
        .getByRole('button', { name: language === 'en' ? 'Entered (Q) 192' : '进线量 Q 192' })
        .first()
        .waitFor();
      expect(await page.getByRole('columnheader', { name: language === 'en' ? 'Occupancy' : '占用率' }).count()).toBe(0);
      expect(await faultsOf(page, `reports-filtered-${language}`)).toEqual([]);
      expect(await narrowFaultsOf(page, `reports-filtered-${language}`)).toEqual([]);
      if (language === 'en') {
        await page.getByTestId('saved-open').click();
        await page.getByTestId('save-report').click();
        await page.getByTestId('report-name').fill('Narrowed');
        await page.getByTestId('save-report-ok').click();
        await page.goto(`${stack.web}/reports`);
        await page.getByTestId('saved-open').click();
        await page.getByTestId('open-Narrowed').click();
        await page.waitForURL(
          (url) => url.searchParams.get('queue') === 'service' && url.searchParams.get('figures') === 'entered,abandoned',
        );
      }
      expect(supervisor.faults).toEqual([]);
      await page.context().close();
    }
    const [token, chief] = [await stack.signIn('supervisor'), await stack.signIn('supervisor')];
    const path = '/api/figures/report/file?from=2026-01-01&to=2026-01-02&interval=whole&form=csv&language=en';
    expect(String((await stack.http('GET', `${path}&figures=entered&queue=service`, { token })).body)).toContain('Whole period,192');
    expect(String((await stack.http('GET', `${path}&figures=entered&queue=sales`, { token })).body)).not.toContain('192');
    expect((await stack.http('GET', `${path}&figures=occupancy&queue=service`, { token })).status).toBe(400);
    const { reports } = await asked<{ reports: { id: string; filters?: object }[] }>(stack, chief, 'GET', '/api/figures/saved');
    expect(reports.map(({ filters }) => filters)).toEqual([{ queue: ['service'] }]);
    expect((await stack.http('DELETE', `/api/figures/saved/${reports[0]?.id ?? ''}`, { token })).status).toBe(204);
  }, 180_000);

  test('a report is saved, shared without its receivers, opened for the days of today, and only its owner changes it', async () => {
    const supervisor = await WebPage.at(
      await browser.computer({ language: 'zh-CN' }),
      stack,
      'supervisor',
      '/reports?from=2026-11-01&to=2026-11-02&interval=day&by=queue&figures=entered,asa',
    );
    const { page } = supervisor;
    await page.getByTestId('saved-open').click();
    await page.getByTestId('save-report').click();
    await page.getByTestId('report-name').fill('队列日报');
    await page.getByText('共享给可保存报表的人员').click();
    await page.getByTestId('report-mailed').click();
    // Without receivers the form is not saved, and says so.
    await page.getByTestId('save-report-ok').click();
    await page.getByText('请选择收件人。').waitFor();
    await page.getByTestId('report-people').click();
    await page.locator('.ant-select-item-option').filter({ hasText: '班长' }).first().click();
    await page.keyboard.press('Escape');
    expect(await faultsOf(page, 'reports-save')).toEqual([]);
    await page.getByTestId('save-report-ok').click();
    await page.getByTestId('open-队列日报').waitFor();
    await page.getByTestId('report-name').waitFor({ state: 'hidden' });
    expect(await faultsOf(page, 'reports-saved')).toEqual([]);
    await page.getByTestId('open-队列日报').click();
    const yesterday = new Date(Date.parse(siteToday()) - 86_400_000).toISOString().slice(0, 10);
    await page.waitForURL((url) => url.searchParams.get('from') === yesterday && url.searchParams.get('figures') === 'entered,asa');
    expect(supervisor.faults).toEqual([]);
    await page.context().close();

    type Saved = { readonly id: string; readonly isOwn: boolean; readonly schedule: unknown };
    const list = async (name: string): Promise<readonly Saved[]> =>
      (await asked<{ reports: readonly Saved[] }>(stack, await stack.signIn(name), 'GET', '/api/figures/saved')).reports;
    const [own, shared] = [(await list('supervisor'))[0], (await list('compliance'))[0]];
    expect([own?.isOwn, own?.schedule]).toMatchObject([true, { form: 'link', rhythm: 'workday' }]);
    expect(shared).toMatchObject({ id: own?.id, isOwn: false, schedule: null });
    const address = `/api/figures/saved/${own?.id ?? ''}`;
    const body = { name: 'x', period: 'today', interval: 'day', by: 'all', figures: ['entered'], isShared: true };
    const schedule = { rhythm: 'workday', atMinute: 0, form: 'csv', language: 'en', people: ['somebody-outside'] };
    const [compliance, agent, chief] = await Promise.all([stack.signIn('compliance'), stack.signIn('agent1'), stack.signIn('supervisor')]);
    const status = async (method: string, token: string, sent?: object): Promise<number> =>
      (await stack.http(method, address, { token, ...(sent === undefined ? {} : { body: sent }) })).status;
    expect(await status('PUT', compliance, body)).toBe(404);
    expect(await status('DELETE', compliance)).toBe(404);
    expect(await status('PUT', agent, body)).toBe(403);
    expect(await status('PUT', chief, { ...body, schedule })).toBe(400);
    expect(await status('DELETE', chief)).toBe(204);
    expect(await list('compliance')).toEqual([]);
  }, 180_000);

  describe('of one day', () => {
    beforeAll(() => plantedLists(stack), 30_000);

    async function opened(language: 'zh-CN' | 'en', name: string): Promise<WebPage> {
      const computer = await browser.computer({ language });
      if (language === 'en') await computer.addInitScript(() => localStorage.setItem('proofline.theme', 'dark'));
      return WebPage.at(computer, stack, 'supervisor', pathOf(name));
    }
    const pathOf = (name: string): string => `/reports?from=${LISTED}&to=${LISTED}&sheet=${name}`;
    const sheet = (name: string): string => `${stack.web}${pathOf(name)}`;

    test('who gave up, who was handed to whom and what agents did: each number opens its rows, and a caller is put in line to be called back', async () => {
      for (const language of ['zh-CN', 'en'] as const) {
        const supervisor = await opened(language, 'abandoned');
        const { page } = supervisor;
        const link = page.getByRole('link', { name: language === 'en' ? 'Callback arranged' : '已安排回拨' });
        if (language === 'zh-CN') {
          // Of two callers one was reached since: nobody needs to call that one.
          await page.getByTestId('call-back-gaveup1').click();
          expect(await page.getByTestId('call-back-gaveup2').count()).toBe(0);
        }
        await link.waitFor();
        expect(await faultsOf(page, 'reports-abandoned')).toEqual([]);
        await page.getByTestId('abandoned-reached').click();
        await link.waitFor({ state: 'hidden' });
        await page.locator('a[href="/calls/gaveup2"]').waitFor();

        await page.goto(sheet('transfers'));
        await page.getByRole('button', { name: /→ .* 2$/ }).click();
        await page.getByTestId('transfers-behind').getByRole('link').nth(1).waitFor();
        expect(await faultsOf(page, 'reports-transfers')).toEqual([]);

        await page.goto(sheet('states'));
        await page.getByTestId('states-gantt').locator('svg').waitFor();
        await page.getByRole('button', { name: language === 'en' ? /Break 30:00$/ : /小休 30:00$/ }).click();
        await page
          .getByTestId('states-tiles')
          .getByText(language === 'en' ? 'Set by a supervisor' : '由班长设置')
          .waitFor();
        expect(await faultsOf(page, 'reports-states-tiles')).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByTestId('states-tiles').waitFor({ state: 'hidden' });
        expect(await faultsOf(page, 'reports-states')).toEqual([]);

        // One agent came 70 minutes late and stayed until the end; a break is no gap: 400 of 470 minutes.
        await page.goto(sheet('adherence'));
        const kept = page.getByRole('button', { name: language === 'en' ? / Adherence to shifts 85\.11%$/ : / 遵时率 85\.11%$/ });
        await kept.waitFor();
        await page.getByTestId('adherence-rule').locator('summary').click();
        await page.getByText(language === 'en' ? /longer than 5 minutes\) \/ planned/ : /超过 5 分钟的缺勤时段之和）÷ 排班时长/).waitFor();
        // Of 470 planned minutes 400 were present, 40 of them away or on a break: 360 at work, and 110 lost.
        await page
          .getByTestId('adherence-total')
          .getByText(language === 'en' ? /Conformance 76\.60% · Shrinkage 23\.40%/ : /排班符合度 76\.60% · 损耗率 23\.40%/)
          .waitFor();
        expect(await faultsOf(page, `reports-adherence-${language}`)).toEqual([]);
        await kept.click();
        await page
          .getByTestId('adherence-day')
          .getByText(language === 'en' ? 'Late' : '迟到', { exact: true })
          .waitFor();
        expect(await faultsOf(page, 'reports-adherence-day')).toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByTestId('adherence-day').waitFor({ state: 'hidden' });
        await page.getByTestId('report-export').click();
        const [file] = await Promise.all([
          page.waitForEvent('download'),
          page
            .getByRole('menuitem', { name: 'Excel (XLSX)' })
            .or(page.getByRole('menuitem', { name: 'Excel（XLSX）' }))
            .click(),
        ]);
        const [sheetOfFile] = await readWorkbook(await file.path());
        // Planned, present and late: times of a workbook are parts of a day.
        const kept85 = sheetOfFile?.rows.find((row) => row[2]?.value === '07:50–15:40')?.map(({ value }) => value);
        expect([3, 4, 8].map((place) => Math.round(Number(kept85?.[place]) * 1_440))).toEqual([470, 400, 70]);
        expect(supervisor.faults).toEqual([]);
        await page.context().close();
      }
      // The promise is shown at the seats of the queue.
      const { callbacks } = await asked<{ callbacks: { callId: string; queueId?: string; agentId?: string }[] }>(
        stack,
        await stack.signIn('supervisor'),
        'GET',
        '/api/callbacks/promised',
      );
      expect(callbacks.map(({ callId, queueId, agentId }) => [callId, queueId, agentId])).toEqual([['gaveup1', 'service', undefined]]);
    }, 240_000);

    test('each list is a file in both languages, in the audit log, with the rows of the page', async () => {
      const token = await stack.signIn('supervisor');
      const rowsOf = async (path: string, language: string): Promise<string[]> => {
        const sign = path.includes('?') ? '&' : '?';
        const { status, body } = await stack.http(
          'GET',
          `/api/figures/${path}${sign}from=${LISTED}&to=${LISTED}&form=csv&language=${language}`,
          { token },
        );
        expect([path, status]).toEqual([path, 200]);
        return String(body).trim().split('\r\n');
      };
      for (const [language, reached, outside] of [
        ['zh-CN', '已联系上', '小休'],
        ['en', 'Reached', 'Break'],
      ] as const) {
        const abandoned = await rowsOf('abandoned/file', language);
        expect([abandoned.length, abandoned.filter((row) => row.includes(reached)).length]).toEqual([3, 1]);
        expect(await rowsOf('transfers/file?by=agent', language)).toHaveLength(2);
        const states = await rowsOf('agent-states/file', language);
        expect([states.length, states.filter((row) => row.includes(outside)).length]).toEqual([8, 1]);
      }
      for (const form of ['xlsx', 'pdf'])
        for (const list of ['abandoned', 'transfers', 'agent-states', 'adherence']) {
          const made = await stack.http('GET', `/api/figures/${list}/file?from=${LISTED}&to=${LISTED}&form=${form}`, { token });
          expect([list, form, made.status]).toEqual([list, form, 200]);
        }
      const { rows } = await asked<{ rows: { what: string }[] }>(stack, await stack.signIn('auditor'), 'GET', '/api/audit');
      expect(rows.filter(({ what }) => what === 'report.exported').length).toBeGreaterThanOrEqual(14);
    }, 120_000);

    test('figures of the whole day open their rows, a call shows its way, and no list is wider than a telephone', async () => {
      for (const language of ['zh-CN', 'en'] as const) {
        const supervisor = await opened(language, 'daily');
        const { page } = supervisor;
        await page.getByTestId('daily-recordedIn-denominator').waitFor();
        expect(await faultsOf(page, `reports-daily-${language}`)).toEqual([]);
        await page.getByTestId('daily-recordedIn-denominator').click();
        await page.getByTestId('daily-rows').locator('a[href="/calls/later"]').waitFor();
        expect(await faultsOf(page, 'reports-daily-rows')).toEqual([]);

        if (language === 'zh-CN') await page.setViewportSize({ width: 390, height: 844 });
        for (const name of language === 'zh-CN' ? ['states', 'adherence', 'transfers', 'abandoned', 'daily'] : []) {
          await page.goto(sheet(name));
          await page.locator('main :is(table, ul.cards)').first().waitFor();
          expect(await faultsOf(page, `reports-${name}-narrow`)).toEqual([]);
        }
        // Each row leads to its call, with the whole course on one time axis.
        await page.goto(`${stack.web}/calls/handed1`);
        await page.getByTestId('call-journey').locator('.journey-queue-answered').waitFor();
        expect(await faultsOf(page, `call-journey-${language}`)).toEqual([]);
        expect(supervisor.faults).toEqual([]);
        await page.context().close();
      }
    }, 240_000);
  });
});
