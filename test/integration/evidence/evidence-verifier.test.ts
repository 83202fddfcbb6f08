import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chromium, type Browser } from 'playwright-core';
import { verifyPack } from '../../../services/evidence/adapters/pack-verifier.js';
import { openSigner } from '../../../services/evidence/adapters/signing-key.js';
import { speak } from '../../../services/shared/domain/language.js';
import { createWorkshops } from '../../../services/evidence/adapters/workshop.js';
import { createZip } from '../../../services/evidence/adapters/zip-writer.js';
import { MANIFEST, manifestText, SIGNATURE, type Manifest, type PackedFile } from '../../../services/evidence/pack/manifest.js';

const verifier = join(import.meta.dirname, '..', '..', '..', 'services', 'evidence', 'verifier', 'verify.html');
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofline-verifier-'));
  await copyFile(verifier, join(folder, 'verify.html'));
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-background-networking'] });
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
});

type Contents = Readonly<Record<string, string | Uint8Array>>;
const contents: Contents = {
  'documents/设备清单.pdf': new Uint8Array(70_000).map((_, i) => i % 251),
  'rows/calls.csv': `callId,cause\n${Array.from({ length: 5_000 }, (_, i) => `c${i},completed`).join('\n')}\n`,
  'figures.json': '{}',
};

/** A pack whose manifest lists `listed` and which holds `held`. */
async function packOf(
  name: string,
  listed: Contents,
  held: Contents = listed,
  sign: 'own' | 'none' | 'other' = 'own',
  largeFrom?: number,
): Promise<{ path: string; fingerprint: string }> {
  const signer = await openSigner(join(folder, 'key.pem'));
  const other = await openSigner(join(folder, 'other-key.pem'));
  const path = join(folder, name);
  const zip = await createZip(path, largeFrom === undefined ? {} : { largeFrom });
  const files: PackedFile[] = Object.entries(listed).map(([file, body]) => {
    const bytes = Buffer.from(body);
    return {
      name: file,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...(file.endsWith('.csv') ? { rows: bytes.toString().split('\n').length - 2 } : {}),
    };
  });
  for (const [file, body] of Object.entries(held)) await zip.add(file, Buffer.from(body));
  const manifest: Manifest = {
    format: 'proofline-pack/1',
    number: 1,
    packId: 'JC-TEST',
    kind: 'inspection',
    period: { from: '2026-10-01', to: '2026-10-31', zone: 'Asia/Shanghai' },
    madeAt: '2026-11-01T00:00:00.000Z',
    productVersion: '0',
    company: '示例',
    licence: '京B2-20240001',
    dataSha256: '',
    previous: null,
    publicKey: signer.publicKey,
    files,
    queries: [],
    openPoints: [],
  };
  const words = manifestText(manifest);
  await zip.add(MANIFEST, Buffer.from(words));
  if (sign !== 'none')
    await zip.add(
      SIGNATURE,
      Buffer.from(JSON.stringify({ algorithm: 'Ed25519', signature: (sign === 'own' ? signer : other).sign(words) })),
    );
  await zip.close();
  return { path, fingerprint: signer.fingerprint };
}

/** What the page, opened from the disk without a network, shows an inspector. */
async function verdictOf(path: string, expected = ''): Promise<{ colour: string; findings: string; red: string[]; about: string }> {
  const context = await browser.newContext({ offline: true });
  const page = await context.newPage();
  await page.goto(`file://${join(folder, 'verify.html')}`);
  await page.fill('#expected', expected);
  await page.setInputFiles('#pack', path);
  await page.waitForSelector('#verdict.good, #verdict.bad, #verdict.unsure');
  const verdict = {
    colour: (await page.getAttribute('#verdict', 'class')) ?? '',
    findings: (await page.textContent('#findings')) ?? '',
    red: await page.locator('tr.bad').allTextContents(),
    about: (await page.textContent('#about')) ?? '',
  };
  await context.close();
  return verdict;
}

