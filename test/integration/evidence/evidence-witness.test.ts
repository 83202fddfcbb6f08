import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { appendAudit } from '../../../services/audit/index.js';
import { verifyPack } from '../../../services/evidence/index.js';
import { createMongoWitnesses } from '../../../services/witness/adapters/mongo-witnesses.js';
import { createSheetWitness } from '../../../services/witness/sheet-witness.js';
import { createLicenceFile } from '../../../services/registry/index.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { FIRST_PREVIOUS, SheetBuilder } from '../../../services/recording/ledger/sheet.js';
import type { DaySheet } from '../../../services/recording/ledger/day-sheet.js';
import { EvidenceSite, ZONE } from './evidence-support.js';
import { startTimeStampAuthority, type TimeStampAuthority } from './evidence-tsa.js';

const run = promisify(execFile);
jest.setTimeout(180_000);

let authority: TimeStampAuthority;
let site: EvidenceSite;
let folder: string;
let sheets: DaySheet[];
/** Never contacted: the test looks at what the mail carrier is given. */
const mailServer = { SMTP_URL: 'smtp://127.0.0.1:9', SMTP_FROM: 'centre@example.org' };
const mails: { readonly to: string; readonly subject: string; readonly text: string }[] = [];

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const sealed = (day: string, previousHash: string): DaySheet =>
  new SheetBuilder(sha256Hex).seal({
    ...{ day, timeZone: ZONE, previousHash, amendments: [], facts: {} },
    sealedAt: new Date(Date.now() - 3_600_000).toISOString(),
  });

/** The archive of the pack that was made last. */
async function newestPack(): Promise<string> {
  const { packs } = (await site.ask('get', '/evidence/packs')) as { packs: { fileName: string }[] };
  const path = join(site.home, packs[0]!.fileName);
  const stream = await site.objects.getObject(site.config.S3_BUCKET, `evidence/${packs[0]!.fileName}`);
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  await writeFile(path, Buffer.concat(parts));
  return path;
}

