import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TrunkTest } from '../../../services/shared/contracts/trunks/trunk-test.js';
import { asked } from '../../support/asked.js';
import { registeredTrunk, zoneOfAfternoon } from '../../support/centre/calling-out.js';
import { Stack } from '../../support/stack.js';
import { runTool } from '../../support/tools.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { pictures } from '../web-look.js';

// sipp (a Debian package) is the carrier: it has an echo number, and leaves OPTIONS unanswered.

const CARRIER = '127.0.0.9';
const SHOWN = '95100';
const ECHO = '02188880001';
const TESTED_WITHIN_MS = 150_000;

const scenario = `<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="echo number">
  <recv request="INVITE" crlf="true"><action>
    <ereg regexp="sip:([0-9]*)@" search_in="hdr" header="From:" assign_to="1,2"/>
    <ereg regexp="sip:([0-9]*)@" search_in="hdr" header="P-Asserted-Identity:" assign_to="3,4"/>
    <log message="caller [$2] asserted [$4]"/>
  </action></recv>
  <Reference variables="1,3"/>
  <send><![CDATA[
    SIP/2.0 180 Ringing
    [last_Via:]
    [last_From:]
    [last_To:];tag=[call_number]
    [last_Call-ID:]
    [last_CSeq:]
    Contact: <sip:[local_ip]:[local_port]>
    Content-Length: 0

  ]]></send>
  <pause milliseconds="500"/>
  <send retrans="500"><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:];tag=[call_number]
    [last_Call-ID:]
    [last_CSeq:]
    Contact: <sip:[local_ip]:[local_port]>
    Content-Type: application/sdp
    Content-Length: [len]

    v=0
    o=sipp 1 1 IN IP4 [local_ip]
    s=-
    c=IN IP4 [media_ip]
    t=0 0
    m=audio [media_port] RTP/AVP 8 101
    a=rtpmap:8 PCMA/8000
    a=rtpmap:101 telephone-event/8000
    a=fmtp:101 0-15

  ]]></send>
  <recv request="ACK"/>
  <recv request="BYE"/>
  <send><![CDATA[
    SIP/2.0 200 OK
    [last_Via:]
    [last_From:]
    [last_To:]
    [last_Call-ID:]
    [last_CSeq:]
    Content-Length: 0

  ]]></send>
</scenario>
`;

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, CARRIER);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

