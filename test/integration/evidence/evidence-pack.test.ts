import { storedCall } from '../../support/centre/stored-call.js';
import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { copyFile, mkdtemp, open, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { checkTimeStamp } from '../../../services/shared/platform/signing/time-stamp.js';
import { appendAudit } from '../../../services/audit/index.js';
import { verifyPack, verifyPacks } from '../../../services/evidence/index.js';
import { createComplaintFigures, createComplaintRoutes } from '../../../services/complaints/index.js';
import { createSatisfactionFigures, createSatisfactionRoutes } from '../../../services/satisfaction/index.js';
import type { FigureBook } from '../../../services/shared/platform/stores/figure-book.js';
import type { Answer, RequestHead } from '../../../services/shared/platform/http/route.js';
import type { Upload } from '../../../services/shared/platform/http/upload.js';
import { createReach } from '../../../services/shared/platform/reach/reach.js';
import { formulas, type Figure, type FormulaKey } from '../../../services/evidence/quality/formulas.js';
import type { RowField } from '../../../services/evidence/quality/row-field.js';
import { rowFiles } from '../../../services/evidence/quality/row-fields.js';
import { FILLED_OBJECT, fillCalls } from '../../../bench/support/evidence-support.js';
import { complaintNeeds } from '../complaints/complaint-needs.js';
import { EvidenceSite } from './evidence-support.js';
import { startTimeStampAuthority, type TimeStampAuthority } from './evidence-tsa.js';

const run = promisify(execFile);
const OCTOBER = Date.parse('2026-10-01T00:00:00+08:00');
jest.setTimeout(240_000);

let site: EvidenceSite;
let authority: TimeStampAuthority;
let folder: string;
let packPath: string;

beforeAll(async () => {
  authority = await startTimeStampAuthority();
  site = await EvidenceSite.start({ EVIDENCE_TSA_URL: authority.url });
  folder = await mkdtemp(join(tmpdir(), 'proofline-pack-'));
  await fillCalls(site.mongo, OCTOBER, 20, 150);
  await site.objects.putObject(site.config.S3_BUCKET, FILLED_OBJECT.key, Buffer.alloc(FILLED_OBJECT.bytes));
  await storeMonth();
  // What a proof call leaves; none of the counts below may have it.
  const at = new Date(OCTOBER + 3_600_000);
  await site.mongo.collection<{ _id: string }>('calls').insertOne(
    storedCall({
      ...{ _id: 'proof', called: '9990', trunkId: 'local', queueId: 'proof' },
      ...{ invitedAt: at, answeredAt: at, queuedAt: at, agentAnsweredAt: at },
    }),
  );
  await raiseAlarms();
  const last = await site.makePack('inspection', '2026-10-01', '2026-10-31');
  expect({ last: last.step, faults: site.faults }).toEqual({ last: 'sealed', faults: [] });
  packPath = await newestPack();
});

/** Two alarms of October, of which a person has settled one, and one of the month after. */
async function raiseAlarms(): Promise<void> {
  await site.mongo
    .collection<{ _id: string }>('users')
    .insertOne({ _id: 'u-anna', name: 'anna', roles: ['agent'], disabled: false } as never);
  const at = new Date(OCTOBER + 9 * 86_400_000 + 10 * 3_600_000);
  const settled = {
    at: new Date(at.getTime() + 1_800_000),
    by: 'u-boss',
    byName: '示例甲',
    finding: '录入号码有误，\n已更正',
    lifted: true,
  };
  const alarm = (_id: string, rest: object): object => ({ _id, at, lastAt: at, of: 0, ...rest });
  await site.mongo.collection<{ _id: string }>('fraud_alarms').insertMany([
    alarm('al-1', {
      ...{ pattern: 'short-calls', subject: { kind: 'number', value: '95100', shown: '95100' }, count: 33, of: 60, limit: 50 },
      ...{ stopId: 'stop-1', settled },
    }),
    alarm('al-2', { pattern: 'night', subject: { kind: 'agent', value: 'u-anna', shown: 'u-anna' }, count: 6, limit: 5 }),
    alarm('al-3', {
      ...{ pattern: 'burst', subject: { kind: 'number', value: '95101', shown: '95101' }, count: 700, limit: 600 },
      at: new Date(OCTOBER + 31 * 86_400_000),
    }),
  ] as never[]);
  await site.mongo
    .collection<{ _id: string }>('outbound_settings')
    .insertOne({ _id: 'fraud-watch', rules: { night: { on: true, withinMinutes: 90, limit: 4, atLeast: 0, stops: true } } } as never);
}

/** October is stored as it stood; then a case is reopened under another kind, and a score corrected. */
async function storeMonth(): Promise<void> {
  const { env, mongo, objects } = site;
  const witness = { audited: [], held: [], told: () => undefined, serviceNumbers: () => [] };
  const needs = {
    ...complaintNeeds({ env, mongo, objects }, witness),
    valkey: new Redis({ lazyConnect: true }),
    reachOf: createReach(async () => []),
    reachesCall: async () => true,
  };
  const routes = [...createComplaintRoutes(needs), ...createSatisfactionRoutes(needs)];
  for (const { handle } of routes.filter(({ method, path }) => method === 'post' && path.endsWith('/figures/stored/:period')))
    await handle({
      principal: {
        ...{ userId: 'boss', name: 'Boss', sessionId: 's', roles: ['compliance'] },
        scope: { queues: [], sites: [], clientUnits: [] },
      },
      params: { period: '2026-10' },
      query: {},
      body: {},
      from: '',
      request: {} as RequestHead,
      response: {} as Answer,
      upload: {} as Upload,
    });
  const later = new Date(Date.now() + 1);
  const [changed] = await mongo.collection('complaints').find({ upheld: true }).limit(1).toArray();
  const then = Object.fromEntries(['upheld', 'closedAt', 'satisfaction', 'kind'].map((field) => [field, changed?.[field] as unknown]));
  await mongo.collection('complaints').updateOne(
    { number: changed?.['number'] },
    {
      $set: { kind: 'other', state: 'open', earlier: [{ until: later, ...then }] },
      $unset: { upheld: '', closedAt: '', satisfaction: '' },
    },
  );
  const [answer] = await mongo.collection('survey_answers').find({ score: 5, solved: true }).limit(1).toArray();
  await mongo.collection<{ _id: string }>('survey_answers').insertOne({
    _id: 'correction',
    surveyId: String(answer?.['surveyId']),
    at: later,
    score: 1,
    solved: null,
    corrects: String(answer?._id),
    by: 'compliance',
  } as never);
  site.stored = async () => {
    const read = async (what: 'complaints' | 'satisfaction', book: Pick<FigureBook<object>, 'newest'>) =>
      (await book.newest()).map(({ asOf, figures, ...rest }) => ({ ...rest, what, asOfMs: asOf.getTime(), figures: { ...figures } }));
    return [
      ...(await read('complaints', createComplaintFigures(needs))),
      ...(await read('satisfaction', createSatisfactionFigures(needs))),
    ];
  };
}

afterAll(async () => {
  // Undefined when it did not start.
  await (site as EvidenceSite | undefined)?.[Symbol.asyncDispose]();
  await (authority as TimeStampAuthority | undefined)?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function newestPack(): Promise<string> {
  const outbox = join(site.home, 'evidence', 'packs');
  const names = (await readdir(outbox)).filter((name) => name.endsWith('.zip'));
  const times = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(outbox, name))).mtimeMs })));
  return join(outbox, times.sort((a, b) => b.at - a.at)[0]?.name ?? '');
}

