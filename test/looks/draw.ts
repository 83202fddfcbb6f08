import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { layoutFaultsOf } from '../end-to-end/web-layout.js';
import { atRest } from '../end-to-end/web-look.js';
import { answerSeat, standInPeers } from './far-end.js';
import { hasSeat, widths, type DrawnPage, type Language, type Theme } from './pages.js';
import { ackKey, answerKey, frameOf, readTape, type Tape } from './tape.js';

const dist = join(import.meta.dirname, '..', '..', 'web-agent', 'dist');
const ORIGIN = 'https://looks.test';
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Half of the pixels of the screen: enough to see every word move, and a quarter of the bytes. */
const SCALE = 0.5;

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--font-render-hinting=none',
      // As after the first press of a person, who is there at every seat.
      '--autoplay-policy=no-user-gesture-required',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  });

/** Opens a page as it is drawn: with its heading and its line, with what is pressed, and with nothing that is still to come. */
export async function opened(page: Page, origin: string, { person, path, press }: DrawnPage, call = ''): Promise<void> {
  await page.goto(`${origin}${path.replace(':call', call)}`);
  await page.locator('h1, main, form').first().waitFor();
  if (hasSeat(person)) await page.locator('[data-testid=phone-strip][data-line=up][data-link=up]').waitFor();
  if (press !== undefined) await page.locator(`[data-node-key=${press}]`).click();
  await page.waitForLoadState('networkidle');
  await page.locator('.ant-spin-spinning, .skeleton').first().waitFor({ state: 'detached' });
  await atRest(page);
}

function fileAt(path: string): string {
  const file = join(dist, path);
  const isFile = file.startsWith(dist) && statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  return isFile ? file : join(dist, 'index.html');
}

/** A computer whose pages are answered from the tape. Whatever the tape does not hold is added to `missing`. */
export async function computer(
  browser: Browser,
  tape: Tape,
  language: Language,
  theme: Theme,
  missing: Set<string>,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: widths[0],
    deviceScaleFactor: SCALE,
    timezoneId: 'Asia/Shanghai',
    locale: language,
    reducedMotion: 'reduce',
    permissions: ['microphone'],
  });
  await context.addInitScript(
    (chosen) => {
      for (const [key, value] of Object.entries(chosen)) localStorage.setItem(`proofline.${key}`, value);
    },
    { language, theme, devices: JSON.stringify({ checkedAt: '2026-01-01T00:00:00.000Z' }) },
  );
  await context.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (!url.pathname.startsWith('/api/')) {
      const file = fileAt(url.pathname);
      return route.fulfill({ contentType: types[extname(file)] ?? 'application/octet-stream', body: readFileSync(file) });
    }
    const key = answerKey(route.request().method(), url);
    const answer = tape.answers[key];
    if (answer === undefined) missing.add(key);
    return answer === undefined
      ? route.fulfill({ status: 404, contentType: 'application/json', body: '{"code":"not-found"}' })
      : route.fulfill({ status: answer.status, contentType: answer.type, body: answer.body });
  });
  // The compiler of this script names functions by a helper, which no page has.
  await context.addInitScript({ content: 'globalThis.__name ??= (thing) => thing;' });
  await standInPeers(context);
  await context.routeWebSocket(/.*/, (socket) => {
    if (!socket.url().includes('/socket.io/')) {
      answerSeat(socket);
      return;
    }
    socket.send('0{"sid":"tape","upgrades":[],"pingInterval":86400000,"pingTimeout":86400000,"maxPayload":1000000}');
    socket.onMessage((message) => {
      const text = message.toString();
      if (text.startsWith('40')) for (const each of ['40{"sid":"tape"}', ...Object.values(tape.pushed)]) socket.send(each);
      const frame = frameOf(text);
      if (frame?.kind !== '42' || frame.id === '') return;
      const ack = tape.acks[ackKey(frame.content)];
      // What a page reports of itself changes nothing that is drawn.
      const isReport = ['page:ping', 'seat:media'].includes(String(frame.content[0]));
      if (ack === undefined && !isReport) missing.add(ackKey(frame.content));
      socket.send(`43${frame.id}${JSON.stringify([ack ?? (isReport ? { ok: true } : { ok: false, code: 'network', message: '' })])}`);
    });
  });
  return context;
}

export interface Drawn {
  readonly page: DrawnPage;
  readonly width: number;
  readonly picture: Buffer;
}

/** Draws pages of one person in one look, in both widths. */
export async function draw(
  browser: Browser,
  pages: readonly DrawnPage[],
  language: Language,
  theme: Theme,
): Promise<{ readonly drawn: readonly Drawn[]; readonly faults: readonly string[] }> {
  const [first] = pages;
  if (first === undefined) return { drawn: [], faults: [] };
  const tape = readTape(first.person);
  const [missing, faults] = [new Set<string>(), [] as string[]];
  const context = await computer(browser, tape, language, theme, missing);
  const page = await context.newPage();
  await page.clock.setFixedTime(new Date(tape.at));
  const drawn: Drawn[] = [];
  for (const each of pages) {
    for (const size of widths) {
      await page.setViewportSize(size);
      await opened(page, ORIGIN, each, tape.call);
      for (const fault of await layoutFaultsOf(page)) faults.push(`${each.path} at ${String(size.width)} px in ${language}: ${fault}`);
      if (await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth))
        faults.push(`${each.path} is wider than ${String(size.width)} px`);
      drawn.push({ page: each, width: size.width, picture: await page.screenshot({ animations: 'disabled', caret: 'hide' }) });
    }
  }
  await context.close();
  faults.push(...[...missing].map((key) => `${first.person}: the tape has no ${key}; npm run looks -- --record`));
  return { drawn, faults };
}

/** How this machine draws letters: pictures of machines that draw them differently cannot be compared. */
export async function lettersOf(browser: Browser): Promise<string> {
  const page = await browser.newPage({ deviceScaleFactor: SCALE });
  await page.setContent(
    '<p style="font: 14px system-ui, \'Noto Sans CJK SC\', sans-serif">呼叫中心 永和九年 Proofline 0123456789 ▲✓</p><h1>标题 Heading</h1><select><option>一</option></select>',
  );
  const picture = await page.screenshot({ clip: { x: 0, y: 0, width: 600, height: 200 } });
  await page.close();
  return createHash('sha256').update(picture).digest('hex');
}