let stack: Stack;
let browser: WebBrowser;
let carrier: ChildProcess;
let folder: string;
let admin: WebPage;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sipp-echo-'));
  await writeFile(join(folder, 'echo.xml'), scenario);
  const [port, mediaPort] = [await freePort(), await freePort()];
  const place = ['-i', CARRIER, '-p', String(port), '-mi', CARRIER, '-mp', String(mediaPort - (mediaPort % 2))];
  const logs = ['-trace_logs', '-log_file', join(folder, 'echo.log'), '-nostdin'];
  carrier = spawn('sipp', ['-sf', join(folder, 'echo.xml'), ...place, ...logs, '-rtp_echo'], { cwd: folder, stdio: 'ignore' });
  [stack, browser] = await Promise.all([Stack.start({ layout: 'one', env: { SITE_TIME_ZONE: zoneOfAfternoon() } }), WebBrowser.launch()]);
  token = await stack.signIn('admin');
  const compliance = await stack.signIn('compliance');
  const outboundUri = `sip:${CARRIER}:${String(port)}`;
  const line = { name: 'Line A', addresses: [CARRIER], outboundUri, permittedCallerNumbers: [SHOWN], enabled: true };
  await asked(stack, token, 'PUT', '/api/trunks/line-a', line);
  const number = { purpose: '回访', area: '北京', direction: 'both', commitmentLetter: true, state: 'in-use' };
  await asked(stack, compliance, 'POST', '/api/registry/numbers', { values: { ...number, number: SHOWN, kind: '95' } });
  await asked(stack, compliance, 'POST', '/api/registry/numbers', { values: { ...number, number: ECHO, kind: 'local', area: '上海' } });
  await asked(stack, compliance, 'POST', '/api/registry/trunks', { values: registeredTrunk('line-a', [SHOWN]) });
  admin = await WebPage.open(await browser.computer(), stack, 'admin');
}, 180_000);
afterAll(async () => {
  expect(admin.faults).toEqual([]);
  carrier.kill('SIGKILL');
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function stateOf(): Promise<string | undefined> {
  const { body } = await stack.http('GET', '/api/trunks/state', { token });
  const { trunks } = body as {
    readonly trunks: readonly { readonly trunkId: string; readonly ways: readonly { readonly state: string }[] }[];
  };
  return trunks.find(({ trunkId }) => trunkId === 'line-a')?.ways[0]?.state;
}
const proved = async (): Promise<{ readonly ok: boolean; readonly linesDown?: readonly string[] }> =>
  asked(stack, token, 'POST', '/api/proof-call', {});

async function tested(): Promise<TrunkTest | undefined> {
  const { testId } = await asked<{ readonly testId: string }>(stack, token, 'POST', '/api/trunks/line-a/test', { number: ECHO });
  const newest = async (): Promise<TrunkTest | undefined> => {
    const { body } = await stack.http('GET', '/api/trunk-tests', { token });
    return (body as { readonly tests: readonly TrunkTest[] }).tests.find((each) => each.testId === testId);
  };
  return until(newest, (found) => found?.state === 'done', TESTED_WITHIN_MS);
}

test('a carrier that was not reached yet and answers no OPTIONS is down, and a proof call says so', async () => {
  await until(stateOf, (state) => state === 'down', 30_000);
  expect(await proved()).toMatchObject({ ok: true, linesDown: ['line-a'] });
}, 120_000);

test('the call to its echo number is seen to the end: caller, sound there and back, keys, hold, and 30 s with MOS', async () => {
  // Long enough to be an outage.
  await new Promise((resolve) => setTimeout(resolve, 11_000));
  const done = await tested();
  const lines = Object.fromEntries((done?.lines ?? []).map(({ name, verdict, seen }) => [name, [verdict, seen.en]]));
  expect(lines).toMatchObject({
    options: ['bad', expect.stringContaining('0 of 1')],
    call: ['good', expect.stringContaining('answered after')],
    identity: ['unknown', expect.stringContaining(SHOWN)],
    sound: ['good', expect.stringContaining('heard there')],
    hold: ['good', expect.stringContaining('media is back')],
    quality: ['good', expect.stringContaining('MOS')],
  });
  // The keys come back with the sound, as RFC 4733 events.
  expect(lines['keys-out']?.[0]).toBe('good');
  // What the carrier itself received.
  expect(await readFile(join(folder, 'echo.log'), 'utf8')).toContain(`caller ${SHOWN} asserted ${SHOWN}`);
}, 240_000);

test('calls go through: the trunk is no outage any more, and the page says what it does not answer', async () => {
  expect(await stateOf()).toBe('no-options');
  // It was down at some time since the previous proof call; by the next one it is not.
  expect(await proved()).toMatchObject({ ok: true, linesDown: ['line-a'] });
  expect(await proved()).toMatchObject({ ok: true, linesDown: [] });
  await admin.page.goto(`${stack.web}/numbers`);
  const row = admin.page.getByRole('row', { name: /line-a/ });
  await row.getByText('Does not answer OPTIONS; calls go through').waitFor();
  if (pictures !== undefined) await admin.page.screenshot({ path: `${pictures}/trunk-no-options.png`, fullPage: true });
  const chinese = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
  await chinese.page.goto(`${stack.web}/numbers`);
  await chinese.page.getByTestId('way-no-options').waitFor();
  expect(await chinese.page.getByTestId('way-no-options').innerText()).toBe('不应答 OPTIONS，通话正常');
  if (pictures !== undefined) await chinese.page.screenshot({ path: `${pictures}/trunk-no-options-chinese.png`, fullPage: true });
}, 180_000);

interface Proof {
  readonly proofId: string;
  readonly ok: boolean;
  readonly callId?: string;
  readonly echo?: unknown;
  readonly stages: readonly { readonly name: string; readonly ok: boolean; readonly detail: string; readonly detailZh?: string }[];
}
const echoStages = [
  ...['seat-ready', 'carrier-answers', 'echo-heard', 'call-ended', 'recording-stored', 'tones-in-channels', 'hash-equal'],
  ...['voice-measured', 'ledger-whole', 'witnesses-agree', 'lock-holds', 'played-by-console'],
];

test('without an echo number on its sheet nothing is called over the trunk, and one sentence says so', async () => {
  for (const [path, body] of [
    ['/api/proof-call?trunkId=line-a&end=echo', {}],
    ['/api/trunks/line-a/test', {}],
  ] as const) {
    const answer = await stack.http('POST', path, { token, body });
    expect({ status: answer.status, body: answer.body }).toMatchObject({ status: 409, body: { code: 'no-echo-number' } });
  }
  expect((await stack.http('GET', '/api/proof-call/ways', { token })).body).toEqual({ ways: [], echoes: [] });
});

test('the echo number of its sheet is called by a proof call: tones out and back, recorded, checked; page, sheet, tool and pack say so', async () => {
  const { page } = admin;
  page.setDefaultTimeout(30_000);
  await page.goto(`${stack.web}/numbers`);
  await page
    .getByRole('row', { name: /line-a/ })
    .getByRole('button', { name: 'Edit' })
    .click();
  await page.getByTestId('trunk-echo').fill('echo');
  await page.getByText('Enter a number of 3 to 20 digits, with a leading plus if needed.').waitFor();
  await page.getByTestId('trunk-echo').fill(ECHO);
  await page.getByTestId('trunk-echo').scrollIntoViewIfNeeded();
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/trunk-echo-field.png` });
  await page.getByTestId('save-trunk').click();
  await page.getByTestId('trunk-echo').waitFor({ state: 'detached' });
  const echo = { trunkId: 'line-a', number: ECHO };
  await until(
    async () => (await stack.http('GET', '/api/proof-call/ways', { token })).body as { echoes: unknown[] },
    ({ echoes }) => echoes.length === 1,
  );

  await page.goto(`${stack.web}/system`);
  await page.getByTestId('proof-call-way').click();
  await page.getByTitle(`Over a real line: out over trunk line-a to the carrier’s echo number ${ECHO}`).click();
  await page.getByTestId('proof-call-run').click();
  await page.getByTestId('proof-call-verdict').waitFor({ timeout: TESTED_WITHIN_MS });
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/proof-echo.png`, fullPage: true });
  expect(await page.getByTestId('proof-call-went').innerText()).toContain(`line-a to the carrier’s echo number ${ECHO}`);
  const proof = await asked<Proof>(stack, token, 'POST', '/api/proof-call?trunkId=line-a&end=echo', {});
  const newest = await stack.http('GET', '/api/proof-call?limit=1', { token: await stack.signIn('compliance') });
  expect({ status: newest.status, body: newest.body }).toMatchObject({ status: 200, body: { proofs: [{ proofId: proof.proofId, echo }] } });
  expect(proof.stages.filter(({ ok }) => !ok)).toEqual([]);
  expect(proof.stages.map(({ name }) => name)).toEqual(echoStages);
  expect(proof).toMatchObject({ ok: true, echo, callId: expect.any(String) });
  const said = Object.fromEntries(proof.stages.map(({ name, detail }) => [name, detail]));
  expect(said['carrier-answers']).toBe(`200, out by trunk line-a to the carrier's echo number ${ECHO}`);
  expect(said['tones-in-channels']).toMatch(/^left \(echo\) 660 Hz [1-9][\d.]* s, right \(sent\) 660 Hz [1-9]/);
  const { body: signed } = await stack.http('GET', `/api/proof-call/${proof.proofId}/sheet.json`, { token });
  expect(JSON.stringify(signed)).toContain(ECHO);
  const call = await stack.http('GET', `/api/calls/${proof.callId ?? ''}`, { token: await stack.signIn('supervisor') });
  expect(call.body).toMatchObject({ class: 'test', trunkId: 'line-a' });
  const chinese = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'admin');
  await chinese.page.goto(`${stack.web}/system`);
  await chinese.page.getByTestId('proof-call-way').click();
  await chinese.page.getByTitle(`真实线路：从中继 line-a 呼出，到运营商回声号码 ${ECHO}`).waitFor();
  if (pictures !== undefined) await chinese.page.screenshot({ path: `${pictures}/proof-echo-chinese.png`, fullPage: true });

  const { code, printed } = await runTool(stack, 'proof-call', ['--trunk', 'line-a', '--echo']);
  expect(printed).toContain(`out by trunk line-a to the carrier's echo number ${ECHO}`);
  expect(code).toBe(0);
}, 240_000);