test('an inspection pack is sealed, signed and verifies', async () => {
  const verdict = await verifyPack(packPath);
  expect(verdict.problems).toEqual([]);
  expect(verdict).toMatchObject({ ok: true, signature: 'valid' });
  expect(verdict.manifest).toMatchObject({ number: 1, previous: null, kind: 'inspection' });
  expect(verdict.manifest.files.find(({ name }) => name === 'rows/calls.csv')?.rows).toBe(3_000 + 20 * 8);
});

test('proof calls are counted as such and are no service: no row, no number, no trunk of theirs', async () => {
  const unpacked = join(folder, 'proofs');
  await run('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', packPath, unpacked]);
  expect(await readFile(join(unpacked, 'rows', 'calls.csv'), 'utf8')).not.toMatch(/,9990,|,local,/);
  expect(await readFile(join(unpacked, 'figures.json'), 'utf8')).not.toMatch(/number:9990|queue:proof|trunk:local/);
  expect(await readFile(join(unpacked, 'manifest.json'), 'utf8')).toContain('{$ne: \\"9990\\"}');
});

/**
 * Reads every table of a pack as an office program does, and compares it with the machine-readable rows beside it, using readers that are
 * not ours.
 */
const READ_TABLES = String.raw`
import csv, datetime, io, json, sys, zipfile, zoneinfo
names = json.loads(sys.argv[2])
pack, zone, found = zipfile.ZipFile(sys.argv[1]), zoneinfo.ZoneInfo(sys.argv[3]), {}
for key, file in names.items():
    raw = pack.read("tables/%s.csv" % file["title"])
    assert raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\r\n"), key
    table = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline=""), strict=True))
    rows = list(csv.DictReader(io.StringIO(pack.read("rows/%s.csv" % key).decode("utf-8"))))
    assert table[0] == file["heads"], (key, table[0])
    assert len(table) - 1 == len(rows), (key, len(table), len(rows))
    for line, row in zip(table[1:], rows):
        for cell, (column, kind) in zip(line, file["columns"]):
            value = row[column]
            if value == "": assert cell == "", (key, column, cell)
            elif kind == "moment":
                at = datetime.datetime.fromtimestamp(int(value) // 1000, zone).strftime("%Y-%m-%d %H:%M:%S")
                assert cell == at, (key, column, cell, at)
            elif kind == "milliseconds": assert float(cell) == float(value) / 1000, (key, column, cell, value)
            elif kind == "number": assert float(cell) == float(value), (key, column, cell, value)
            elif kind == "yes-no": assert cell == {"true": "是", "false": "否"}[value], (key, column, cell)
    found[key] = len(rows)
print(json.dumps(found))
`;