beforeAll(async () => {
  authority = await startTimeStampAuthority();
  site = await EvidenceSite.start({ WITNESS_TSA_URLS: authority.url, WITNESS_MAIL_TO: 'notary@example.org', ...mailServer });
  folder = await mkdtemp(join(tmpdir(), 'proofline-witness-'));
  const first = sealed('2026-10-01', FIRST_PREVIOUS);
  sheets = [first, sealed('2026-10-02', first.hash)];
  site.sheets = async () => sheets;
  const witness = createSheetWitness(
    {
      ...{ config: site.config, bus: site.bus, log: silentLogger, sheets: site.sheets },
      licenceFile: createLicenceFile({ config: site.config, mongo: site.mongo, audit: async () => undefined }),
      messages: {
        canSend: () => true,
        queue: async (mail) => void mails.push(mail),
        states: async (ids) => ids.map((messageId) => ({ messageId, state: 'sent' })),
      },
    },
    {
      store: createMongoWitnesses(site.mongo),
      openKey: async () => ({ fingerprint: 'f'.repeat(64), publicKey: '', sign: () => '' }),
      sha256Hex,
    },
  );
  await witness.round('2026-10-01', new Date());
  await witness.round('2026-10-01', new Date());
});
afterAll(async () => {
  await (site as EvidenceSite | undefined)?.[Symbol.asyncDispose]();
  await (authority as TimeStampAuthority | undefined)?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test('the person outside has one mail a day with the hash of its sheet', () => {
  expect(mails.map(({ to }) => to)).toEqual(['notary@example.org', 'notary@example.org']);
  expect(mails[1]?.text).toContain(`sheet: ${sheets[1]!.hash}`);
});

test('what left the house stands in the pack, and OpenSSL finds the stamp of the authority over it', async () => {
  expect((await site.makePack('inspection', '2026-10-01', '2026-10-02')).step).toBe('sealed');
  const stored = await newestPack();
  await run('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', stored, folder]);
  expect((await readdir(join(folder, 'witness'))).sort()).toEqual([
    '2026-10-01.1.tsr',
    '2026-10-01.txt',
    '2026-10-02.1.tsr',
    '2026-10-02.txt',
  ]);
  const file = (name: string): string => join(folder, 'witness', name);
  const stamp = ['-in', file('2026-10-02.1.tsr'), '-CAfile', authority.rootFile];
  const { stdout, stderr } = await run('openssl', ['ts', '-verify', '-data', file('2026-10-02.txt'), ...stamp]);
  expect(`${stdout}${stderr}`).toContain('Verification: OK');
  await expect(run('openssl', ['ts', '-verify', '-data', file('2026-10-01.txt'), ...stamp])).rejects.toThrow();
  const cover = (await readdir(join(folder, 'documents'))).find((name) => name.startsWith('00-'));
  const { stdout: words } = await run('pdftotext', ['-layout', join(folder, 'documents', cover!), '-']);
  expect(words.replaceAll(/\s/g, '')).toContain('共2张日结表，2张经时间戳机构盖戳');

  const codes = async (toldSheet: string): Promise<string[]> =>
    (await verifyPack(stored, { toldSheet })).findings.map(({ code }) => code).filter((code) => /sheet|witness/.test(code));
  expect(await codes(sheets[1]!.hash)).toEqual([]);
  expect(await codes('a'.repeat(64))).toEqual(['sheet-not-told']);
  expect(await readFile(file('2026-10-01.txt'), 'utf8')).toContain(`sheet: ${sheets[0]!.hash}`);
});

test('a jump of the clock on a day that is not sealed yet stands in the pack, and one that is deleted before the sealing turns it red', async () => {
  const jumps = [
    { at: '2026-10-03T01:00:00.000Z', byMs: -3_600_000 },
    { at: '2026-10-03T02:00:00.000Z', byMs: 5_000 },
  ];
  const stored = site.mongo.collection<{ _id: number; at: string; byMs: number }>('clock_jumps');
  for (const [i, { at, byMs }] of jumps.entries()) {
    await stored.insertOne({ _id: i + 1, at, byMs });
    await appendAudit(site.mongo, { who: 'system:recording', what: 'clock.jumped', object: at, success: true, reason: `${byMs} ms` });
  }
  const found = async (): Promise<string[][]> => {
    expect((await site.makePack('inspection', '2026-10-02', '2026-10-03', 'en')).step).toBe('sealed');
    const path = await newestPack();
    const unpacked = await mkdtemp(join(folder, 'jumps-'));
    await run('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', path, unpacked]);
    const cover = (await readdir(join(unpacked, 'documents'))).find((name) => name.startsWith('00-'));
    const { stdout: words } = await run('pdftotext', ['-layout', join(unpacked, 'documents', cover!), '-']);
    const { findings } = await verifyPack(path);
    const ofJumps = findings.filter(({ code }) => code.startsWith('clock-jump'));
    return [ofJumps.map(({ code, level, subject }) => `${level} ${code} ${subject}`), [words.replaceAll(/\s+/g, ' ')]];
  };
  const [honest, said] = await found();
  expect(honest).toEqual(['amber clock-jumped-open 2026-10-03T01:00:00.000Z -3600', 'amber clock-jumped-open 2026-10-03T02:00:00.000Z +5']);
  expect(said?.[0]).toContain('The clock jumped 2 times');
  expect(said?.[0]).not.toContain('The audit log disagrees');
  await stored.deleteOne({ _id: 1 });
  const [tampered, saidThen] = await found();
  expect(tampered).toEqual([
    'amber clock-jumped-open 2026-10-03T02:00:00.000Z +5',
    expect.stringMatching(/^red clock-jump-differs 2026-10-03T01:00:00.000Z -3600 /),
  ]);
  expect(saidThen?.[0]).toContain('The audit log disagrees');
});

test('the page says per day what left the house', async () => {
  expect(await site.ask('get', '/evidence/witnesses')).toMatchObject({
    ...{ authorities: 1, outsiders: 1, line: false },
    days: [
      { day: '2026-10-02', sheetHash: sheets[1]!.hash, mails: 1, stamps: [{ name: expect.stringContaining('Test stamps') as unknown }] },
      { day: '2026-10-01' },
    ],
  });
});
