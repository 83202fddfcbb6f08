import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asked } from '../../support/asked.js';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf } from '../web-look.js';

// A list of people becomes accounts on the page; each person signs in once with the password that the page gave.

let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
}, 120_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const csv = (...rows: string[]): Buffer => Buffer.from(`用户名,姓名,角色,技能\n${rows.join('\n')}\n`);

test('a list is checked, confirmed and made; its people sign in with the passwords of the page, and a second try makes nothing', async () => {
  const web = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
  const { page } = web;
  page.setDefaultTimeout(30_000);
  await page.goto(`${stack.web}/users`);
  await page.getByTestId('import-users').click();
  const file = page.locator('input[type=file]');
  const list = {
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: csv('li.si,李四,坐席,英语:3', 'wang.wu,王五,坐席,', 'agent1,坐席一,坐席,', 'bad,=1+1,坐席,'),
  };
  await file.setInputFiles(list);
  await page.getByTestId('commit-list').waitFor();
  expect(await page.getByTestId('list-report').innerText()).toContain('该用户名已存在');
  expect(await faultsOf(page, 'account-import')).toEqual([]);
  await page.getByTestId('commit-list').click();
  await page.getByTestId('made-accounts').filter({ hasText: '已新建 2 个账号' }).waitFor();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save-passwords').click()]);
  const text = readFileSync(await download.path(), 'utf8');
  const [, password = ''] = /"li\.si","李四","(\w{16})"/.exec(text) ?? [];
  expect(password).not.toBe('');
  expect(await faultsOf(page, 'account-import-made')).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faultsOf(page, 'account-import-made-390')).toEqual([]);

  const signedIn = await stack.http('POST', '/api/session', { body: { name: 'li.si', password } });
  expect(signedIn.status).toBe(200);
  const admin = await stack.signIn('admin');
  const { users } = await asked<{ users: { id: string; name: string; mustChangePassword: boolean }[] }>(stack, admin, 'GET', '/api/users');
  const made = users.find(({ name }) => name === 'li.si');
  expect(made?.mustChangePassword).toBe(true);
  const { skills } = await asked<{ skills: Record<string, Record<string, number>> }>(stack, admin, 'GET', '/api/agents/skills');
  expect(skills[made?.id ?? '']).toEqual({ 英语: 3 });
  for (const { name } of stack.ready.processes) expect(stack.logOf(name)).not.toContain(password);

  await file.setInputFiles(list);
  await page.getByTestId('list-report').filter({ hasText: '该用户名已存在：3 行' }).waitFor();
  expect(await page.getByTestId('commit-list').count()).toBe(0);
  expect(web.faults).toEqual([]);
}, 180_000);

test('a file of 100,000 rows is refused; whoever keeps no accounts imports none', async () => {
  const admin = await stack.signIn('admin');
  const send = (token: string, buffer: Buffer) =>
    stack.http('POST', '/api/users/import?fileName=list.csv&commit=yes', { token, body: new Uint8Array(buffer) });
  const many = await send(admin, csv(...Array.from({ length: 100_000 }, (_, i) => `p${i},P,坐席,`)));
  expect([many.status, many.body]).toMatchObject([413, { code: 'too-large' }]);
  expect((await send(await stack.signIn('supervisor'), csv('new.one,New,坐席,'))).status).toBe(403);
  const { users } = await asked<{ users: { name: string }[] }>(stack, admin, 'GET', '/api/users');
  expect(users.some(({ name }) => /^p\d+$|^new\.one$/.test(name))).toBe(false);
}, 120_000);
