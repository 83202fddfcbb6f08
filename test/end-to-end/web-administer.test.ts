import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Stack } from '../support/stack.js';
import { dial, WebBrowser, WebPage } from './web-browser.js';

let stack: Stack;
let browser: WebBrowser;
let page: Page;
let admin: WebPage;
let supervisor: string;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({ layout: 'roles' }), WebBrowser.launch()]);
  supervisor = await stack.signIn('supervisor');
  admin = await WebPage.open(await browser.computer(), stack, 'admin');
  ({ page } = admin);
  page.setDefaultTimeout(20_000);
}, 120_000);
afterAll(async () => {
  expect(admin.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

/** Chooses `option` in the list of the control that has this label. */
async function choose(label: string, option: string): Promise<void> {
  await page.getByLabel(label, { exact: true }).last().click();
  await page.locator(`.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option[title="${option}"]`).click();
}

interface Numbers {
  readonly numbers: readonly {
    readonly number: string;
    readonly status: string;
    readonly flowVersion: number;
    readonly flow: { start: string };
  }[];
}
async function demoNumber(): Promise<Numbers['numbers'][number] | undefined> {
  const { body } = await stack.http('GET', '/api/numbers', { token: supervisor });
  return (body as Numbers).numbers.find(({ number }) => number === '4001000');
}

test('a menu is built without writing JSON, cannot go live while it is unsound, goes live, and is rolled back in one step', async () => {
  await page.goto(`${stack.web}/flows?number=4001000`);
  await page.getByTestId('flow-sound').waitFor();
  await page.getByTestId('add-step').click();
  await page.getByRole('menuitem', { name: 'Menu', exact: true }).click();

  // Nothing leads to it and it has no keys: told at the step, and nothing can go live.
  const problems = page.getByTestId('flow-problems');
  await problems.waitFor();
  expect(await problems.locator('li').allTextContents()).toEqual(['is a menu without keys', 'is never reached']);
  await page.getByTestId('flow-place-menu').getByText('Problems: 2').waitFor();
  expect(await page.getByTestId('flow-live').isDisabled()).toBe(true);

  await page.getByTestId('add-key').click();
  await page.getByTestId('menu-key-1').getByLabel('Name (the seat shows it)').fill('Service');
  await page.getByTestId('flow-place-flow').click();
  await choose('Calls begin at', 'menu');
  await page.getByTestId('flow-sound').waitFor();

  // A silent caller would hear this menu for ever.
  await page.getByTestId('flow-place-menu').click();
  await choose('When nothing is pressed', 'menu');
  await problems.getByText('goes round without waiting').waitFor();
  await choose('When nothing is pressed', 'service');
  await page.getByTestId('flow-sound').waitFor();
  await page.getByTestId('flow-live').click();
  await page.getByText('Version 2 is live from the next call on.').waitFor();
  expect(await demoNumber()).toMatchObject({
    flowVersion: 2,
    flow: { start: 'menu', steps: { menu: { keys: { '1': { goTo: 'service', label: 'Service' } } } } },
  });

  await page.getByTestId('roll-back').click();
  await page.getByTestId('live-2').waitFor();
  expect(await demoNumber()).toMatchObject({ flowVersion: 1, flow: { start: 'service' } });
}, 120_000);

test('hours show what they come to day by day; hours that contradict themselves do not go live', async () => {
  await page.goto(`${stack.web}/flows?number=4001000`);
  await page.getByTestId('flow-place-hours').click();
  await page.getByTestId('hours-mode').getByText('By hours').click();
  await page.getByTestId('hours-preview').locator('.day').nth(34).waitFor();
  await page.getByTestId('flow-sound').waitFor();
  const week = page.getByTestId('week-row-0');
  await week.getByLabel('Closes').fill('08:00');
  await page.getByTestId('flow-problems').getByText('closes before it opens').first().waitFor();
  expect(await page.getByTestId('flow-live').isDisabled()).toBe(true);

  const { body } = await stack.http('POST', '/api/hours/preview', {
    token: supervisor,
    body: { from: '2026-10-01', hours: { weekly: [{ days: [1], opens: '09:00', closes: '18:00' }], chineseHolidays: true } },
  });
  const { days } = body as { days: { date: string; by: string; spans: unknown[] }[] };
  expect(days.find(({ date }) => date === '2026-10-01')).toMatchObject({ by: 'holiday', spans: [] });
  expect(days.find(({ date }) => date === '2026-10-10')).toMatchObject({ by: 'workday', spans: [{ opens: '09:00', closes: '18:00' }] });
}, 60_000);

test('the emergency switch closes every number at once, callers are told so, and it opens them again', async () => {
  await page.goto(`${stack.web}/numbers`);
  await page.getByTestId('emergency-close').click();
  await page.getByTestId('emergency-reason').fill('The roof leaks');
  await page.getByTestId('emergency-confirm').click();
  await page.getByTestId('open-again').waitFor();
  expect(await demoNumber()).toMatchObject({ status: 'closed' });

  const caller = await dial(stack);
  try {
    // Telephony hears of the switch by the event stream.
    expect(await caller.call()).toBe(200);
    await caller.ended;
  } finally {
    caller.close();
  }
  await expect(endedAs('closed')).resolves.toBe('closed');

  await page.getByTestId('open-again').click();
  await page.getByTestId('emergency-reason').fill('The roof is mended');
  await page.getByTestId('emergency-confirm').click();
  await page.getByTestId('emergency-close').waitFor();
  expect(await demoNumber()).toMatchObject({ status: 'in-service' });
}, 60_000);

/** The cause of the newest call record, once it is written. */
async function endedAs(wanted: string): Promise<string | undefined> {
  for (let tries = 100; ; tries -= 1) {
    const { body } = await stack.http('GET', '/api/calls?limit=1', { token: supervisor });
    const cause = (body as { calls: { cause?: string }[] }).calls[0]?.cause;
    if (cause === wanted || tries === 0) return cause;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
