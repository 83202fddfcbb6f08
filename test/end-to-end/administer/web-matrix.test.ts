import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { asked } from '../../support/asked.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, judgedLooks } from '../web-look.js';

// The grid of people, skills and queues, with 200 people: by keyboard, saved together, and never lost by the browser's Back.

const PEOPLE = 200;
const SKILLS = 10;
const QUEUES = 20;
const name = (i: number): string => `grid-${String(i).padStart(3, '0')}`;

let stack: Stack;
let browser: WebBrowser;
let admin: string;
let web: WebPage;
let page: Page;
let ids: Readonly<Record<string, string>>;

const id = (i: number): string => ids[name(i)] ?? '';
const skillsOf = async (i: number): Promise<unknown> =>
  (await asked<{ skills: Record<string, unknown> }>(stack, admin, 'GET', '/api/agents/skills')).skills[id(i)];
const membersOf = async (queueId: string): Promise<unknown> =>
  (await asked<{ queues: { id: string; members: unknown }[] }>(stack, admin, 'GET', '/api/queues')).queues.find(
    (queue) => queue.id === queueId,
  )?.members;
const cell = (person: string, column: string) => page.locator(`td[aria-label^="${person} · ${column}:"]`);

async function open(): Promise<void> {
  await page.goto(`${stack.web}/agent-settings`);
  await page.getByRole('tab', { name: '矩阵' }).click();
  await page.getByTestId('matrix').waitFor();
}

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  admin = await stack.signIn('admin');
  // One account is made through the product; the rest are copies of it in the store, which spares 199 hashes of a password.
  const body = { name: name(0), displayName: name(0), roles: ['agent'], password: 'Given-by-the-office-1' };
  await asked(stack, admin, 'POST', '/api/users', body);
  const mongo = await connectMongo(stack.config);
  const made = await mongo.collection<{ _id: string; name: string }>('users').findOne({ name: name(0) });
  if (made === null) throw new Error('there is no account to copy');
  const copies = Array.from({ length: PEOPLE - 1 }, (_value, at) => name(at + 1));
  await mongo
    .collection<{ _id: string }>('users')
    .insertMany(copies.map((copy) => ({ ...made, _id: copy, name: copy, displayName: copy })));
  const { users } = await asked<{ users: { id: string; name: string }[] }>(stack, admin, 'GET', '/api/users');
  ids = Object.fromEntries(users.map((user) => [user.name, user.id]));
  for (let i = 0; i < QUEUES; i += 1) {
    const label = `组${String(i)}`;
    await asked(stack, admin, 'PUT', `/api/queues/grid-${String(i)}`, {
      name: { 'zh-CN': label, en: label },
      members: i === 0 ? [id(0)] : [],
      skills: i === 0 ? { s0: 3 } : {},
    });
  }
  const levels = (i: number): [string, number][] => Array.from({ length: SKILLS }, (_value, at) => [`s${String(at)}`, 1 + ((i + at) % 10)]);
  await mongo.collection<{ _id: string }>('agent_skills').insertMany(
    Array.from({ length: PEOPLE }, (_value, i) => ({
      _id: id(i),
      skills: { ...Object.fromEntries(levels(i)), ...(i === 0 ? { s0: 3 } : {}) },
    })),
  );
  await mongo.close();
  web = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
  ({ page } = web);
  page.setDefaultTimeout(30_000);
}, 180_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

test('a key draws the row of its cell anew and none of the 200 others', async () => {
  await open();
  await cell(name(1), 's0').click();
  await page.evaluate(() => {
    const touched = new Set<string>();
    (globalThis as unknown as { touched: typeof touched }).touched = touched;
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const row = (target instanceof Element ? target : target.parentElement)?.closest('tr');
        touched.add(row?.getAttribute('data-testid') ?? 'table');
      }
    }).observe(document.querySelector('.matrix tbody') ?? document.body, {
      subtree: true,
      childList: true,
      attributes: true,
      characterData: true,
    });
  });
  await page.keyboard.press('9');
  await cell(name(1), 's0').and(page.locator('[data-changed]')).waitFor();
  const touched = await page.evaluate(() => [...(globalThis as unknown as { touched: Set<string> }).touched]);
  expect(touched).toEqual([`matrix-${id(1)}`]);
  await page.keyboard.press('Escape');
  await page.getByTestId('matrix-bar').waitFor({ state: 'detached' });
}, 60_000);

