// npm run bench -- --only evidence [--json] [--calls COUNT] [--year] [--keep FOLDER [--fill]]: packs with tables and drawn recordings, their
// verification and the drawing, each in a process of its own beside the embedded stores. `--calls` makes the month smaller; with `--keep` the
// stores stay in FOLDER, filled once; `--fill` only fills them.
import { execFile, type ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import mongoose from 'mongoose';
import { layOutTopology } from '../services/inventory/adapters/elk-layout.js';
import { layOutHere } from '../services/inventory/adapters/layout-engine.js';
import { openSigner } from '../services/evidence/adapters/signing-key.js';
import { createZip } from '../services/evidence/adapters/zip-writer.js';
import { speak } from '../services/shared/domain/language.js';
import { reconcileEquipment } from '../services/inventory/equipment.js';
import { topologySvg } from '../services/inventory/topology-svg.js';
import { drawTopology } from '../services/inventory/topology.js';
import { MANIFEST, manifestText, SIGNATURE, type PackedFile } from '../services/evidence/pack/manifest.js';
import { packInChild, sealInChild, verifyInChild } from './support/evidence-child-support.js';
import { verifyInPage } from './support/evidence-page.js';
import { startStores, ZONE } from './support/evidence-stores-support.js';
import { exampleShapes, exampleSites } from '../test/support/centre/example-sites.js';
import { DRAW, fillCalls, fillLedger } from './support/evidence-support.js';
import { report } from './support/report.js';

const layOut = layOutTopology(layOutHere);

interface Period {
  readonly kind: 'inspection' | 'annual';
  readonly from: string;
  readonly to: string;
  readonly days: number;
  readonly calls: number;
  readonly what: string;
  readonly target: string;
}

const optionOf = (name: string): string | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};
const monthCalls = Number(optionOf('--calls') ?? 100_000);
const MONTH: Period = {
  kind: 'inspection',
  from: '2026-10-01',
  to: '2026-10-31',
  days: 31,
  calls: monthCalls,
  what: `inspection pack of a month of ${monthCalls.toLocaleString('en')} calls`,
  target: '<= 30 s',
};
const YEAR: Period = {
  kind: 'annual',
  from: '2025-10-01',
  to: '2026-09-30',
  days: 365,
  calls: 1_000_000,
  what: 'annual pack of a year of a million calls',
  target: '<= 180 s',
};
const PACK_BYTES = 500 * 2 ** 20;

const kept = optionOf('--keep');
const fillOnly = process.argv.includes('--fill');
// The year takes minutes to fill, so it is filled only on request.
const periods = process.argv.includes('--year') ? [MONTH, YEAR] : [MONTH];

const home = kept ?? (await mkdtemp(join(tmpdir(), 'proofline-bench-evidence-')));
const children: ChildProcess[] = [];
// A run that is ended because it takes too long leaves nothing behind.
process.once('SIGTERM', () => {
  for (const child of children) child.kill();
  process.exit(1);
});
try {
  if (!fillOnly) {
    await drawing();
    await verification(home);
  }
  const stores = await startStores(home, children);
  for (const period of periods) {
    const baseline = await fill(stores.documents, period);
    if (fillOnly) continue;
    if (period.kind === 'inspection') await sealInChild(stores, period);
    const { seconds, peakMb, path = '' } = await packInChild(stores, period);
    report({ what: period.what, value: seconds, unit: 's', target: period.target, baseline });
    report({ what: `${period.what}, memory at most`, value: peakMb, unit: 'MB', target: '<= 512 MB' });
    await verifications(path, period);
  }
} finally {
  for (const child of children) {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  }
  if (kept === undefined) await rm(home, { recursive: true, force: true });
}

/** The sealed pack as readers check it: by the command, and in a browser without a network. */
async function verifications(path: string, { kind, what }: Period): Promise<void> {
  const isMonth = kind === 'inspection';
  const goal = (target: string) => (isMonth ? { target } : {});
  const command = await verifyInChild(path, 'content', isMonth);
  report({ what: `verify-pack: ${what}`, value: command.seconds, unit: 's' });
  report({ what: `verify-pack: ${what}, memory at most`, value: command.peakMb, unit: 'MB' });
  const page = await verifyInPage(path, isMonth ? { seed: DRAW.seed, count: String(DRAW.asked) } : { seed: '', count: '' });
  report({ what: `verify.html: ${what}`, value: page.seconds, unit: 's', ...goal('<= 60 s') });
  report({ what: `verify.html: ${what}, memory of the page at most`, value: page.peakMb, unit: 'MB', ...goal('<= 1,024 MB') });
  if (page.colour === 'bad') throw new Error(`verify.html finds fault with the pack of the benchmark: ${page.codes.join(', ')}`);
}

