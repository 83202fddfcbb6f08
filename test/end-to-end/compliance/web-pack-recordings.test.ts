import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DateTime } from 'luxon';
import type { Page } from 'playwright-core';
import { readPackFile, verifyPack } from '../../../services/evidence/adapters/pack-verifier.js';
import { createOpusEncoder } from '../../../services/recording/archive/adapters/opus-encoder.js';
import { createSealedShelf } from '../../../services/recording/archive/adapters/call-folder.js';
import { keeperOf } from '../../../services/recording/adapters/keeping.js';
import { createMongoLedger } from '../../../services/recording/ledger/adapters/mongo-ledger.js';
import { createAllReads } from '../../../services/main/reads.js';
import { encodeAlaw } from '../../../services/shared/domain/sound/g711.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { connectMongo } from '../../../services/shared/platform/stores/mongo.js';
import { createObjectClient } from '../../../services/shared/platform/stores/objects.js';
import { archiverOf, finishedCall } from '../../integration/recording/recording-stores.js';
import { callRow } from '../../support/centre/call-row.js';
import { Stack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { WebBrowser, WebPage } from '../web-browser.js';
import { faultsOf, pictures } from '../web-look.js';

// A pack with drawn recordings, ordered on its page and opened where the inspector opens it: offline, from the disk. Each call has a tone of
// its own at the caller's side and another at the agent's, so that what is heard is known to be that call.
const SEED = '检查组 4719';
const AGENT_HZ = 1_500;
const CALLS = [440, 560, 680, 800].map((hz, i) => ({ callId: `00000000heard${i}`, hz, number: 0 }));

let stack: Stack;
let browser: WebBrowser;
let person: WebPage;
let page: Page;
let folder: string;
let pack: string;
let period: { readonly from: string; readonly to: string };

const tone = (hz: number): Uint8Array =>
  Uint8Array.from({ length: 5 * 8_000 }, (_, i) => encodeAlaw(Math.round(8_000 * Math.sin((2 * Math.PI * hz * i) / 8_000))));

/** Four answered calls of the last minutes with what the recorder leaves: numbers of the ledger, and sealed objects in the store. */
async function storeCalls(): Promise<void> {
  const { config } = stack;
  const mongo = await connectMongo(config);
  const ledger = createMongoLedger(mongo);
  const objects = createObjectClient(config);
  const bus = { publish: async () => undefined } as never;
  const keeper = keeperOf({ config, mongo, objects, reads: createAllReads(mongo), bus, audit: async () => undefined, log: silentLogger });
  const archiver = archiverOf(keeper, mongo, new Date());
  const [lease] = await ledger.lease('heard', CALLS.length, []);
  const now = DateTime.now().setZone(config.SITE_TIME_ZONE);
  const day = (at: DateTime): string => at.toFormat('yyyy-MM-dd');
  period = { from: day(now.minus({ minutes: 5 * CALLS.length + 2 })), to: day(now) };
  for (const [i, call] of CALLS.entries()) {
    call.number = (lease?.from ?? 1) + i;
    const endedAt = now.minus({ minutes: 5 * (CALLS.length - i) }).toJSDate();
    const invitedAt = new Date(endedAt.getTime() - 61_000);
    await mongo.collection<{ _id: string }>('calls').insertOne(
      callRow(call.callId, {
        ...{ called: '4001000', queueId: 'service', class: 'service', invitedAt, answeredAt: invitedAt, endedAt },
        ledgerNumber: call.number,
      }),
    );
    const ogg = await createOpusEncoder().encode({ caller: tone(call.hz), agent: tone(AGENT_HZ) });
    const finished = finishedCall(endedAt, ogg);
    await ledger.intend({ number: call.number, callId: call.callId, intendedAt: finished.startedAt });
    const shelf = createSealedShelf({ keepSealed: async () => undefined }, call.callId);
    await archiver.deliver(await archiver.seal(call.callId, call.number, finished, shelf), { again: false });
  }
  await mongo.close();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'proofline-heard-'));
  [stack, browser] = await Promise.all([Stack.start({}), WebBrowser.launch()]);
  await storeCalls();
  person = await WebPage.open(await browser.computer({ language: 'zh-CN' }), stack, 'compliance');
  ({ page } = person);
  page.setDefaultTimeout(30_000);
}, 180_000);
afterAll(async () => {
  expect(person.faults).toEqual([]);
  await browser[Symbol.asyncDispose]();
  await stack[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

async function look(name: string): Promise<void> {
  if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  expect(await faultsOf(page, name)).toEqual([]);
}

const packs = async () =>
  (await stack.http('GET', '/api/evidence/packs', { token: await stack.signIn('compliance') })).body as {
    readonly packs: readonly { readonly packId: string; readonly drawn?: { readonly count: number } }[];
  };

test('Enter in a date or in a reason belongs to the field: it orders no pack', async () => {
  const orders: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/evidence/packs')) orders.push(request.url());
  });
  await page.goto(`${stack.web}/packs`);
  const dates = page.locator('.ant-picker-range input');
  for (const [place, day] of [period.from, period.to].entries()) {
    await dates.nth(place).fill(day);
    await page.keyboard.press('Enter');
  }
  // The calendar is closed by now, so the key means nothing to the field any more.
  await page.locator('.ant-picker-dropdown:not(.ant-picker-dropdown-hidden)').waitFor({ state: 'hidden' });
  for (const place of [0, 1]) await dates.nth(place).press('Enter');
  await page.getByTestId('with-recordings').click();
  await page.getByTestId('draw-reason').fill('现场检查要求调听');
  await page.keyboard.press('Enter');
  // An order would have been asked for before the list is read anew.
  await page.reload();
  await page.getByTestId('order-pack').waitFor();
  expect(orders).toEqual([]);
  expect((await packs()).packs).toEqual([]);
});

test('a pack is ordered with recordings that a seed draws: how much that is stands there before', async () => {
  await page.goto(`${stack.web}/packs`);
  for (const [place, day] of [period.from, period.to].entries()) {
    await page.locator('.ant-picker-range input').nth(place).fill(day);
    await page.keyboard.press('Tab');
  }
  await page.getByTestId('with-recordings').click();
  await page.getByText('期间共 4 条录音，将收录 4 条').waitFor();
  await page.getByTestId('draw-count').fill('3');
  await page.getByTestId('draw-seed').fill(SEED);
  await page.getByTestId('draw-reason').click();
  await page.getByText('期间共 4 条录音，将收录 3 条').waitFor();
  await page.getByTestId('order-pack').click();
  await page.getByText('请填写调出原因。').waitFor();
  await page.getByTestId('draw-reason').fill('现场检查要求调听');
  await look('pack-order-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await look('pack-order-zh-390');
  await page.setViewportSize({ width: 1_366, height: 844 });
  await page.getByTestId('order-pack').click();
  const { packs: made } = await until(packs, ({ packs: all }) => all.length > 0, 120_000);
  expect(made[0]?.drawn).toEqual({ asked: 3, count: 3, seed: SEED, seedFrom: 'outside', reason: '现场检查要求调听' });
  await page.getByText('录音 3 条', { exact: true }).waitFor();
  await look('packs-with-recordings-zh');
  const path = `/api/evidence/packs/${made[0]?.packId}`;
  pack = join(folder, 'pack.zip');
  writeFileSync(pack, await stack.bytes(`${path}/download`, await stack.signIn('compliance')));
  // An auditor may see what the pack says, and hear nothing in it.
  const token = await stack.signIn('auditor');
  expect((await stack.http('GET', `${path}/download`, { token })).status).toBe(403);
  const name = encodeURIComponent(`recordings/${CALLS[0]?.callId}.ogg`);
  expect((await stack.http('GET', `${path}/content?name=${name}`, { token })).status).toBe(403);
  const verdict = await stack.http('GET', `${path}/verdict`, { token });
  expect([verdict.status, verdict.body]).toEqual([200, expect.objectContaining({ colour: 'amber' })]);
}, 180_000);

test('each recording that left the archive is in the audit log, with the reason', async () => {
  const mongo = await connectMongo(stack.config);
  const rows = await mongo.collection('audit').find({ what: 'recording.downloaded' }).toArray();
  await mongo.close();
  const drawn = rows.filter(({ reason }) => String(reason).includes('现场检查要求调听'));
  expect(new Set(drawn.map(({ object }) => String(object))).size).toBe(3);
  expect(drawn.map(({ reason }) => String(reason))).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^pack JC-/)));
});