test('each file of rows stands beside them as a table that opens in an office program: the same rows, Chinese heads, site time', async () => {
  // This pack was ordered without recordings.
  const { drawn: _drawn, ...inEach } = rowFiles;
  const files = Object.fromEntries(
    Object.entries(inEach).map(([name, file]) => {
      const columns = Object.entries<RowField>(file.fields).filter(([, { kind }]) => kind !== 'json');
      const heads = columns.map(([, { name: words, kind }]) => `${words.zh}${kind === 'milliseconds' ? '（秒）' : ''}`);
      return [name, { title: file.name.zh, heads, columns: columns.map(([column, { kind }]) => [column, kind]) }];
    }),
  );
  const { stdout } = await run('python3', ['-c', READ_TABLES, packPath, JSON.stringify(files), 'Asia/Shanghai']);
  expect(JSON.parse(stdout)).toMatchObject({ calls: 3_160, alarms: 2 });
  expect(Object.keys(JSON.parse(stdout) as object)).toEqual(Object.keys(inEach));
});

test('the document on calls out states the consents, the wishes to call and what rules refused as they stand in the store', async () => {
  const unpacked = join(folder, 'outbound');
  await run('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', packPath, unpacked]);
  const { stdout } = await run('pdftotext', ['-layout', join(unpacked, 'documents', '06-外呼管理与证明.pdf'), '-']);
  expect(stdout).toMatch(/同意凭证（有效 \/ 全部）\s+5 ?\/ ?7/);
  expect(stdout).toMatch(/外呼请求（含被拦截）\s+200/);
  expect(stdout).toMatch(/期间呼出\s+160/);
});

test('the document on calls out prints the rules of the fraud watch and its alarms of the period, with what a person found; the rows have them too', async () => {
  const unpacked = join(folder, 'alarms');
  await run('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', packPath, unpacked]);
  const { stdout } = await run('pdftotext', ['-layout', join(unpacked, 'documents', '06-外呼管理与证明.pdf'), '-']);
  const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  const ruled = (name: string): string[] | undefined => lines.find(([first]) => first === name)?.slice(1);
  expect(ruled('外呼短时通话比例过高')).toEqual(['50 %', '60 分钟', '30', '是', '1', '1', '1', '0']);
  expect(ruled('多次在时段外外呼')).toEqual(['4', '90 分钟', '是', '1', '0', '0', '1']);
  expect(ruled('短时间大量外呼')).toEqual(['600', '60 分钟', '是', '0', '0', '0', '0']);
  expect(stdout).toMatch(/33 \/ 60\s+已恢复/);
  expect(stdout).toContain('坐席 anna');
  expect(stdout).not.toContain('u-anna');
  const rows = (await readFile(join(unpacked, 'rows', 'alarms.csv'), 'utf8')).trim().split('\n');
  expect(rows).toHaveLength(3);
  expect(rows[1]).toMatch(/^al-1,\d+,short-calls,number,95100,33,60,50,true,\d+,示例甲,true,"?录入号码有误， 已更正"?$/);
});