/** Fills what is not filled yet, and measures how long the driver alone reads one field of each call of the period. */
async function fill(documents: string, { kind, from, days, calls }: Period): Promise<{ readonly what: string; readonly value: number }> {
  const mongo = await mongoose.createConnection(documents, { dbName: 'proofline' }).asPromise();
  const firstMs = Date.parse(`${from}T00:00:00+08:00`);
  const mark = join(home, `filled-${from}`);
  const filled = await access(mark).then(
    () => true,
    () => false,
  );
  if (!filled) {
    await fillCalls(mongo, firstMs, days, Math.ceil(calls / days));
    // An annual pack holds neither the ledger nor recordings.
    if (kind === 'inspection') await fillLedger(mongo, firstMs, days);
    await writeFile(mark, '');
  }
  const began = performance.now();
  let read = 0;
  const within = { invitedAt: { $gte: new Date(firstMs), $lt: new Date(firstMs + days * 86_400_000) } };
  for await (const row of mongo.collection('calls').find(within, { batchSize: 2_000, projection: { invitedAt: 1 } }))
    read += row['invitedAt'] === null ? 0 : 1;
  await mongo.close();
  return { what: `driver reads one field of ${read} calls`, value: (performance.now() - began) / 1_000 };
}

async function drawing(): Promise<void> {
  const say = speak('zh-CN');
  const { file, probes } = exampleSites(exampleShapes[500]);
  const began = performance.now();
  const placed = await layOut(drawTopology(file, reconcileEquipment(file, probes, say), probes, say));
  topologySvg(placed, { company: '示例', licence: '', date: '2026-11-01', version: '0', note: '' }, say);
  report({
    what: `topology of 500 seats at ${exampleShapes[500].halls.length + 2} sites, laid out and drawn`,
    value: (performance.now() - began) / 1_000,
    unit: 's',
    target: '<= 5 s',
  });
}

/** A pack of 500 MB that compresses as rows do: the baseline only reads and hashes it. */
async function verification(folder: string): Promise<void> {
  const path = join(folder, 'large.zip');
  const signer = await openSigner(join(folder, 'key.pem'));
  const zip = await createZip(path);
  const files: PackedFile[] = [];
  const line = (i: number): string =>
    `call-${i},inbound,${1_790_000_000_000 + i * 977},${createHash('md5').update(String(i)).digest('hex')}\n`;
  for (let part = 0; (await stat(`${path}.part`)).size < PACK_BYTES; part += 1) {
    const rows = Array.from({ length: 200_000 }, (_, i) => line(part * 200_000 + i)).join('');
    files.push(await zip.add(`rows/calls-${part}.csv`, Buffer.from(`id,direction,at,hash\n${rows}`)));
    files.push(await zip.add(`drawings/${part}.png`, randomBytes(24 * 2 ** 20), { stored: true }));
  }
  const words = manifestText({
    format: 'proofline-pack/1',
    number: 1,
    packId: 'JC-BENCH',
    kind: 'inspection',
    period: { from: '2026-10-01', to: '2026-10-31', zone: ZONE },
    madeAt: '2026-11-01T00:00:00.000Z',
    productVersion: '0',
    company: '示例',
    licence: '',
    dataSha256: '',
    previous: null,
    publicKey: signer.publicKey,
    files,
    queries: [],
    openPoints: [],
  });
  await zip.add(MANIFEST, Buffer.from(words));
  await zip.add(SIGNATURE, Buffer.from(JSON.stringify({ algorithm: 'Ed25519', signature: signer.sign(words) })));
  await zip.close();
  const began = performance.now();
  await promisify(execFile)('sha256sum', [path]);
  const baseline = { what: 'sha256sum of the archive', value: (performance.now() - began) / 1_000 };
  const { seconds, peakMb } = await verifyInChild(path, 'bytes');
  report({ what: 'verification of a pack of 500 MB', value: seconds, unit: 's', target: '<= 20 s', baseline });
  report({ what: 'verification of a pack of 500 MB, memory at most', value: peakMb, unit: 'MB' });
  await rm(path);
}
