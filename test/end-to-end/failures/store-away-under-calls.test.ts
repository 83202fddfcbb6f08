import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { BrowserContext } from 'playwright-core';
import type { OfferedCall } from '../../../services/shared/contracts/calls/seat-socket.js';
import { storeRound } from '../../cluster/rounds/store.js';
import { BareSeat } from '../../support/bare-seat.js';
import { OutsideServers } from '../../support/servers/outside-servers.js';
import { recordedCall } from '../../support/centre/recorded-call.js';
import { shortNotice } from '../../support/centre/short-notice.js';
import { SipPhone } from '../../support/phones/sip-phone.js';
import { Stack } from '../../support/stack.js';
import { runTool } from '../../support/tools.js';
import { until } from '../../support/until.js';
import { AGENT_HZ, CALLER_HZ, dial, WebBrowser, WebPage } from '../web-browser.js';

// The document store of a site is away: while every role of the product is started again, under calls (the short form of
// `npm run cluster -- --only T10`), and while people are at their pages.

jest.setTimeout(300_000);

const ROLES = ['recorder', 'mixer', 'routing', 'telephony', 'api', 'cases'] as const;

interface Status {
  readonly telephony: { readonly ok: boolean; readonly settingsCopiedAt?: string; readonly recordsSpooled?: number };
  readonly recorder: { readonly ok?: boolean };
  readonly documents: { readonly ok: boolean };
}

let servers: OutsideServers;
let documents: Awaited<ReturnType<OutsideServers['documents']>>;
let stack: Stack;

beforeAll(async () => {
  servers = await OutsideServers.create();
  documents = await servers.documents();
  stack = await Stack.start({ layout: 'roles', env: servers.env });
});

afterAll(async () => {
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  await (servers as OutsideServers | undefined)?.[Symbol.asyncDispose]();
});

/** Both hear each other, then the caller hangs up; resolves with the id of the call. */
async function talk(seat: BareSeat): Promise<string> {
  const { address, port } = stack.sip;
  const offered = seat.next<OfferedCall>('call:offered');
  const caller = await SipPhone.open(
    { server: stack.sip, local: '127.0.0.1', from: `sip:13800000001@${address}` },
    `sip:4001000@${address}:${port}`,
  );
  expect(await caller.call()).toBe(200);
  const { callId, offerId } = await offered;
  await seat.ask('call:answer', { callId, offerId });
  caller.sound.play(CALLER_HZ);
  seat.phone.sound.play(AGENT_HZ);
  await Promise.all([caller.sound.untilHears(AGENT_HZ, 8_000), seat.phone.sound.untilHears(CALLER_HZ, 8_000)]);
  const ended = seat.next<{ callId: string }>('call:ended');
  caller.hangUp();
  expect((await ended).callId).toBe(callId);
  caller.close();
  return callId;
}

async function status(token: string): Promise<Status | undefined> {
  const answer = await stack.http('GET', '/api/system/status', { token }).catch(() => undefined);
  return answer?.status === 200 ? (answer.body as Status) : undefined;
}

