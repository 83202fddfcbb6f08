import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { asked } from '../../support/asked.js';
import { newPerson, type Person } from '../../support/centre/people.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// Several people and several rows of a register are changed together: chosen by mouse and by keyboard, previewed, changed, undone.

const PEOPLE = ['batch-1', 'batch-2', 'batch-3', 'batch-4'];
interface User {
  readonly id: string;
  readonly name: string;
  readonly teamId: string | null;
  readonly disabled: boolean;
}

let stack: Stack;
let browser: WebBrowser;
let admin: string;
let web: WebPage;
let page: Page;
let ids: Readonly<Record<string, string>>;
let boss: Person;

const users = async (): Promise<readonly User[]> => (await asked<{ users: User[] }>(stack, admin, 'GET', '/api/users')).users;
const ours = async (): Promise<readonly User[]> => (await users()).filter(({ name }) => PEOPLE.includes(name));

async function auditOf(what: string): Promise<readonly string[]> {
  const mongo = await connectMongo(stack.config);
  const rows = await mongo.collection('audit').find({ what }).toArray();
  await mongo.close();
  return rows.map(({ object, reason }) => `${String(object)}: ${String(reason)}`).sort();
}

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  admin = await stack.signIn('admin');
  for (const name of PEOPLE) {
    const body = { name, displayName: name, roles: ['agent'], password: 'Given-by-the-office-1' };
    await asked(stack, admin, 'POST', '/api/users', body);
  }
  await asked(stack, admin, 'PUT', '/api/teams/day', { name: { 'zh-CN': '白班', en: 'Day' } });
  ids = Object.fromEntries((await users()).map(({ name, id }) => [name, id]));
  const named = (id: string, members: readonly string[]): Promise<unknown> =>
    asked(stack, admin, 'PUT', `/api/queues/${id}`, { name: { 'zh-CN': id, en: id }, members });
  await named('near', [ids['batch-1'] ?? '', ids['batch-2'] ?? '']);
  await named('far', [ids['batch-3'] ?? '']);
  boss = await newPerson(stack, admin, { name: 'near-boss', roles: ['supervisor'], scope: { queues: ['near'] } });
  web = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
  ({ page } = web);
  page.setDefaultTimeout(30_000);
}, 180_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const box = (name: string) => page.getByLabel(`选择“${name}”`);
const preview = async (): Promise<void> => {
  await page.getByTestId('batch-preview').click();
  await page.locator('[data-testid^=batch-row-]').first().waitFor();
};

test('four people chosen by Shift and a click are moved into a team, previewed first, and moved back by undo', async () => {
  await page.goto(`${stack.web}/users`);
  await page.getByTestId('users-search').fill('batch-');
  await box('batch-1').click();
  await box('batch-4').click({ modifiers: ['Shift'] });
  await page.getByTestId('batch-bar').filter({ hasText: '已选 4 项' }).waitFor();
  await page.getByTestId('users-search').fill('');
  await page.getByTestId('batch-bar').filter({ hasText: '已选 4 项' }).waitFor();
  expect(await faultsOf(page, 'batch-bar')).toEqual([]);
  await page.getByTestId('batch-team').click();
  expect(await page.getByTestId('batch-apply').isDisabled()).toBe(true);
  await web.choose('调入班组', '白班');
  await preview();
  expect(await page.getByTestId(`batch-row-${ids['batch-1'] ?? ''}`).innerText()).toMatch(/batch-1[\s\S]*→ 白班[\s\S]*将修改/);
  expect(await faultsOf(page, 'batch-preview')).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faultsOf(page, 'batch-preview-390')).toEqual([]);
  await page.setViewportSize({ width: 1_366, height: 768 });
  expect((await ours()).every(({ teamId }) => teamId === null)).toBe(true);
  await page.getByTestId('batch-apply').click();
  await page.getByTestId('batch-done').filter({ hasText: '已修改 4 项' }).waitFor();
  expect((await ours()).map(({ teamId }) => teamId)).toEqual(['day', 'day', 'day', 'day']);
  expect(await faultsOf(page, 'batch-done')).toEqual([]);
  expect(await auditOf('account.team-changed')).toEqual(PEOPLE.map((name) => `${ids[name] ?? ''}: - → day (4 together)`).sort());
  await page.getByTestId('batch-undo').click();
  await page.getByTestId('batch-undone').waitFor();
  expect((await ours()).every(({ teamId }) => teamId === null)).toBe(true);
  await page.getByTestId('batch-close').click();
  await page.getByTestId('batch-bar').waitFor({ state: 'detached' });
}, 120_000);