test('the manifest is stamped by the time-stamp authority; OpenSSL agrees, and a stamp over something else is no stamp', async () => {
  const unpacked = join(folder, 'stamped');
  await run('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', packPath, unpacked]);
  const ask = (data: string) =>
    run('openssl', ['ts', '-verify', '-data', join(unpacked, data), '-in', join(unpacked, 'manifest.tsr'), '-CAfile', authority.rootFile]);
  expect((await ask('manifest.json')).stdout).toContain('Verification: OK');
  await expect(ask('figures.json')).rejects.toMatchObject({ code: 1 });
  const { stamp, manifest } = await verifyPack(packPath);
  expect(stamp).toMatchObject({ authority: 'CN=Test stamps, O=Test' });
  const at = typeof stamp === 'string' ? Number.NaN : stamp.at.getTime();
  expect(at - Date.parse(manifest.madeAt)).toBeGreaterThanOrEqual(-1_000);
  const response = await readFile(join(unpacked, 'manifest.tsr'));
  const text = await readFile(join(unpacked, 'manifest.json'));
  expect(() => checkTimeStamp(response, Buffer.concat([text, Buffer.from(' ')]))).toThrow('something else');
  // Every byte of the token up to the certificates is signed or states the digest: none can be changed unseen.
  for (const offset of [60, 120, 150])
    expect(() => checkTimeStamp(Buffer.from(response.map((byte, i) => (i === offset ? byte ^ 1 : byte))), text)).toThrow();
});

test('the verifier refuses a key that is not the one told on paper', async () => {
  expect(await verifyPack(packPath, { trustedFingerprint: 'f'.repeat(64) })).toMatchObject({ ok: false, signature: 'invalid' });
});

/** Runs a command whose exit code 3 says that nothing is wrong but not everything could be compared. */
async function amber(command: Promise<{ stdout: string }>): Promise<{ stdout: string }> {
  return command.catch((error: unknown) => {
    expect(error).toMatchObject({ code: 3 });
    return error as { stdout: string };
  });
}

test('the independent script recomputes every figure from the rows and agrees', async () => {
  const unpacked = join(folder, 'unpacked');
  await run('python3', ['-c', 'import sys,zipfile; zipfile.ZipFile(sys.argv[1]).extractall(sys.argv[2])', packPath, unpacked]);
  const { stdout } = await amber(run('python3', [join(unpacked, 'recompute.py'), unpacked]));
  expect(stdout).toMatch(/^verdict: amber$/m);
  // No fingerprint was given, and the fixture has no day sheets: both are reported as open.
  expect([...stdout.matchAll(/^([a-z0-9-]+): .* \/ /gm)].map(([, code]) => code)).toEqual(
    expect.arrayContaining(['key-not-compared', 'day-unsealed']),
  );
  expect(stdout).toMatch(/^[1-9]\d+ figures and 2 stored months and years recomputed$/m);
  // Every formula has something to count: none agrees only because there is nothing.
  const { figures } = JSON.parse(await readFile(join(unpacked, 'figures.json'), 'utf8')) as { figures: Figure[] };
  const counted = new Set(figures.filter(({ value }) => value !== undefined).map(({ formula }) => formula));
  expect(Object.keys(formulas).filter((key) => !counted.has(key as FormulaKey))).toEqual([]);
  // The stored month is what it was, whatever happened since; the documents print it.
  const stored = JSON.parse(await readFile(join(unpacked, 'stored-figures.json'), 'utf8')) as {
    what: string;
    period: string;
    figures: object;
  }[];
  expect(stored.map(({ what, period }) => [what, period])).toEqual([
    ['complaints', '2026-10'],
    ['satisfaction', '2026-10'],
  ]);
  expect(stored[0]?.figures).toMatchObject({ received: 20, byKind: { waiting: 20 }, answeredInTime: 10, answeredLate: 10 });
  // Complaints are set against the same calls as in the figures of the pack: those that came in for service.
  const perCalls = figures.find(({ formula, group }) => formula === 'complaintsPer10000' && group === 'all');
  expect(stored[0]?.figures).toMatchObject({ calls: perCalls?.denominator, per10000Calls: perCalls?.value });
  const book = join(unpacked, 'stored-figures.json');
  const told = await readFile(book, 'utf8');
  // The script does check: it notices a changed stored figure, and a row that was cut.
  await writeFile(book, told.replace('"received": 20', '"received": 19'));
  await expect(run('python3', [join(unpacked, 'recompute.py'), unpacked])).rejects.toMatchObject({ code: 1 });
  await writeFile(book, told);
  const rows = join(unpacked, 'rows', 'calls.csv');
  await writeFile(rows, (await readFile(rows, 'utf8')).split('\n').slice(0, -2).join('\n') + '\n');
  await expect(run('python3', [join(unpacked, 'recompute.py'), unpacked])).rejects.toMatchObject({ code: 1 });
});