test('calls ring, are talked and are recorded by the settings of the last copy; the store gets everything when it is back', async () => {
  const [admin, agent] = [await stack.signIn('admin'), await stack.signIn('agent1')];
  const before = await BareSeat.openAs(stack, agent);
  await before.ready();
  const first = await talk(before);
  const firstRow = (await recordedCall(stack, first)).row;
  before.socket.close();
  before.phone.close();

  await documents.kill();
  for (const role of ROLES) process.kill(stack.pidOf(role), 'SIGKILL');
  const away = await until(
    () => status(admin),
    (found) => found?.telephony.settingsCopiedAt !== undefined && found.recorder.ok !== false,
  );
  expect(away).toMatchObject({ telephony: { ok: true }, documents: { ok: false } });
  expect(Date.now() - Date.parse(away?.telephony.settingsCopiedAt ?? '')).toBeLessThan(600_000);

  const seat = await BareSeat.openAs(stack, agent);
  await seat.ready();
  const second = await talk(seat);
  await until(
    () => status(admin),
    (found) => found?.telephony.recordsSpooled === 1,
  );
  await until(
    () => stack.printed(),
    (printed) => /telephony is not well: documents: the document store is unreachable/.test(printed),
  );

  // Whoever signs in meanwhile is told that this is temporary.
  const refused = await stack.http('POST', '/api/session', { body: { name: 'supervisor', password: stack.password } });
  expect(refused).toMatchObject({ status: 503, body: { code: 'service-unavailable' } });

  await documents.start();
  await until(
    () => status(admin),
    (found) => found?.documents.ok === true,
  );
  const { row, account, right } = await recordedCall(stack, second);
  expect(row.number).toBe(firstRow.number + 1);
  expect(account.ms.lost).toBe(0);
  expect(account.ms.recorded).toBe(account.answeredMs);
  expect(right.length).toBeGreaterThan(0);
  await until(
    () => status(admin),
    (found) => found?.documents.ok === true && found.telephony.recordsSpooled === 0 && found.telephony.settingsCopiedAt === undefined,
    90_000,
  );
  const { body } = await stack.http('GET', `/api/calls/${second}`, { token: await stack.signIn('supervisor') });
  expect(body).toMatchObject({ callId: second, cause: 'completed', talks: [expect.anything()] });
  expect(await runTool(stack, 'ledger', ['--check'])).toMatchObject({ code: 0, printed: expect.stringContaining('The ledger is whole.') });
  await seat.leave();
});

test('store and telephony are killed under a call: it goes on, another comes, and records and ledger are complete afterwards', async () => {
  const round = await storeRound(stack, documents);
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ calls: 2, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
  expect(round.recordedMs).toBe(round.answeredMs);
});

/** On this computer each access token is about to expire, so the page renews it before its next request. */
async function withShortTokens(computer: BrowserContext): Promise<BrowserContext> {
  await computer.route(/\/api\/session(\/refresh)?$/, async (route) => {
    const response = await route.fetch();
    const body = (await response.json()) as { expiresAt?: string };
    await route.fulfill({ response, json: body.expiresAt === undefined ? body : { ...body, expiresAt: new Date().toISOString() } });
  });
  return computer;
}

test('an agent in a call stays at the seat; whoever reloads reads why, and is back by themselves', async () => {
  await shortNotice(stack);
  await using browser = await WebBrowser.launch();
  const agent = await WebPage.open(await withShortTokens(await browser.computer()), stack, 'agent1');
  const supervisor = await WebPage.open(await browser.computer(), stack, 'supervisor');
  await agent.ready();
  const caller = await dial(stack);
  expect(await caller.call()).toBe(200);
  await agent.answer();
  caller.sound.play(CALLER_HZ);
  await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);

  await documents.kill();
  const { page } = agent;
  // A renewal that was answered just before the store went may still arrive; the next one is refused.
  const refused = page.waitForResponse((response) => response.url().endsWith('/api/session/refresh') && response.status() === 503);
  await page.getByRole('menuitem', { name: 'My reviews' }).click();
  await refused;
  await page.getByTestId('strip-call').waitFor();
  await Promise.all([agent.untilHears(CALLER_HZ), caller.sound.untilHears(AGENT_HZ, 15_000)]);
  expect(await page.getByTestId('sign-in-form').count()).toBe(0);

  await supervisor.page.reload();
  await supervisor.page.getByTestId('sign-in-away').waitFor();
  await documents.start();
  await supervisor.page.getByTestId('person').waitFor({ timeout: 60_000 });
  await page.getByTestId('strip-call').waitFor();
  caller.close();
  expect({ agent: agent.faults, supervisor: supervisor.faults }).toEqual({ agent: [], supervisor: [] });
  await Promise.all([agent, supervisor].map((each) => each.page.context().close()));
}, 180_000);
