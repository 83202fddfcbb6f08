import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import type { Page } from 'playwright-core';
import { createMongoSurveys } from '../../../services/satisfaction/adapters/mongo-surveys.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { Stack } from '../../support/stack.js';
import { faultsOf } from '../web-look.js';
import { WebBrowser } from '../web-browser.js';

// The pages of callers: WCAG 2.2 AA in both languages and themes, on a telephone's screen, and done with the keyboard alone.

let stack: Stack;
let browser: WebBrowser;
let mongo: Connection;

beforeAll(async () => {
  [stack, browser] = await Promise.all([Stack.start(), WebBrowser.launch()]);
  mongo = await connectMongo(stack.config);
}, 150_000);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await mongo.close();
  await stack[Symbol.asyncDispose]();
});

/** A link as the SMS carries it. */
async function surveyLink(surveyId: string, language: string): Promise<string> {
  await createMongoSurveys(mongo).invite({ surveyId, callId: surveyId, at: new Date(), method: 'sms', language });
  const signature = createHmac('sha256', stack.config.SEAT_KEY).update(`survey:${surveyId}`).digest('base64url').slice(0, 22);
  return `${stack.web}/survey/${surveyId}/${signature}`;
}

async function look(page: Page, name: string): Promise<void> {
  expect(await faultsOf(page, name)).toEqual([]);
}

/** Presses Tab until the focus is within `selector`; fails after 30 stops. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let stops = 0; stops < 30; stops += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.closest(wanted) !== null, selector)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

test.each([
  ['zh-CN', 'light'],
  ['zh-CN', 'dark'],
  ['en', 'light'],
  ['en', 'dark'],
] as const)(
  'complaint form and survey link in %s, %s',
  async (language, theme) => {
    const context = await browser.computer({ language });
    await context.addInitScript((chosen) => localStorage.setItem('proofline.theme', chosen), theme);
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    for (const width of [1_366, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await page.goto(`${stack.web}/complain`);
      await page.getByTestId('form-text').waitFor();
      await look(page, `form-${language}-${theme}-${width}`);
    }
    // Sent too early: what is missing is said beside the field.
    await tabTo(page, '[data-testid=send-complaint]');
    await page.keyboard.press('Enter');
    await page.locator('.ant-form-item-explain-error').waitFor();
    await look(page, `form-missing-${language}-${theme}`);
    await page.reload();
    await page.getByTestId('form-text').waitFor();
    await tabTo(page, '[data-testid=form-text]');
    await page.keyboard.type('等了四十分钟没有人接 nobody answered');
    await tabTo(page, '[data-testid=form-number]');
    await page.keyboard.type('13812345678');
    await tabTo(page, '[data-testid=send-complaint]');
    await page.keyboard.press('Enter');
    expect(await page.getByTestId('given-number').textContent()).toMatch(/^TS\d{8}-\d{4}$/);
    await look(page, `form-done-${language}-${theme}`);

    await page.goto(await surveyLink(`survey-${language}-${theme}`, language));
    await page.locator('[data-testid=survey-page][data-view=open]').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    await look(page, `survey-${language}-${theme}`);
    await tabTo(page, 'input[type=radio]');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.locator('label.ant-radio-wrapper-checked [data-testid=score-2]').waitFor();
    await tabTo(page, '[aria-labelledby=ask-solved]');
    await page.keyboard.press('Space');
    await tabTo(page, '[data-testid=send-score]');
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=survey-page][data-view=thanks]').waitFor();
    await look(page, `survey-thanks-${language}-${theme}`);
    await page.reload();
    await page.locator('[data-testid=survey-page][data-view=used]').waitFor();
    await look(page, `survey-used-${language}-${theme}`);
    expect(faults).toEqual([]);
    await context.close();
  },
  120_000,
);