test('by keyboard: levels and queues of two people, the page says who could take calls, saves together and takes back', async () => {
  await cell(name(0), 's0').focus();
  await page.keyboard.press('2');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('0');
  await cell(name(1), '组0').focus();
  await page.keyboard.press('Space');
  await page.getByTestId('matrix-bar').filter({ hasText: '2 人，3 处修改未保存' }).waitFor();
  // Seven thousand cells would be judged one by one: ten people are enough.
  await page.getByLabel('按姓名查找').last().fill('grid-00');
  expect(await faultsOf(page, 'matrix')).toEqual([]);
  await page.getByTestId('matrix-save').click();
  const reach = page.getByTestId('matrix-reach');
  await reach.filter({ hasText: '可接听的人数' }).waitFor();
  // The first falls below the level that the queue asks for, the second comes in: one before, one after.
  expect((await reach.locator('tbody tr[data-row-key]').innerText()).split(/\s+/)).toEqual(['组0', '0', '→', '0', '1', '→', '1']);
  await page.getByTestId('batch-preview').click();
  await page
    .getByTestId(`batch-row-${id(1)}`)
    .filter({ hasText: '将修改' })
    .waitFor();
  expect(await faultsOf(page, 'matrix-preview')).toEqual([]);
  expect(await membersOf('grid-0')).toEqual([id(0)]);
  await page.getByTestId('batch-apply').click();
  await page.getByTestId('batch-done').filter({ hasText: '已修改 2 项' }).waitFor();
  expect([await skillsOf(0), await skillsOf(1), await membersOf('grid-0')]).toEqual([
    expect.objectContaining({ s0: 2 }),
    expect.objectContaining({ s0: 10 }),
    [id(0), id(1)],
  ]);
  await page.getByTestId('batch-undo').click();
  await page.getByTestId('batch-undone').waitFor();
  expect([await skillsOf(0), await membersOf('grid-0')]).toEqual([expect.objectContaining({ s0: 3 }), [id(0)]]);
  await page.getByTestId('batch-close').click();
  await page.getByTestId('matrix-bar').waitFor({ state: 'detached' });
}, 120_000);

test('a change that leaves a queue with nobody is said before it is saved', async () => {
  await cell(name(0), '组0').click();
  await page.getByTestId('matrix-save').click();
  await page.getByTestId('matrix-emptied').filter({ hasText: '组0' }).waitFor();
  await page.getByRole('button', { name: /^取\s*消$/ }).click();
  await page.getByTestId('matrix-bar').filter({ hasText: '1 人，1 处修改未保存' }).waitFor();
}, 60_000);

test("the browser's Back asks before what is not saved is lost, and goes when the person says so", async () => {
  await page.goto(`${stack.web}/queues`);
  await page.getByTestId('queues-page').waitFor();
  await page.getByTestId('nav-agentSettings').click();
  await page.getByRole('tab', { name: '矩阵' }).click();
  await cell(name(0), '组0').click();
  await page.getByTestId('matrix-bar').waitFor();
  const [stay, go] = ['继续填写', '放弃并离开'].map((name) => page.getByRole('button', { name })) as [Locator, Locator];
  await page.evaluate(() => history.back());
  await stay.waitFor();
  expect(new URL(page.url()).pathname).toBe('/agent-settings');
  await stay.click();
  await stay.waitFor({ state: 'hidden' });
  await page.getByTestId('matrix-bar').waitFor();
  await page.evaluate(() => history.back());
  await go.click();
  await page.getByTestId('queues-page').waitFor();
  // Nothing is open any more: the history is free both ways.
  await page.evaluate(() => history.forward());
  await page.getByTestId('agent-settings-page').waitFor();
  expect(web.faults).toEqual([]);
}, 60_000);

test.each(judgedLooks)(
  'in %s, %s: the grid and, on a telephone, its cards are clean',
  async (language, theme) => {
    const context = await browser.computer({ language });
    await context.addInitScript((chosen) => localStorage.setItem('proofline.theme', chosen), theme);
    const person = await WebPage.open(context, stack, 'admin');
    page = person.page;
    await page.goto(`${stack.web}/agent-settings`);
    await page.getByRole('tab').nth(1).click();
    await page.getByTestId('matrix').waitFor();
    await page.getByLabel(language === 'en' ? 'Find by name' : '按姓名查找', { exact: true }).fill('grid-00');
    await page.locator('.matrix td').first().click();
    await page.keyboard.press('7');
    const found = await faultsOf(page, 'matrix-looks');
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByTestId(`matrix-card-${id(0)}`).click();
    await page.getByLabel(/ · s1$/).selectOption('8');
    await page.getByTestId('matrix-bar').waitFor();
    found.push(...(await faultsOf(page, 'matrix-cards')));
    expect(found).toEqual([]);
    await context.close();
  },
  120_000,
);
