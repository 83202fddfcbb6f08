import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { startSipServer, type SipServer } from '../../infra/embedded/sip/index.js';
import { SEAT_HEADER } from '../../services/shared/platform/network/sip-doors.js';
import type { SeatCredential } from '../../services/shared/contracts/session.js';
import { until } from '../support/until.js';
import { STRANGER } from './support/carrier.js';
import { RawRtp } from './support/raw-rtp.js';
import { describedAt, RawSip } from './support/raw-sip.js';
import { attacked, endAllCalls, enter, liveCalls } from './support/tier.js';

// The SIP server of a telephony that stands by has a door for seats like the one that works, and nobody behind it.

const stack = attacked();
const root = join(import.meta.dirname, '..', '..');
/** Of the machine that stands by. */
const HOST = '127.0.0.91';
const SEAT = 'sip:seat@proofline.invalid';
const secret = readFileSync(join(stack.home, 'secrets', 'drachtio'), 'utf8').trim();

let sip: SipServer;
let telephony: ChildProcess;
let [door, trunkPort] = ['', 0];
let printed = '';
let agent: string;

async function credential(): Promise<SeatCredential> {
  return (await stack.http('POST', '/api/seat/credential', { token: agent })).body as SeatCredential;
}
const portOf = (protocol: string): number => sip.listeners.find((each) => each.protocol === protocol)?.port ?? 0;

beforeAll(async () => {
  agent = (await enter(stack, 'agent1')).signedIn.accessToken;
  sip = await startSipServer({
    admin: { host: HOST, port: 0 },
    secret,
    contacts: [`sip:${HOST}:0;transport=udp`, `sip:${HOST}:0;transport=ws;door=seat`],
  });
  [door, trunkPort] = [`ws://${HOST}:${portOf('ws')}`, portOf('udp')];
  telephony = spawn(process.execPath, [join(root, 'dist', 'services', 'main.js')], {
    cwd: root,
    env: {
      ...process.env,
      ...stack.ready.env,
      ...{
        ROLES: 'telephony',
        LOG_LEVEL: 'info',
        NODE_OPTIONS: '',
        DRACHTIO_URL: `tcp://${HOST}:${sip.admin.port}`,
        SIP_WEBSOCKET_URL: door,
      },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [telephony.stdout, telephony.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await until(
    () => printed,
    (text) => text.includes('this one stands by'),
    60_000,
  );
}, 90_000);
afterEach(() => endAllCalls(stack));
afterAll(async () => {
  const gone = once(telephony, 'exit');
  telephony.kill('SIGKILL');
  await gone;
  await sip.close();
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

test('nobody enters without the proof of the web origin: neither with nothing nor with all that a signed-in agent has', async () => {
  const { webSocketUrl, username, password } = await credential();
  const ticket = new URL(webSocketUrl).searchParams.get('ticket') ?? '';
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  const tries: readonly Readonly<Record<string, string>>[] = [
    {},
    { origin: stack.web },
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${ticket}` },
    { authorization: `Bearer ${agent}` },
    { authorization: `Bearer ${password}` },
    { authorization: `Basic ${basic}` },
    { 'x-forwarded-for': '127.0.0.1', origin: stack.web },
  ];
  for (const headers of tries) {
    const opened = await RawSip.webSocket(`${door}/sip?ticket=${ticket}`, { local: STRANGER, headers });
    if (opened.refused === undefined) opened.sip[Symbol.dispose]();
    expect([headers, opened.refused]).toEqual([headers, 401]);
  }
  // What was tried at the wrong door is worth what it was at the right one.
  const right = await RawSip.webSocket(`${stack.web.replace('https', 'wss')}/sip?ticket=${ticket}`, {
    local: '127.0.0.1',
    headers: { origin: stack.web },
  });
  if (right.refused !== undefined) throw new Error(`the page was refused with ${right.refused}`);
  right.sip[Symbol.dispose]();
});

test('no page directs its connection there, whatever its address and headers name', async () => {
  for (const [query, headers] of [
    [`&door=${encodeURIComponent(door)}&target=${encodeURIComponent(door)}`, {}],
    ['', { 'x-forwarded-host': `${HOST}:${portOf('ws')}`, forwarded: `host=${HOST}:${portOf('ws')}` }],
    ['', { 'x-proofline-seat-door': door }],
  ] as const) {
    const ticket = new URL((await credential()).webSocketUrl).searchParams.get('ticket') ?? '';
    const opened = await RawSip.webSocket(`${stack.web.replace('https', 'wss')}/sip?ticket=${ticket}${query}`, {
      local: '127.0.0.1',
      headers: { origin: stack.web, ...headers },
    });
    if (opened.refused !== undefined) throw new Error(`the page was refused with ${opened.refused}`);
    using page = opened.sip;
    // The server that works asks for the credential; the one that stands by has nobody to ask.
    expect((await page.ask({ method: 'INVITE', uri: SEAT, body: describedAt('127.0.0.1', 9_000) }))?.status).toBe(401);
  }
});

test('its other door grants no call and no seat, even when the header of the web origin names a seat', async () => {
  const { username } = await credential();
  const before = await liveCalls(stack);
  using stranger = await RawSip.udp(STRANGER, { address: HOST, port: trunkPort });
  using ear = await RawRtp.open(STRANGER);
  const body = describedAt(STRANGER, ear.port);
  for (const [uri, from, headers] of [
    ['sip:4001000@x', undefined, []],
    [SEAT, `<sip:${username}@proofline.invalid>;tag=a`, []],
    [SEAT, `<sip:${username}@proofline.invalid>;tag=b`, [`${SEAT_HEADER}: ${username} ${STRANGER} ${'A'.repeat(43)}`]],
  ] as const) {
    const answer = await stranger.ask({ method: 'INVITE', uri, body, headers, ...(from === undefined ? {} : { from }) });
    expect([uri, (answer?.status ?? 503) >= 400]).toEqual([uri, true]);
  }
  expect(
    (await stranger.ask({ method: 'REGISTER', uri: `sip:${HOST}`, contact: '<sip:x@127.0.0.71>' }))?.status ?? 503,
  ).toBeGreaterThanOrEqual(400);
  expect(ear.received).toBe(0);
  expect(await liveCalls(stack)).toEqual(before);
  expect(printed).not.toContain('has the role from now on');
});
