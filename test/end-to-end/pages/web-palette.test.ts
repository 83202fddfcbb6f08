import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { shortNotice } from '../../support/centre/short-notice.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { dial, WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, judgedLooks } from '../web-look.js';

// The palette as people use it: by keys alone, by each role within its rights, in both languages, on a telephone, and while it rings.
let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  await shortNotice(stack);
}, 150_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

type Look = (typeof judgedLooks)[number];

/** A person at a page, with what the server refused and what was asked of it. */
async function at(name: string, [language, theme]: Look = ['en', 'light']) {
  const context = await browser.computer({ language });
  await context.addInitScript((chosen) => localStorage.setItem('proofline.theme', chosen), theme);
  const person = await WebPage.at(context, stack, name, '/');
  const { page } = person;
  page.setDefaultTimeout(20_000);
  const refused: string[] = [];
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('response', (answer) => {
    if (answer.status() >= 400) refused.push(`${answer.status()} ${new URL(answer.url()).pathname}`);
  });
  await page.getByTestId('palette-open').waitFor();
  return { person, page, refused, asked, close: () => context.close() };
}

const open = async (page: Page): Promise<void> => {
  // The shortcut works once the part with the button has loaded.
  await page.getByTestId('palette-open').waitFor();
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-field').waitFor();
};
const type = (page: Page, text: string): Promise<void> => page.getByTestId('palette-field').fill(text);
const options = (page: Page): Promise<string[]> =>
  page.locator('[role=option]').evaluateAll((lines) => lines.map((line) => line.getAttribute('data-testid') ?? ''));
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? document.activeElement?.id ?? null);

test.each(judgedLooks)(
  'in %s, %s: says what can be typed, finds by keys alone, gives the focus back, is clean and fits a telephone',
  async (language, theme) => {
    const { person, page, refused, close } = await at('supervisor', [language, theme]);
    await page.goto(`${stack.web}/calls`);
    await page.getByTestId('calls-page').waitFor();
    // The page header is judged too, before the open palette covers it.
    const found = await faultsOf(page, 'palette-button');
    await page.getByTestId('theme').focus();
    await open(page);
    await page.getByTestId('palette-hints').filter({ hasText: 'TS20261130-0001' }).waitFor();
    expect(await focused(page)).toBe('palette-field');
    found.push(...(await faultsOf(page, 'palette-empty')));
    await page.keyboard.press('Escape');
    await page.getByTestId('palette').waitFor({ state: 'detached' });
    expect(await focused(page)).toBe('theme');

    // Either language's name finds the page; the arrows choose, Enter opens, and the focus stands in the page.
    await open(page);
    await type(page, '坐席');
    await page.getByTestId('palette-page-/agents').waitFor();
    found.push(...(await faultsOf(page, 'palette-found')));
    const field = page.getByTestId('palette-field');
    const first = await field.getAttribute('aria-activedescendant');
    await page.keyboard.press('ArrowDown');
    expect(await field.getAttribute('aria-activedescendant')).not.toBe(first);
    await page.keyboard.press('ArrowUp');
    expect(await field.getAttribute('aria-activedescendant')).toBe(first);
    await type(page, 'wallboard');
    await page.keyboard.press('Enter');
    await page.getByTestId('wallboard-page').waitFor();
    expect(await focused(page)).toBe('content');

    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByTestId('palette-open').click();
    await type(page, 'xyzzy');
    await page.getByTestId('palette-nothing').waitFor();
    found.push(...(await faultsOf(page, 'palette-narrow-nothing')));
    await type(page, '4001000');
    await page.getByTestId('palette-number-4001000').waitFor();
    found.push(...(await faultsOf(page, 'palette-narrow')));
    const box = await page.getByTestId('palette').boundingBox();
    expect(box).not.toBeNull();
    expect((box?.x ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 0) <= 390).toBe(true);
    expect(found).toEqual([]);
    expect([...refused, ...person.faults]).toEqual([]);
    await close();
  },
  120_000,
);

