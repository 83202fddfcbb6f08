import type { BrowserContext, Page } from 'playwright-core';
import { CALLER_HZ, dial, WebPage, type WebBrowser } from '../end-to-end/web-browser.js';
import { asked } from '../support/asked.js';
import { answeredCall } from '../support/centre/answered-call.js';
import { shortNotice } from '../support/centre/short-notice.js';
import type { SipPhone } from '../support/phones/sip-phone.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';
import { opened } from './draw.js';
import { drawnPages, languages, widths, type PersonName } from './pages.js';
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
      // A change of a board, and what is asked of a seat's line, are of a moment after the one at which the pages stand.
      if (frame?.kind === '42' && !/^(?:board|seat):/.test(String(frame.content[0]))) tape.pushed[String(frame.content[0])] = text;
    });
  });
}

/** The name with which each person signs in. */
const accountOf = (person: PersonName): string => ({ agent: 'agent1', talking: 'agent2' })[person as string] ?? person;

/** Starts the product with its demonstration data, opens every page once in each language and width, and keeps what it answered. */
export async function record(browser: WebBrowser, wanted: readonly PersonName[]): Promise<void> {
  await using stack = await Stack.start({ layout: 'roles' });
  await shortNotice(stack);
  await answeredCall(stack, accountOf('agent'));
  const call = await firstCall(stack);
  for (const person of wanted) {
    const [context, caller] = person === 'talking' ? await talking(stack, browser) : [];
    await recordPerson(stack, browser, person, call);
    await context?.close();
    caller?.hangUp();
    caller?.close();
  }
}

/** The call that the agent had: its record is written a moment after its end. */
async function firstCall(stack: Stack): Promise<string> {
  const token = await stack.signIn('supervisor');
  const { calls } = await until(
    () => asked<{ calls: { callId: string }[] }>(stack, token, 'GET', '/api/calls?recorded=true'),
    (found) => found.calls.length > 0,
  );
  return calls[0]?.callId ?? '';
}

/** A call at the seat of the one who talks, which each page that is opened afterwards takes over. */
async function talking(stack: Stack, browser: WebBrowser): Promise<[BrowserContext, SipPhone]> {
  const context = await browser.computer();
  const agent = await WebPage.open(context, stack, accountOf('talking'));
  await agent.ready();
  const caller = await dial(stack);
  await caller.call();
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  return [context, caller];
}

async function recordPerson(stack: Stack, browser: WebBrowser, person: PersonName, call: string): Promise<void> {
  const tape: Tape = { at: new Date().toISOString(), call, answers: {}, acks: {}, pushed: {} };
  for (const language of languages) {
    const context = await browser.computer({ language, timezoneId: 'Asia/Shanghai' });
    const signedIn = person === 'nobody' ? undefined : await WebPage.open(context, stack, accountOf(person));
    await listen(context, tape);
    const page = await context.newPage();
    await signedIn?.page.close();
    await page.clock.setFixedTime(new Date(tape.at));
    for (const each of drawnPages.filter((drawn) => drawn.person === person)) {
      for (const size of widths) {
        await page.setViewportSize(size);
        await opened(page, stack.web, each, call);
      }
      process.stdout.write(`${person} ${each.path} ${language}\n`);
    }
    await context.close();
  }
  if (person === 'talking') await noteOwnCalls(stack, tape);
  writeTape(person, tape);
}

/** A seat asks for the agent's own calls if it is drawn before its call is there: not at every recording, but now and then at a drawing. */
async function noteOwnCalls(stack: Stack, tape: Tape): Promise<void> {
  const path = '/api/calls/mine?limit=10';
  const body = await asked<object>(stack, await stack.signIn(accountOf('talking')), 'GET', path);
  const key = answerKey('GET', new URL(path, stack.web));
  tape.answers[key] ??= { status: 200, type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
