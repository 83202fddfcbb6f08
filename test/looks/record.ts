import type { BrowserContext, Page } from 'playwright-core';
import { WebPage, type WebBrowser } from '../end-to-end/web-browser.js';
import { atRest } from '../end-to-end/web-look.js';
import { shortNotice } from '../support/centre/short-notice.js';
import { Stack } from '../support/stack.js';
import { openedAt, settled } from './draw.js';
import { drawnPages, languages, people, widths, type PersonName } from './pages.js';
import { ackKey, answerKey, frameOf, writeTape, type Tape } from './tape.js';

/** Notes every answer of the product to this computer. Tokens are left out: nothing on a tape opens anything. */
async function listen(context: BrowserContext, tape: Tape): Promise<void> {
  await context.route('**/api/**', async (route) => {
    const response = await route.fetch();
    const body = (await response.body()).toString();
    tape.answers[answerKey(route.request().method(), new URL(route.request().url()))] = {
      status: response.status(),
      type: response.headers()['content-type'] ?? '',
      // A seat's address holds a ticket.
      body: body
        .replaceAll(/"(accessToken|password|username)":"[^"]*"/g, '"$1":"of-the-tape"')
        .replace(/"webSocketUrl":"[^"]*"/, '"webSocketUrl":"wss://looks.test/seat"'),
    };
    await route.fulfill({ response });
  });
  context.on('page', (page) => listenToSocket(page, tape));
}

function listenToSocket(page: Page, tape: Tape): void {
  page.on('websocket', (socket) => {
    if (!socket.url().includes('/socket.io/')) return;
    const asked = new Map<string, string>();
    socket.on('framesent', ({ payload }) => {
      const frame = frameOf(payload.toString());
      if (frame?.kind === '42') asked.set(frame.id, ackKey(frame.content));
    });
    socket.on('framereceived', ({ payload }) => {
      const text = payload.toString();
      const frame = frameOf(text);
      const key = frame === undefined ? undefined : asked.get(frame.id);
      if (frame?.kind === '43' && key !== undefined) tape.acks[key] = frame.content[0];
      // A change of a board is of a moment after the one at which the pages stand.
      if (frame?.kind === '42' && !String(frame.content[0]).startsWith('board:')) tape.pushed[String(frame.content[0])] = text;
    });
  });
}

/** Starts the product with its demonstration data, opens every page once in each language and width, and keeps what it answered. */
export async function record(browser: WebBrowser): Promise<void> {
  await using stack = await Stack.start({ layout: 'roles' });
  await shortNotice(stack);
  for (const person of people) await recordPerson(stack, browser, person);
}

async function recordPerson(stack: Stack, browser: WebBrowser, person: PersonName): Promise<void> {
  const tape: Tape = { at: new Date().toISOString(), answers: {}, acks: {}, pushed: {} };
  for (const language of languages) {
    const context = await browser.computer({ language, timezoneId: 'Asia/Shanghai' });
    const signedIn = person === 'nobody' ? undefined : await WebPage.open(context, stack, person);
    await listen(context, tape);
    const page = await context.newPage();
    await signedIn?.page.close();
    await page.clock.setFixedTime(new Date(tape.at));
    for (const { path } of drawnPages.filter((each) => each.person === person)) {
      for (const size of widths) {
        await page.setViewportSize(size);
        await openedAt(page, `${stack.web}${path}`);
        await settled(page);
        await atRest(page);
      }
      process.stdout.write(`${person} ${path} ${language}\n`);
    }
    await context.close();
  }
  writeTape(person, tape);
}
