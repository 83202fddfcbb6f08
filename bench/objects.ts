// The embedded object store through the minio client, both on this machine, fsync on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Client } from 'minio';
import { report } from './support/report.js';

const objectBytes = 100_000;
const puts = 2_000;
const gets = 6_000;
const concurrency = 8;
const streamBytes = 1024 ** 3;
const listed = 100_000;

async function inParallel(count: number, width: number, work: (index: number) => Promise<void>): Promise<number> {
  let next = 0;
  const startedAt = performance.now();
  const lane = async (): Promise<void> => {
    for (let index = next++; index < count; index = next++) await work(index);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return count / ((performance.now() - startedAt) / 1000);
}

async function readToEnd(stream: AsyncIterable<unknown>): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) bytes += (chunk as Buffer).length;
  return bytes;
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  // Anonymous pages only: the mapped metadata file is reclaimable.
  return Number(/RssAnon:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
}

// Beside the code and not in /tmp, which may be memory: flushing is half of what is measured.
const cache = join(import.meta.dirname, '../.cache');
await mkdir(cache, { recursive: true });
const folder = await mkdtemp(join(cache, 'objects-bench-'));
const main = join(import.meta.dirname, '../dist/infra/embedded/objects/main.js');
const credentials = ['--access-key', 'bench', '--secret-key', 'bench-secret'];
const startedAt = performance.now();
const store = spawn(process.execPath, [main, '--listen', '127.0.0.1:0', '--data', folder, ...credentials], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
try {
  const [line] = (await once(store.stdout, 'data')) as [Buffer];
  report({ what: 'start', value: performance.now() - startedAt, unit: 'ms', target: '<= 1,000 ms' });
  const port = Number(new URL((JSON.parse(line.toString()) as { endpoint: string }).endpoint).port);
  const client = new Client({
    endPoint: '127.0.0.1',
    port,
    useSSL: false,
    accessKey: 'bench',
    secretKey: 'bench-secret',
    region: 'us-east-1',
  });
  const data = Buffer.alloc(objectBytes, 'x');
  const baseline = await inParallel(puts, concurrency, async (index) => {
    const file = await open(join(folder, `raw-${index}`), 'w');
    await file.write(data);
    await file.sync();
    await file.close();
  });
  await client.makeBucket('bench');
  const putRate = await inParallel(puts, concurrency, async (index) => {
    await client.putObject('bench', `o/${index}`, data);
  });
  report({
    what: 'put 100 KB, 8 at once',
    value: putRate,
    unit: '/s',
    target: '>= 400/s',
    baseline: { what: 'plain files written and fsynced', value: baseline },
  });
  const readRate = await inParallel(gets, concurrency, async (index) => {
    await readFile(join(folder, `raw-${index % puts}`));
  });
  const getRate = await inParallel(gets, concurrency, async (index) => {
    await readToEnd(await client.getObject('bench', `o/${index % puts}`));
  });
  report({
    what: 'get 100 KB, 8 at once',
    value: getRate,
    unit: '/s',
    target: '>= 1,500/s',
    baseline: { what: 'the same files read', value: readRate },
  });

  const piece = Buffer.alloc(1024 ** 2, 'y');
  const pieces = function* (): Generator<Buffer> {
    for (let sent = 0; sent < streamBytes; sent += piece.length) yield piece;
  };
  const before = await residentMb(store.pid ?? 0);
  let from = performance.now();
  // The browser's types do not know `duplex`, which a streamed body needs (WHATWG Fetch).
  const upload: RequestInit & { readonly duplex: 'half' } = {
    method: 'PUT',
    body: Readable.toWeb(Readable.from(pieces())) as ReadableStream,
    headers: { 'content-length': String(streamBytes) },
    duplex: 'half',
  };
  await fetch(await client.presignedPutObject('bench', 'stream'), upload).then((response) => response.text());
  report({ what: 'stream 1 GiB in', value: streamBytes / 1e3 / (performance.now() - from), unit: 'MB/s', target: '>= 150 MB/s' });
  from = performance.now();
  const bytes = await readToEnd(await client.getObject('bench', 'stream'));
  report({ what: 'stream 1 GiB out', value: bytes / 1e3 / (performance.now() - from), unit: 'MB/s', target: '>= 150 MB/s' });
  report({
    what: 'growth of private memory over both',
    value: (await residentMb(store.pid ?? 0)) - before,
    unit: 'MB',
    target: 'constant',
  });

  await inParallel(listed - puts - 1, 64, async (index) => {
    await client.putObject('bench', `list/${index}`, Buffer.alloc(0));
  });
  from = performance.now();
  let count = 0;
  for await (const _object of client.listObjectsV2('bench', '', true)) count += 1;
  report({ what: `list ${count} objects`, value: (performance.now() - from) / 1000, unit: 's', target: '<= 5 s' });
} finally {
  store.kill('SIGTERM');
  await once(store, 'exit');
  await rm(folder, { recursive: true, force: true });
}
