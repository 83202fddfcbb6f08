import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { dial, WebPage, type WebBrowser } from '../end-to-end/web-browser.js';
import { atRest } from '../end-to-end/web-look.js';
import type { SipPhone } from '../support/phones/sip-phone.js';
import type { Stack } from '../support/stack.js';

export type Language = 'zh-CN' | 'en';

/** Where the pictures of the handbooks are taken: one running product, one language. */
export class Studio {
  constructor(
    readonly stack: Stack,
    private readonly browser: WebBrowser,
    readonly language: Language,
    private readonly folder: string,
  ) {
    mkdirSync(folder, { recursive: true });
  }

  /** What is typed into a picture is in its language. */
  say(zh: string, en: string): string {
    return this.language === 'en' ? en : zh;
  }

  computer(checked = true): Promise<BrowserContext> {
    return this.browser.computer({ language: this.language, checked });
  }

  async person(name: string): Promise<WebPage> {
    const person = await WebPage.open(await this.computer(), this.stack, name);
    person.page.setDefaultTimeout(30_000);
    return person;
  }

  /** Opens a person's page and waits until it is at rest. */
  async visit(page: Page, path: string, testId: string): Promise<void> {
    await page.goto(`${this.stack.web}${path}`);
    await page.getByTestId(testId).waitFor();
    await page.locator('.ant-spin-spinning, .skeleton').first().waitFor({ state: 'detached' });
  }

  /** Takes one picture, once nothing moves in it any more. */
  async shot(page: Page, name: string, height = 768): Promise<void> {
    await page.setViewportSize({ width: page.viewportSize()?.width ?? 1366, height });
    await atRest(page);
    await page.locator('.ant-message-notice-wrapper, .ant-message-notice').first().waitFor({ state: 'detached' });
    await page.screenshot({ path: join(this.folder, `${name}.${this.language}.png`) });
    process.stdout.write(`${name}.${this.language}\n`);
  }

  async call(): Promise<SipPhone> {
    const caller = await dial(this.stack);
    const status = await caller.call();
    if (status !== 200) throw new Error(`the call was answered ${status}`);
    return caller;
  }

  /** Makes a request as a person; fails when it is refused. */
  async ask<T = unknown>(name: string, method: string, path: string, body?: unknown): Promise<T> {
    const token = await this.stack.signIn(name);
    const answer = await this.stack.http(method, path, { token, ...(body === undefined ? {} : { body }) });
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body as T;
  }
}
