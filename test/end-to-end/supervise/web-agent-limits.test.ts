import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { newPerson } from '../../support/centre/people.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { atRest, faultsOf, pictures } from '../web-look.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';

const RING_MS = 5_000;

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

const rowOf = (page: Page, name: string) => page.locator('.agents-table tbody tr').filter({ hasText: name });

async function drawn(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  await atRest(page);
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

async function watching(language: 'en' | 'zh-CN' = 'en'): Promise<WebPage> {
  const person = await WebPage.open(await browser.computer({ language }), stack, 'supervisor');
  await person.page.goto(`${stack.web}/agents`);
  await person.page.getByTestId('agents-page').waitFor();
  return person;
}

test('who talks for too long and who misses rings is marked and listed first, by limits that the page sets', async () => {
  const admin = await stack.signIn('admin');
  const { queues } = (await stack.http('GET', '/api/queues', { token: admin })).body as { queues: { id: string }[] };
  const service = queues.find(({ id }) => id === 'service');
  const shorter = await stack.http('PUT', '/api/queues/service', { token: admin, body: { ...service, ringForMs: RING_MS } });
  expect(shorter.status).toBe(200);
  const supervisor = await watching();
  const { page } = supervisor;
  await page.getByTestId('agent-limits').click();
  await page.getByTestId('limit-talk-warn').fill('60');
  await page.getByTestId('limit-talk-alarm').fill('30');
  await page.getByText('The alarm must be above the warning.').waitFor();
  expect(await page.getByTestId('limits-save').isDisabled()).toBe(true);
  await page.getByTestId('limit-talk-warn').fill('1');
  await page.getByTestId('limit-talk-alarm').fill('3600');
  await page.getByTestId('limit-missed-alarm').fill('1');
  await faultsOf(page, 'agent-limits');
  await drawn(page, 'agent-limits-en');
  await page.getByTestId('limits-save').click();
  await page.getByTestId('limits-drawer').waitFor({ state: 'detached' });

  const agent = await WebPage.open(await browser.computer(), stack, 'agent1');
  await agent.ready();
  // Two rings pass unanswered.
  for (const from of ['13800000011', '13800000012']) {
    const missed = await dial(stack, '4001000', from);
    const rung = missed.call();
    await agent.page.getByTestId('answer').waitFor({ timeout: 20_000 });
    await agent.page.getByTestId('answer').waitFor({ state: 'detached', timeout: 20_000 });
    await rung;
    missed.hangUp();
    missed.close();
    await agent.ready();
  }
  const marked = rowOf(page, '坐席一').locator('[data-testid=passed-limit][data-what=missed][data-level=alarm]');
  await marked.filter({ hasText: 'Missed rings 2 > 1' }).waitFor({ timeout: 10_000 });

  const caller = await dial(stack, '4001000', '13800000013');
  const answered = caller.call();
  await agent.answer();
  expect(await answered).toBe(200);
  await rowOf(page, '坐席一').locator('[data-testid=passed-limit][data-what=talk][data-level=warn]').waitFor({ timeout: 15_000 });
  await supervisor.choose('Order', 'Beyond a limit first');
  await until(
    () => page.locator('.agents-table tbody tr').first().innerText(),
    (text) => text.includes('坐席一'),
  );
  await drawn(page, 'agents-beyond-limits-en');

  const chinese = await watching('zh-CN');
  await rowOf(chinese.page, '坐席一').getByText('漏接', { exact: false }).waitFor();
  await chinese.page.setViewportSize({ width: 390, height: 844 });
  await chinese.page.waitForFunction(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
  await drawn(chinese.page, 'agents-beyond-limits-zh-390');
  caller.hangUp();
  caller.close();
  expect([...agent.faults, ...supervisor.faults, ...chinese.faults]).toEqual([]);
  await Promise.all([agent, supervisor, chinese].map((each) => each.page.context().close()));
}, 180_000);

test('queues and skills are changed from the list, which says who could take calls; it is narrowed by queue and skill', async () => {
  const admin = await stack.signIn('admin');
  const sales = { name: { 'zh-CN': '销售', en: 'Sales' }, members: [], skills: { french: 5 } };
  expect((await stack.http('PUT', '/api/queues/sales', { token: admin, body: sales })).status).toBe(200);
  const agent = await WebPage.open(await browser.computer(), stack, 'agent2');
  await agent.ready();
  const supervisor = await watching();
  const { page } = supervisor;
  await page.locator('tr[data-state=ready]').filter({ hasText: '坐席二' }).getByTestId('edit-skills').click();
  await page.getByTestId('serves-sales').click();
  await page.locator('[data-testid=could-sales][data-now="0"][data-then="0"]').waitFor();
  await page.getByTestId('skill-name').fill('french');
  await page.getByTestId('add-skill').click();
  await page.locator('[data-testid=could-sales][data-now="0"][data-then="1"]').waitFor();
  await drawn(page, 'agent-work-en');
  await page.getByTestId('save-skills').click();
  await page.getByTestId('could-sales').waitFor({ state: 'detached' });
  const membersOfSales = async (): Promise<readonly string[]> => {
    const { body } = await stack.http('GET', '/api/queues', { token: admin });
    const members = (body as { queues: { id: string; members: readonly string[] }[] }).queues.find(({ id }) => id === 'sales')?.members;
    return members ?? [];
  };
  expect(await membersOfSales()).toHaveLength(1);

  // A colleague changes the same agent while the form is open, and the page reads that: it is not overwritten.
  await page.locator('tr[data-state=ready]').filter({ hasText: '坐席二' }).getByTestId('edit-skills').click();
  await page.getByTestId('could-sales').waitFor();
  expect(await page.getByTestId('serves-sales').locator('xpath=ancestor::label').getByRole('checkbox').isChecked()).toBe(true);
  const skillsOf = async (): Promise<readonly object[]> =>
    Object.values(((await stack.http('GET', '/api/agents/skills', { token: admin })).body as { skills: Record<string, object> }).skills);
  const [agentId] = await membersOfSales();
  const meanwhile = { id: agentId, before: { skills: { french: 5 } }, after: { skills: { french: 9 } } };
  expect((await stack.http('POST', '/api/agents/batch', { token: admin, body: { rows: [meanwhile], commit: true } })).status).toBe(200);
  await page.waitForResponse((answer) => answer.url().endsWith('/api/agents/skills'), { timeout: 40_000 });
  await page.getByTestId('skill-name').fill('german');
  await page.getByTestId('add-skill').click();
  await page.getByTestId('save-skills').click();
  await page.getByTestId('skills-refused').waitFor();
  expect(await skillsOf()).toContainEqual({ french: 9 });
  await page.reload();
  await supervisor.choose('Queue served', 'Sales');
  await until(
    () => page.locator('.agents-table tbody tr').count(),
    (count) => count === 1,
  );
  await rowOf(page, '坐席二').waitFor();
  await supervisor.choose('Queue served', 'All queues');
  await supervisor.choose('Skill', 'french');
  await rowOf(page, '坐席二').waitFor();
  expect(await page.locator('.agents-table tbody tr').count()).toBe(1);
  expect([...agent.faults, ...supervisor.faults]).toEqual([]);
  await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
}, 120_000);

test('whoever leads a team sets its limits alone, agents none, and a later edit is not overwritten', async () => {
  const admin = await stack.signIn('admin');
  for (const id of ['north', 'south'])
    expect((await stack.http('PUT', `/api/teams/${id}`, { token: admin, body: { name: { 'zh-CN': id } } })).status).toBeLessThan(300);
  const leader = await newPerson(stack, admin, { name: 'limits-leader', roles: ['supervisor'], scope: { teams: ['north'] } });
  const put = async (token: string, scope: object, more: object = {}): Promise<number> =>
    (await stack.http('PUT', '/api/agents/limits', { token, body: { scope, limits: { hold: { warn: 60 } }, ...more } })).status;
  expect(await put(leader.token, { of: 'team', id: 'north' })).toBe(200);
  expect(await put(leader.token, { of: 'team', id: 'north' }, { revision: 0 })).toBe(409);
  expect([404, 403]).toContain(await put(leader.token, { of: 'team', id: 'south' }));
  expect([404, 403]).toContain(await put(leader.token, { of: 'site', id: '' }));
  expect(await put(await stack.signIn('agent1'), { of: 'team', id: 'north' })).toBe(403);
  expect(await put(leader.token, { of: 'team', id: 'north' }, { limits: { hold: { warn: 60, alarm: 60 } } })).toBe(400);
  expect(await put(admin, { of: 'team', id: 'south' })).toBe(200);
  const { body } = await stack.http('GET', '/api/agents/limits', { token: leader.token });
  expect((body as { limits: { scope: { id: string } }[] }).limits.map(({ scope }) => scope.id).sort()).toEqual(['', 'north']);
  const auditor = await stack.signIn('auditor');
  const { body: log } = await stack.http('GET', '/api/audit?what=agent-limits.changed', { token: auditor });
  expect((log as { rows: unknown[] }).rows.length).toBeGreaterThanOrEqual(3);
}, 60_000);