test.each([
  [
    'a changed byte in a stored file',
    async (bytes: Buffer) => bytes.writeUInt8(bytes.readUInt8(bytes.indexOf('IHDR') + 40) ^ 1, bytes.indexOf('IHDR') + 40),
    '02-网络拓扑图.png',
  ],
  [
    'a changed byte in a packed file',
    async (bytes: Buffer) =>
      bytes.writeUInt8(bytes.readUInt8(bytes.indexOf('rows/calls.csv') + 5_000) ^ 1, bytes.indexOf('rows/calls.csv') + 5_000),
    'rows/calls.csv',
  ],
])('%s is named', async (_name, change, file) => {
  const bytes = await readFile(packPath);
  await change(bytes);
  const path = join(folder, 'changed.zip');
  await writeFile(path, bytes);
  const verdict = await verifyPack(path);
  expect(verdict.ok).toBe(false);
  expect(verdict.problems.map((problem) => problem.file.split('/').slice(-file.split('/').length).join('/'))).toEqual([file]);
});

test('a pack whose end is cut is not taken for a pack', async () => {
  const bytes = await readFile(packPath);
  const path = join(folder, 'cut.zip');
  await writeFile(path, bytes.subarray(0, bytes.length - 1_000));
  await expect(verifyPack(path)).rejects.toMatchObject({ code: 'invalid-request' });
});

test('the next pack is chained to the last', async () => {
  const first = await verifyPack(packPath);
  expect(await site.makePack('licence', '2026-10-01', '2026-10-31')).toMatchObject({ step: 'sealed' });
  const second = await verifyPack(await newestPack());
  expect(second.manifest).toMatchObject({ number: 2, previous: first.manifestSha256 });
  expect(second.manifest.files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['documents/32-不违规呼出承诺书.docx', 'documents/14-申请材料清单与进度.pdf']),
  );
  expect((await verifyPacks([packPath, await newestPack()])).chain).toEqual([]);
});

test('a restore from a backup forgets a pack; the next one takes its place, and the verifier says so', async () => {
  const forgotten = join(folder, 'forgotten.zip');
  await copyFile(await newestPack(), forgotten);
  const { packId } = (await verifyPack(forgotten)).manifest;
  const forget = () => site.mongo.collection<{ _id: string }>('evidence_packs').deleteOne({ _id: packId });
  const order = () => site.makePack('licence', '2026-10-01', '2026-10-31');
  await forget();
  expect(await order()).toMatchObject({ step: 'sealed' });
  const anew = await verifyPacks([packPath, forgotten, await newestPack()]);
  expect(anew.chain.map(({ code, level }) => [code, level])).toEqual([['pack-fork', 'red']]);

  await forget();
  const restored = { who: 'system:operator', what: 'backup.restored', object: 'backup:2026-12-01T0300', success: true } as const;
  await appendAudit(site.mongo, restored);
  expect(await order()).toMatchObject({ step: 'sealed' });
  const { chain, packs } = await verifyPacks([packPath, forgotten, await newestPack()]);
  expect(chain.map(({ code, level }) => [code, level])).toEqual([['pack-fork-restored', 'amber']]);
  expect(packs[2]?.history?.restores.map(({ backup }) => backup)).toEqual(['2026-12-01T0300']);
});

test('the sheet of a proof call carries a signature over its statement that verifies with the key of the packs', async () => {
  const proof = await site.mongo.collection<{ _id: string }>('proof_calls').findOne({});
  const sheet = await site.commands.send('proof.sheet', { proofId: proof?._id ?? '', language: 'en' }, { timeoutMs: 30_000 });
  const key = createPublicKey({ key: Buffer.from(sheet.publicKey, 'base64'), format: 'der', type: 'spki' });
  expect(verify(null, Buffer.from(sheet.statement), key, Buffer.from(sheet.signature, 'base64'))).toBe(true);
  expect(JSON.parse(sheet.statement)).toMatchObject({ proofId: proof?._id, ok: true, origin: 'canary' });
  expect(Buffer.from(sheet.pdfBase64, 'base64').subarray(0, 5).toString()).toBe('%PDF-');
  expect((await verifyPack(packPath)).manifest.publicKey).toBe(sheet.publicKey);
});