test('by keyboard: the arrows move, Shift and an arrow choose; skills and queues of two change, and whoever has no seat is left out', async () => {
  await box('batch-2').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByTestId('batch-bar').filter({ hasText: '已选 2 项' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('batch-bar').waitFor({ state: 'detached' });
  await box('batch-2').focus();
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByTestId('batch-skills').click();
  await page.getByTestId('skill-name').fill('英语');
  await page.getByTestId('add-skill').click();
  await preview();
  await page.getByTestId('batch-apply').click();
  await page.getByTestId('batch-done').filter({ hasText: '已修改 2 项' }).waitFor();
  const skills = async () =>
    (await asked<{ skills: Record<string, Record<string, number>> }>(stack, admin, 'GET', '/api/agents/skills')).skills;
  const held = await skills();
  expect(PEOPLE.map((name) => held[ids[name] ?? ''])).toEqual([undefined, { 英语: 5 }, { 英语: 5 }, undefined]);
  expect(await auditOf('agent.work-changed')).toEqual(
    ['batch-2', 'batch-3'].map((name) => `${ids[name] ?? ''}: skills - → 英语 5 (2 together)`).sort(),
  );
  await page.getByTestId('batch-close').click();
}, 120_000);

test('a scope is a wall: whoever serves another queue is refused by name or without, and then nobody is changed', async () => {
  const rows = ['batch-1', 'batch-3'].map((name) => ({ id: ids[name], before: {}, after: { skills: { sales: 9 } } }));
  const answer = await stack.http('POST', '/api/agents/batch', { token: boss.token, body: { rows, commit: true } });
  expect([answer.status, answer.body]).toEqual([
    200,
    {
      done: false,
      rows: [
        { id: ids['batch-1'], name: 'batch-1' },
        { id: ids['batch-3'], refused: 'out-of-reach' },
      ],
    },
  ]);
  const far = [{ id: ids['batch-1'], before: {}, after: { serves: ['near', 'far'] } }];
  expect((await stack.http('POST', '/api/agents/batch', { token: boss.token, body: { rows: far, commit: true } })).body).toMatchObject({
    done: false,
    rows: [{ refused: 'queue' }],
  });
  const { skills } = await asked<{ skills: Record<string, Record<string, number>> }>(stack, admin, 'GET', '/api/agents/skills');
  expect(skills[ids['batch-1'] ?? '']).toBeUndefined();
  const one = [{ id: ids['batch-1'], before: {}, after: { skills: { sales: 9 } } }];
  expect((await stack.http('POST', '/api/agents/batch', { token: boss.token, body: { rows: one, commit: true } })).body).toMatchObject({
    done: true,
  });
  expect((await stack.http('POST', '/api/users/batch', { token: boss.token, body: { rows: one } })).status).toBe(403);
});

test('agents who never signed in are on the page of their supervisor, and of nobody else', async () => {
  const listed = await asked<{ agents: { name: string; lastSignInAt: string | null }[] }>(stack, boss.token, 'GET', '/api/agents');
  expect(
    listed.agents
      .map(({ name, lastSignInAt }) => [name, lastSignInAt])
      .filter(([name]) => PEOPLE.includes(name ?? ''))
      .sort(),
  ).toEqual([
    ['batch-1', null],
    ['batch-2', null],
  ]);
  const supervisor = await WebPage.at(await browser.computer({ language: 'zh-CN' }), stack, 'supervisor', '/agents');
  const row = supervisor.page.getByTestId(`agent-${ids['batch-4'] ?? ''}`);
  await row.filter({ hasText: '从未登录' }).waitFor();
  expect(await row.getAttribute('data-state')).toBe('never');
  await supervisor.page.getByText(/^从未登录 \d+$/).click();
  expect(await supervisor.page.locator('tr[data-state]').evaluateAll((all) => all.map((each) => each.getAttribute('data-state')))).toEqual(
    expect.arrayContaining(['never']),
  );
  expect(await supervisor.page.locator('tr[data-state]:not([data-state=never])').count()).toBe(0);
  expect(await faultsOf(supervisor.page, 'agents-never')).toEqual([]);
  await supervisor.page.context().close();
}, 60_000);

test('a column of several rows of a register is changed together', async () => {
  const person = await WebPage.open(await browser.computer({ language: 'en' }), stack, 'compliance');
  const office = person.page;
  office.setDefaultTimeout(30_000);
  await office.goto(`${stack.web}/registry?register=staff`);
  const boxes = office.locator('tbody tr[data-row-key] input[type=checkbox]');
  await boxes.nth(0).click();
  await boxes.nth(1).click();
  await office.getByTestId('batch-field').click();
  const field = office.getByLabel('Column', { exact: true });
  await field.click();
  await office.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option[title="Name"]').click();
  await office.getByLabel('Set to', { exact: true }).fill('Li Si');
  await office.getByTestId('batch-preview').click();
  await office.locator('[data-testid^=batch-row-]').nth(1).filter({ hasText: 'will change' }).waitFor();
  expect(await faultsOf(office, 'batch-registry')).toEqual([]);
  await office.getByTestId('batch-apply').click();
  await office.getByTestId('batch-done').waitFor();
  const token = await stack.signIn('compliance');
  const { entries } = await asked<{ entries: { values: Record<string, unknown> }[] }>(stack, token, 'GET', '/api/registry/staff');
  expect(entries.filter(({ values }) => values['name'] === 'Li Si')).toHaveLength(2);
  await office.getByTestId('batch-undo').click();
  await office.getByTestId('batch-undone').waitFor();
  const after = await asked<{ entries: { values: Record<string, unknown> }[] }>(stack, token, 'GET', '/api/registry/staff');
  expect(after.entries.filter(({ values }) => values['name'] === 'Li Si')).toHaveLength(0);
  expect(person.faults).toEqual([]);
  await office.context().close();
}, 120_000);
