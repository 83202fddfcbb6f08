import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Stack } from '../../support/stack.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

let stack: Stack;
let browser: WebBrowser;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
}, 120_000);
afterAll(async () => {
  await (browser as WebBrowser | undefined)?.[Symbol.asyncDispose]();
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
});

test.each(['zh-CN', 'en'] as const)(
  'in %s a compliance officer has the six items with figures, what is missing, proof and signatures, and prints six sheets',
  async (language) => {
    const person = await WebPage.open(await browser.computer({ language }), stack, 'compliance');
    const { page } = person;
    const caseId = `JC-${language}`;
    const values = { caseId, kind: 'inspection', scope: 'provincial', province: '北京', openedOn: '2026-11-01', visitOn: '2026-12-01' };
    const token = await stack.signIn('compliance');
    expect(await stack.http('POST', '/api/registry/cases', { token, body: { values } })).toMatchObject({ status: 200 });
    await page.goto(`${stack.web}/licence-cases?case=${caseId}`);
    await page.getByTestId('open-six').click();
    await page.getByTestId('six-consent').waitFor();
    expect(await faultsOf(page, 'six-items')).toEqual([]);
    expect(await page.locator('.six-item').count()).toBe(6);
    expect(await page.locator('.six-signatures p').count()).toBe(18);
    const sheet = await page.pdf({ format: 'A4', margin: { top: '15mm', bottom: '15mm' } });
    if (pictures !== undefined) writeFileSync(join(pictures, `six-items.${language}.pdf`), sheet);
    expect([...sheet.toString('latin1').matchAll(/\/Type \/Page\b/g)]).toHaveLength(6);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForFunction(() => document.documentElement.scrollWidth <= 390);
    expect(await faultsOf(page, 'six-items-390')).toEqual([]);
    await page.getByTestId('six-filing-numbers').click();
    await page.getByTestId('registry-page').waitFor();
    expect(new URL(page.url()).search).toBe('?register=numbers');
    expect(person.faults).toEqual([]);
    await page.context().close();
  },
  120_000,
);