test('the stored archive is verified and looked into from the page; one that was changed in the store is refused', async () => {
  const { packs } = (await site.ask('get', '/evidence/packs')) as { packs: { packId: string; fileName: string }[] };
  const { packId = '', fileName = '' } = packs[0] ?? {};
  const verdict = (await site.ask('get', '/evidence/packs/:packId/verdict', { params: { packId } })) as {
    ok: boolean;
    packFiles: object[];
  };
  expect(verdict).toMatchObject({ ok: true, signature: 'valid', problems: [] });
  expect(verdict.packFiles).toContainEqual(expect.objectContaining({ name: 'rows/calls.csv', rows: 3_160 }));
  await rm(join(site.home, 'evidence', 'looked-at'), { recursive: true });
  await site.objects.putObject(site.config.S3_BUCKET, `evidence/${fileName}`, 'something else');
  await expect(site.ask('get', '/evidence/packs/:packId/verdict', { params: { packId } })).rejects.toMatchObject({ code: 'wrong-state' });
});

test('a pack is sealed without a stamp when the authority does not answer, and its record says so', async () => {
  await authority[Symbol.asyncDispose]();
  expect(await site.makePack('inspection', '2026-10-01', '2026-10-02')).toMatchObject({ step: 'sealed' });
  expect(await verifyPack(await newestPack())).toMatchObject({ ok: true, stamp: 'none' });
  const { packs } = (await site.ask('get', '/evidence/packs')) as { packs: { stamp?: object }[] };
  expect(packs[0]?.stamp).toMatchObject({ missing: expect.stringContaining('gave no stamp') });
});

test('a pack that cannot be written leaves nothing that looks like one', async () => {
  const outbox = join(site.home, 'evidence', 'packs');
  const before = await readdir(outbox);
  // A file stands where the working folder must be made, so every write fails.
  await rm(join(site.home, 'evidence', 'work'), { recursive: true, force: true });
  await (await open(join(site.home, 'evidence', 'work'), 'w')).close();
  expect(await site.makePack('annual', '2026-10-01', '2026-10-31')).toMatchObject({ step: 'failed' });
  expect(await readdir(outbox)).toEqual(before);
  await rm(join(site.home, 'evidence', 'work'));
});

test('probes that nobody answers are cut and said; the others stand with their hashes', async () => {
  const { probes } = (await site.ask('get', '/evidence/probes')) as { probes: { probe: string; outcome: string; rawSha256: string }[] };
  const outcome = new Map(probes.map((row) => [row.probe.split(':')[0], row.outcome]));
  expect(outcome.get('sip-server')).not.toBe('answered');
  expect(outcome.get('relay')).not.toBe('answered');
  for (const probe of ['host', 'document-store', 'object-store', 'live-state'])
    expect([probe, outcome.get(probe)]).toEqual([probe, 'answered']);
  for (const { rawSha256 } of probes) expect(rawSha256).toMatch(/^[0-9a-f]{64}$/);
});

test('what was filed is frozen, and a change is a difference with its date', async () => {
  await site.ask('post', '/evidence/filings', { body: { filedOn: '2026-10-15', note: '许可备案' } });
  const seat = await site.mongo.collection<{ _id: string }>('registry_entries').findOne({ _id: 'seats/101' });
  expect(seat).not.toBeNull();
  await site.mongo.collection<{ _id: string }>('registry_entries').deleteOne({ _id: 'seats/101' });
  await site.ask('post', '/evidence/probes/run');
  const { filing } = (await site.ask('get', '/evidence/filing')) as {
    filing: { differences: { subject: string; change: string; since: string }[] };
  };
  expect(filing.differences).toContainEqual(expect.objectContaining({ subject: 'seats/101', change: 'removed' }));
});

test('the same seed draws the same call for the inspector, and every look is recorded', async () => {
  const draw = { body: { from: '2026-10-01', to: '2026-10-20', seed: '7e57' } };
  const one = (await site.ask('post', '/evidence/inspector/draw', draw)) as { call: { call: { _id: string } }; drawnFrom: number };
  const two = (await site.ask('post', '/evidence/inspector/draw', draw)) as typeof one;
  expect(one.drawnFrom).toBe(3_000 + 20 * 6);
  expect(two.call.call._id).toBe(one.call.call._id);
  expect(JSON.stringify(one)).not.toContain('callerNumber');
  expect(site.acts.filter(({ what }) => what === 'inspector.drew')).toHaveLength(2);
});
