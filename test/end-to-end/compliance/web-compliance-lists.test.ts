import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { strFromU8, unzipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

// What compliance staff import themselves: a list of consents, and next year's working calendar; and the six items that they print.
let stack: Stack;
let browser: WebBrowser;
let person: WebPage;
let page: Page;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start({}), WebBrowser.launch()]);
  person = await WebPage.open(await browser.computer(), stack, 'compliance');
  ({ page } = person);
  page.setDefaultTimeout(30_000);
}, 120_000);
afterAll(async () => {
  expect(person.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
});

const picture = async (name: string): Promise<void> => {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png` });
};

const HEADS = 'number,purposes,channel,givenAt,evidence,clientUnit,validUntil';
const GOOD = '13800138000,enquiry;service-notice,web,2026-03-02 10:00,form 1024,,';
const listOf = (...rows: readonly string[]) => ({
  name: 'consents.csv',
  mimeType: 'text/csv',
  buffer: Buffer.from([HEADS, ...rows].join('\n')),
});

test('a list of consents is checked, its refused rows are named and can be kept, and the rest is taken over', async () => {
  await page.goto(`${stack.web}/calling-out?tab=consents`);
  await page.getByTestId('import-consents').click();
  const file = page.locator('.ant-drawer input[type=file]');
  await file.setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('number,purposes\n13800138000,enquiry\n') });
  await page.getByTestId('missing-columns').getByText('evidence').waitFor();
  await file.setInputFiles({ name: 'picture.csv', mimeType: 'text/csv', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1]) });
  await page.getByText('The file is not a readable Excel workbook').waitFor();
  await file.setInputFiles(
    listOf(GOOD, 'nobody,enquiry,web,2026-03-02 10:00,form 1,,', '13800138001,enquiry,web,2026-03-02 10:00,,,', GOOD),
  );
  const report = page.getByTestId('list-report');
  await report.getByText('Rows: 4; can be imported: 1; refused: 3.').waitFor();
  await report.getByText('not a telephone number: 1').waitFor();
  await picture('consent-list');
  const [kept] = await Promise.all([page.waitForEvent('download'), page.getByTestId('refused-rows').click()]);
  const lines = readFileSync(await kept.path(), 'utf8')
    .trim()
    .split('\n');
  expect(lines.slice(1)).toEqual([
    '3,"not a telephone number"',
    '4,"no evidence, or more than 500 characters"',
    '5,"the same as an earlier row"',
  ]);
  expect(await faultsOf(page, 'consent-list')).toEqual([]);
  await page.getByTestId('commit-list').click();
  await report.getByText('Rows imported: 1; refused: 3.').waitFor();
  await page.keyboard.press('Escape');
  await page
    .getByRole('row', { name: /138\*{4}8000/ })
    .getByText('any')
    .waitFor();
  await page
    .getByRole('row', { name: /138\*{4}8000/ })
    .locator('input[type=file]')
    .setInputFiles({ name: 'form.pdf', mimeType: 'application/pdf', buffer: Buffer.from('no PDF') });
  await page.getByText('This type of file is not accepted').waitFor();
}, 90_000);

test('the calendar of the next year is asked for on the page, entered there, and its wrong dates are named', async () => {
  const next = new Date().getUTCFullYear() + 1;
  await page.goto(`${stack.web}/complaints`);
  await page.getByTestId('complaint-rules-open').click();
  await page.getByTestId(`missing-${next}`).waitFor();
  await page.getByTestId('enter-calendar').click();
  await page.getByTestId('days-off').fill(`${next}-01-01 ${next - 1}-02-02`);
  await page.getByTestId('calendar-source').fill('国办发明电');
  await page.getByTestId('save-calendar').click();
  await page.getByText(`${next - 1}-02-02 is not a date of that year.`).waitFor();
  await page.getByTestId('days-off').fill(`${next}-01-01, ${next}-02-09`);
  await picture('calendar');
  expect(await faultsOf(page, 'calendar')).toEqual([]);
  await page.getByTestId('save-calendar').click();
  await page.getByTestId(`missing-${next}`).waitFor({ state: 'detached' });
  await page
    .getByTestId('complaint-rules')
    .getByRole('cell', { name: String(next), exact: true })
    .waitFor();
}, 60_000);

test('papers and sheets are taken from the page before there is a case, in both languages and on a telephone', async () => {
  const taken = async (button: string): Promise<{ readonly name: string; readonly parts: Record<string, Uint8Array> }> => {
    const [given] = await Promise.all([page.waitForEvent('download'), page.getByTestId(button).click()]);
    return { name: given.suggestedFilename(), parts: unzipSync(readFileSync(await given.path())) };
  };
  const chinese = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'compliance');
  for (const [open, paper, titled] of [
    [page, 'Emergency plan.docx', 'Scenario'],
    [chinese.page, '应急预案.docx', '处置步骤'],
  ] as const) {
    page = open;
    await open.goto(`${stack.web}/licence-cases`);
    await open.getByTestId('template-papers').waitFor();
    await open.getByTestId('template-sheets').waitFor();
    const { name, parts } = await taken('template-emergency-plan');
    expect(name).toBe(paper);
    expect(strFromU8(parts['word/document.xml'] ?? new Uint8Array())).toContain(titled);
    const sheet = await taken('sheet-staff');
    expect(sheet.name).toMatch(/-导入模板\.xlsx$/);
    expect(Object.keys(sheet.parts)).toContain('xl/workbook.xml');
    expect(await faultsOf(open, 'templates')).toEqual([]);
  }
  expect(await page.locator('[data-testid^=sheet-]').count()).toBeGreaterThan(20);
  expect(await page.locator('[data-testid^=template-][data-testid$=-plan], [data-testid^=template-pledge]').count()).toBe(7);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await faultsOf(page, 'templates-390')).toEqual([]);
  expect(chinese.faults).toEqual([]);
  await chinese.page.context().close();
  page = person.page;
}, 120_000);

test.each(['zh-CN', 'en'] as const)(
  'in %s a compliance officer has the six items with figures, what is missing, proof and signatures, and prints six sheets',
  async (language) => {
    const caseId = `JC-${language}`;
    const values = { caseId, kind: 'inspection', scope: 'provincial', province: '北京', openedOn: '2026-11-01', visitOn: '2026-12-01' };
    const token = await stack.signIn('compliance');
    expect(await stack.http('POST', '/api/registry/cases', { token, body: { values } })).toMatchObject({ status: 200 });
    const officer = await WebPage.at(await browser.computer({ language }), stack, 'compliance', `/licence-cases?case=${caseId}`);
    const { page: sheets } = officer;
    await sheets.getByTestId('open-six').click();
    await sheets.getByTestId('six-consent').waitFor();
    expect(await faultsOf(sheets, 'six-items')).toEqual([]);
    expect(await sheets.locator('.six-item').count()).toBe(6);
    expect(await sheets.locator('.six-signatures p').count()).toBe(18);
    const sheet = await sheets.pdf({ format: 'A4', margin: { top: '15mm', bottom: '15mm' } });
    if (pictures !== undefined) writeFileSync(join(pictures, `six-items.${language}.pdf`), sheet);
    expect([...sheet.toString('latin1').matchAll(/\/Type \/Page\b/g)]).toHaveLength(6);
    await sheets.setViewportSize({ width: 390, height: 844 });
    await sheets.waitForFunction(() => document.documentElement.scrollWidth <= 390);
    expect(await faultsOf(sheets, 'six-items-390')).toEqual([]);
    await sheets.getByTestId('six-filing-numbers').click();
    await sheets.getByTestId('registry-page').waitFor();
    expect(new URL(sheets.url()).search).toBe('?register=numbers');
    expect(officer.faults).toEqual([]);
    await sheets.context().close();
  },
  120_000,
);