test('leads to people, queues and numbers, and finds calls and complaints by what the lists themselves take', async () => {
  const agent = await at('agent1');
  await agent.person.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.person.answer();
  await agent.page.getByTestId('hang-up').click();
  await agent.person.state('wrap-up');
  caller.close();
  await agent.close();
  const token = await stack.signIn('supervisor');
  const calls = await until(
    async () => (await stack.http('GET', '/api/calls', { token })).body as { calls: { callId: string }[] },
    ({ calls: rows }) => rows.length > 0,
  );
  const callId = calls.calls[0]?.callId ?? '';
  // Until it is archived the page of a call is told that there is no recording yet.
  await until(
    () => stack.http('GET', `/api/recordings/${callId}`, { token }),
    ({ status }) => status === 200,
  );
  const complaint = await stack.http('POST', '/api/public/complaints', {
    body: { kind: 'waiting', text: '等了四十分钟没有人接', number: '13812345678' },
  });
  const { number } = complaint.body as { number: string };

  const { person, page, refused, asked, close } = await at('supervisor');
  const lead = async (text: string, line: string, to: string): Promise<void> => {
    await open(page);
    await type(page, text);
    await page.getByTestId(line).click();
    await page.waitForURL((url) => `${url.pathname}${url.search}`.startsWith(to));
  };
  await lead('0002', `palette-call-${callId}`, `/calls/${callId}`);
  await lead(callId, `palette-call-${callId}`, `/calls/${callId}`);
  const [id] = ((await stack.http('GET', '/api/complaints', { token })).body as { complaints: { id: string }[] }).complaints;
  await lead(number, `palette-case-${id?.id}`, `/complaints/${id?.id}`);
  await page.getByTestId('case-page').or(page.getByText(number)).first().waitFor();

  // Choosing the line looks up a whole number: typing it alone does not.
  await open(page);
  asked.length = 0;
  await page.getByTestId('palette-field').pressSequentially('13800000002');
  await page.getByTestId('palette-calls-of').waitFor();
  expect(asked.filter((url) => url.includes('1380000'))).toEqual([]);
  await page.getByTestId('palette-cases-of').waitFor();
  await page.getByTestId('palette-calls-of').click();
  await page.getByTestId(`call-${callId}`).waitFor();

  await lead('坐席一', (await personLine(page)) ?? '', '/agents?find=');
  await page.locator('[data-testid^=agent-]').filter({ hasText: '坐席一' }).waitFor();
  expect(await page.locator('tbody [data-testid^=agent-]').count()).toBe(1);
  await lead('Customer service', 'palette-queue-service', '/wallboard?queue=service');
  await page.locator('.asked-for[data-testid=queue-service]').waitFor();
  await lead('service', 'palette-settings-service', '/queues?queue=service');
  await page.getByRole('dialog').waitFor();
  // A form is open: the shortcut does not open the palette.
  await page.locator('body').press('Control+k');
  expect(await page.getByTestId('palette').count()).toBe(0);
  expect([...refused, ...person.faults]).toEqual([]);
  await close();
}, 150_000);

/** The line of the first seat of that name. */
async function personLine(page: Page): Promise<string | undefined> {
  await open(page);
  await type(page, '坐席一');
  await page.locator('[data-testid^=palette-seat-]').first().waitFor();
  const line = (await options(page)).find((each) => each.startsWith('palette-seat-'));
  await page.keyboard.press('Escape');
  await page.getByTestId('palette').waitFor({ state: 'detached' });
  return line;
}

test.each(['agent1', 'admin', 'auditor', 'compliance'])(
  '%s finds nothing that leads to a page outside the own menu, and asks for nothing that is refused',
  async (name) => {
    const { person, page, refused, close } = await at(name);
    const menu = await page.locator('[data-testid^=nav-]').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    await open(page);
    await page.getByTestId('palette-page-/account').waitFor();
    expect((await options(page)).sort()).toEqual([...menu, '/account'].map((path) => `palette-page-${path}`).sort());
    for (const text of ['agent', 'service', '4001000', '0002', '13800000002', 'TS20261130-0001', '01kb3c5k8w1x2y3z4a5b6c']) {
      await type(page, text);
      await page.waitForLoadState('networkidle');
      const lines = await options(page);
      for (const [path, mark] of [
        ['/agents', 'palette-seat-'],
        ['/users', 'palette-user-'],
        ['/wallboard', 'palette-queue-'],
        ['/queues', 'palette-settings-'],
        ['/numbers', 'palette-number-'],
        ['/flows', 'palette-flow-'],
        ['/calls', 'palette-call'],
        ['/complaints', 'palette-case'],
      ] as const)
        if (!menu.includes(path)) expect(lines.filter((line) => line.startsWith(mark))).toEqual([]);
    }
    expect([...refused, ...person.faults]).toEqual([]);
    await close();
  },
  90_000,
);

test('a ring is never hidden: no key opens the palette while it rings, and one that is open shows the ring and answers', async () => {
  const { person, page, close } = await at('agent1');
  await person.ready();
  // In an input, the key belongs to the field.
  const field = page.locator('main input:visible').first();
  await field.focus();
  await page.keyboard.press('Control+k');
  expect(await page.getByTestId('palette').count()).toBe(0);

  await page.locator('body').click({ position: { x: 700, y: 760 } });
  await page.getByTestId('theme').focus();
  await open(page);
  await type(page, 'reviews');
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await page.getByTestId('palette-ring').waitFor();
  expect(await faultsOf(page, 'palette-ring')).toEqual([]);
  expect(await focused(page)).toBe('palette-field');
  expect(await page.getByTestId('palette-field').inputValue()).toBe('reviews');
  await page.keyboard.press('Escape');
  await page.getByTestId('ringing-card').waitFor();
  expect(await page.getByTestId('palette-open').isDisabled()).toBe(true);
  await page.locator('body').press('Control+k');
  expect(await page.getByTestId('palette').count()).toBe(0);
  await person.answer();
  await page.getByTestId('hang-up').click();
  await person.state('wrap-up');
  caller.close();

  // Answered out of the palette, on another page.
  await page.goto(`${stack.web}/my-reviews`);
  await person.ready();
  await open(page);
  const second = await dial(stack);
  expect(await second.call()).toBe(200);
  await page.getByTestId('palette-answer').click();
  await page.getByTestId('strip-call').waitFor();
  expect(await page.getByTestId('palette').count()).toBe(0);
  await page.getByTestId('strip-hang-up').click();
  second.close();
  expect(person.faults).toEqual([]);
  await close();
}, 150_000);