test('two administrators have the same trunk open: who saves second reads who was faster, and saves nothing', async () => {
  const { page } = admin;
  await page.goto(`${stack.web}/numbers`);
  const row = page.getByRole('row', { name: /line-a/ });
  await row.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Channels', { exact: true }).fill('30');
  const { body } = await stack.http('GET', '/api/trunks', { token });
  const { trunks } = body as { readonly trunks: readonly { readonly id: string; readonly revision: number }[] };
  const { id: _id, changedBy: _by, ...mine } = (trunks.find(({ id }) => id === 'line-a') ?? {}) as Record<string, unknown>;
  await asked(stack, token, 'PUT', '/api/trunks/line-a', { ...mine, name: 'Line A of a colleague' });
  await page.getByTestId('save-trunk').click();
  await page.getByText('has changed this just now; nothing was saved', { exact: false }).waitFor();
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/trunk-changed-meanwhile.png`, fullPage: true });
  const after = ((await stack.http('GET', '/api/trunks', { token })).body as { trunks: { id: string; name: string; channels?: number }[] })
    .trunks;
  const kept = after.find(({ id }) => id === 'line-a');
  expect([kept?.name, kept?.channels]).toEqual(['Line A of a colleague', undefined]);
  await page.keyboard.press('Escape');

  // An id that a colleague has taken while the form was open.
  await page.goto(`${stack.web}/numbers`);
  await page.getByTestId('add-trunk').click();
  await page.getByLabel('Id', { exact: true }).fill('line-b');
  await page.getByLabel('Name', { exact: true }).last().fill('Mine');
  await page.getByLabel('Source addresses', { exact: true }).fill('127.0.0.7');
  await asked(stack, token, 'PUT', '/api/trunks/line-b', { name: 'Theirs', addresses: ['127.0.0.6'], enabled: true });
  await page.getByTestId('save-trunk').click();
  await page.getByText('This number or id is already in use', { exact: false }).waitFor();
  const { body: both } = await stack.http('GET', '/api/trunks', { token });
  expect((both as { trunks: { id: string; name: string }[] }).trunks.find(({ id }) => id === 'line-b')?.name).toBe('Theirs');
}, 90_000);

test('a carrier that has gone is down at the first call that finds nobody, whatever went through before', async () => {
  carrier.kill('SIGKILL');
  await once(carrier, 'exit');
  const done = await tested();
  expect(done?.lines.find(({ name }) => name === 'call')).toMatchObject({ verdict: 'bad' });
  await until(stateOf, (state) => state === 'down', 15_000);
}, 180_000);