test('an annual pack, too many and too long a period are refused in words', async () => {
  const token = await stack.signIn('compliance');
  const order = (change: object) =>
    stack.http('POST', '/api/evidence/packs', {
      token,
      body: { kind: 'inspection', from: '2026-01-01', to: '2026-01-31', drawn: { count: 3, reason: 'x' }, ...change },
    });
  expect((await order({ kind: 'annual' })).status).toBe(400);
  expect((await order({ to: '2026-12-31' })).status).toBe(400);
  expect((await order({ drawn: { count: 201, reason: 'x' } })).status).toBe(400);
  expect((await order({ drawn: { count: 3, reason: ' ' } })).status).toBe(400);
  expect((await order({ drawn: { count: 3, reason: 'x', seed: 'a\u0007b' } })).status).toBe(400);
});

test('verify.html lists what was drawn, and plays one after its hash: that very call is heard, caller left and agent right', async () => {
  const verdict = await verifyPack(pack, { toldSeed: SEED, toldCount: 3 });
  expect(verdict.findings.filter(({ level }) => level === 'red')).toEqual([]);
  writeFileSync(join(folder, 'verify.html'), (await readPackFile(pack, 'verify.html')) ?? '');
  const context = await browser.computer({ language: 'zh-CN' });
  await context.setOffline(true);
  const offline = await context.newPage();
  await offline.goto(`file://${join(folder, 'verify.html')}`);
  await offline.fill('#expected', verdict.keyFingerprint);
  await offline.fill('#seed', SEED);
  await offline.fill('#count', '3');
  await offline.locator('#count').blur();
  await offline.setInputFiles('#pack', pack);
  await offline.waitForSelector('#verdict.good, #verdict.bad, #verdict.unsure', { timeout: 60_000 });
  const rows = offline.locator('#recordings tbody tr');
  expect(await rows.count()).toBe(3);
  for (const [i, row] of (await rows.all()).entries()) {
    const call = await callOf(row);
    expect(await row.locator('td').nth(0).textContent()).toBe(String(i + 1));
    expect(await row.locator('td').nth(1).textContent()).toBe(String(call.number));
    await row.getByRole('button').click();
    await row.getByText('哈希值一致').waitFor();
    expect(await offline.evaluate(heardTones)).toEqual([expect.closeTo(call.hz, -1), expect.closeTo(AGENT_HZ, -1)]);
  }
  if (pictures !== undefined) await offline.screenshot({ path: `${pictures}/verify-recordings.png`, fullPage: false });
  await offline.setViewportSize({ width: 390, height: 844 });
  if (pictures !== undefined) await offline.screenshot({ path: `${pictures}/verify-recordings-390.png`, fullPage: true });
  // A file that changes between the check and the playing: the bytes that are played are hashed again.
  const said = await offline.evaluate(`(async () => {
    const [file] = el('pack').files, entry = (await directory(file)).find(({ name }) => name.startsWith('recordings/'));
    const place = document.createElement('span');
    await hear(file, entry, '0'.repeat(64), place);
    return [place.textContent, el('player').hidden];
  })()`);
  expect(said).toEqual([expect.stringContaining('不予播放'), true]);
  await context.close();
}, 120_000);

async function callOf(row: { getAttribute(name: string): Promise<string | null> }) {
  const callId = await row.getAttribute('data-call');
  const call = CALLS.find((each) => each.callId === callId);
  if (call === undefined) throw new Error('a call is listed that nobody stored');
  return call;
}

/** The strongest frequencies of both channels of what the page plays, in Hz. Runs in the page. */
const heardTones = `(async () => {
  const player = document.getElementById('player');
  const context = (window.testSound ??= new AudioContext());
  await context.resume();
  const source = (window.testSource ??= context.createMediaElementSource(player));
  const split = context.createChannelSplitter(2), ears = [0, 1].map(() => new AnalyserNode(context, { fftSize: 16384, smoothingTimeConstant: 0 }));
  source.connect(split);
  ears.forEach((ear, i) => split.connect(ear, i));
  player.currentTime = 0.5;
  await player.play();
  // Long enough for a whole window of the analyser to be sound.
  while (player.currentTime < 1.5) await new Promise((resolve) => player.addEventListener('timeupdate', resolve, { once: true }));
  return ears.map((ear) => {
    const levels = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(levels);
    return (levels.indexOf(Math.max(...levels)) * context.sampleRate) / ear.fftSize;
  });
})()`;