test('the fingerprint from the paper is taken in groups, too; when the pack was made is local time with its zone', async () => {
  const { path, fingerprint } = await packOf('whole.zip', contents);
  const { findings, red, about } = await verdictOf(path, fingerprint.replace(/(.{8})/g, '$1 '));
  expect(red).toEqual([]);
  expect(findings).not.toMatch(/fingerprint|the key is not the one/);
  expect(about).toContain('2026-11-01 08:00:00 (Asia/Shanghai)');
});

const rows = String(contents['rows/calls.csv']);
test.each<[string, Contents, RegExp]>([
  ['a changed byte', { ...contents, 'figures.json': '{ }' }, /figures\.json.*changed/],
  [
    'a missing file',
    Object.fromEntries(Object.entries(contents).filter(([name]) => name !== 'documents/设备清单.pdf')),
    /设备清单\.pdf.*missing/,
  ],
  ['a cut row', { ...contents, 'rows/calls.csv': rows.slice(0, rows.lastIndexOf('\n', rows.length - 2) + 1) }, /calls\.csv.*rows cut/],
  ['a file that is not listed', { ...contents, 'extra.txt': 'x' }, /extra\.txt.*not listed/],
])('%s turns red by name', async (name, held, line) => {
  const { path } = await packOf(`${name}.zip`, contents, held);
  const verdict = await verdictOf(path);
  expect(verdict.colour).toBe('bad');
  expect(verdict.red).toHaveLength(1);
  expect(verdict.red[0]).toMatch(line);
});

test.each<['none' | 'other', RegExp]>([
  ['none', /no signature/],
  ['other', /signature is not valid/],
])('a signature that is %s turns red', async (sign, words) => {
  const { path } = await packOf(`${sign}.zip`, contents, contents, sign);
  expect(await verdictOf(path)).toMatchObject({ colour: 'bad', findings: expect.stringMatching(words) });
});

test('another key than the one told on paper turns red', async () => {
  const { path } = await packOf('key.zip', contents);
  expect(await verdictOf(path, 'ab'.repeat(32))).toMatchObject({
    colour: 'bad',
    findings: expect.stringContaining('not the one that was told'),
  });
});

test('an archive with 64-bit fields, as one above 4 GiB has, is read by the page, by npm run verify-pack and by others', async () => {
  const { path } = await packOf('zip64.zip', contents, contents, 'own', 1_000);
  expect(await verdictOf(path)).toMatchObject({ red: [] });
  expect(await verifyPack(path)).toMatchObject({ problems: [], files: 5 });
  const { stdout } = await promisify(execFile)('python3', ['-m', 'zipfile', '--test', path]);
  expect(stdout).toContain('Done testing');
  const changed = await packOf('zip64-changed.zip', contents, { ...contents, 'figures.json': '{ }' }, 'own', 1_000);
  expect((await verdictOf(changed.path)).red[0]).toMatch(/figures\.json.*changed/);
});

test('a damaged byte in packed data and a cut archive turn red', async () => {
  const { path } = await packOf('damage.zip', contents);
  const bytes = await readFile(path);
  const at = bytes.indexOf('rows/calls.csv') + 200;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
  await writeFile(path, bytes);
  expect((await verdictOf(path)).red[0]).toMatch(/calls\.csv/);
  await writeFile(path, bytes.subarray(0, 30_000));
  expect(await verdictOf(path)).toMatchObject({ colour: 'bad' });
});

test('an archive that was never closed, as after a kill, has no name of a pack and is swept at the next start', async () => {
  const workshops = createWorkshops(folder, 'Asia/Shanghai');
  const workshop = await workshops.open('JC-KILLED', 'killed.zip', speak('zh-CN'));
  const zip = await createZip(workshop.archivePath);
  await zip.add('rows/calls.csv', Buffer.from('a\nb\n'));
  const outbox = join(folder, 'evidence', 'packs');
  expect(await readdir(outbox)).toEqual(['killed.zip.part']);
  await workshops.sweep();
  expect(await readdir(outbox)).toEqual([]);
  await zip.abandon();
});
