import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { Client } from 'minio';
import { z } from 'zod';
import { copyBucket } from './copy-bucket.js';

const usage = 'Usage: copy --from FILE --to FILE --bucket NAME   (each FILE: {"endpoint", "accessKey", "secretKey", "region"?})';

const Connection = z.object({ endpoint: z.url(), accessKey: z.string(), secretKey: z.string(), region: z.string().default('us-east-1') });

async function connect(file: string): Promise<Client> {
  const parsed = Connection.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (!parsed.success) throw new Error(usage);
  const { endpoint, ...keys } = parsed.data;
  const { hostname, port, protocol } = new URL(endpoint);
  const useSSL = protocol === 'https:';
  return new Client({ endPoint: hostname, port: Number(port) || (useSSL ? 443 : 80), useSSL, ...keys });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { from: { type: 'string' }, to: { type: 'string' }, bucket: { type: 'string' } } });
  const { from, to, bucket } = values;
  if (!from || !to || !bucket) throw new Error(usage);
  const report = await copyBucket(await connect(from), await connect(to), bucket, ({ copied, skipped }) => {
    if ((copied + skipped) % 1000 === 0) process.stderr.write(`${copied} versions copied, ${skipped} already there\n`);
  });
  process.stdout.write(`${JSON.stringify(report)}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The copy failed.'}\n`);
  process.exit(1);
});
