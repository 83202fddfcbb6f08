import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { createPackStore } from '../../services/evidence/index.js';
import { connectMongo } from '../../services/shared/platform/stores/mongo.js';
import { createObjectClient } from '../../services/shared/platform/stores/objects.js';
import { silentLogger } from '../../services/shared/platform/processes/logger.js';
import { createValkeyBus } from '../../services/shared/platform/events/valkey-bus.js';
import { createValkeyCommands } from '../../services/shared/platform/events/valkey-commands.js';
import type { EventOf } from '../../services/shared/events/catalogue.js';
import { readOptions } from './options.js';
import { configOfRunning } from './running-product.js';

const USAGE =
  'npm run evidence -- --kind licence|inspection|annual --from 2026-10-01 --to 2026-10-31 [--language zh|en|both] [--out FOLDER]';
const Order = z.object({
  kind: z.enum(['licence', 'inspection', 'annual']),
  from: z.iso.date(),
  to: z.iso.date(),
  language: z.enum(['zh', 'en', 'both']).default('zh'),
  out: z.string().default('.'),
});

type Parts = {
  readonly bus: ReturnType<typeof createValkeyBus>;
  readonly commands: ReturnType<typeof createValkeyCommands>;
  readonly packs: ReturnType<typeof createPackStore>;
};
type Ordered = Pick<z.infer<typeof Order>, 'kind' | 'from' | 'to' | 'out'>;

const languagesOf = { zh: ['zh-CN'], en: ['en'], both: ['zh-CN', 'en'] } as const;

/** Orders packs from the running product, one in each language that was asked for, and saves the sealed archives in a folder. */
async function main(): Promise<void> {
  const order = Order.safeParse(readOptions(process.argv.slice(2), ['kind', 'from', 'to', 'language', 'out']).options);
  if (!order.success)
    throw new Error(`${order.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('\n')}\n${USAGE}`);
  const config = configOfRunning();
  const bus = createValkeyBus({ url: config.VALKEY_URL, log: silentLogger });
  const commands = createValkeyCommands({ url: config.VALKEY_URL, log: silentLogger });
  const mongo = await connectMongo(config);
  try {
    const packs = createPackStore(mongo, createObjectClient(config), config.S3_BUCKET);
    for (const language of languagesOf[order.data.language]) await makeOne(order.data, language, { bus, commands, packs });
  } finally {
    await bus.close();
    await commands.close();
    await mongo.close();
  }
}

/** Shows the progress, and fails when the pack is not sealed or the store returns other bytes than were sealed. */
async function makeOne({ kind, from, to, out }: Ordered, language: 'zh-CN' | 'en', { bus, commands, packs }: Parts): Promise<void> {
  let jobId = '';
  let end: (event: EventOf<'evidence.progress'>) => void = () => undefined;
  const ended = new Promise<EventOf<'evidence.progress'>>((resolve) => (end = resolve));
  const early: EventOf<'evidence.progress'>[] = [];
  const hear = (event: EventOf<'evidence.progress'>): void => {
    if (event.jobId !== jobId) return;
    process.stdout.write(`\r${String(event.done).padStart(3)} %  ${event.step.padEnd(40)}`);
    if (event.step === 'sealed' || event.step === 'failed') end(event);
  };
  const stop = await bus.follow((delivered) => {
    if (delivered.name !== 'evidence.progress') return;
    if (jobId === '') early.push(delivered.event);
    else hear(delivered.event);
  });
  ({ jobId } = await commands.send(
    'evidence.make-pack',
    { kind, from, to, language, requestedBy: 'system:command-line' },
    { timeoutMs: 10_000 },
  ));
  early.forEach(hear);
  const last = await ended;
  await stop();
  process.stdout.write('\n');
  if (last.step === 'failed') throw new Error(`The pack was not made: ${last.failed ?? 'failed'}.`);
  const pack = await packs.last();
  if (pack === undefined) throw new Error('The pack was sealed, but its record is missing.');
  await mkdir(out, { recursive: true });
  const path = join(out, pack.fileName);
  const hash = createHash('sha256');
  await pipeline(
    await packs.read(pack),
    async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(`${path}.part`),
  );
  if (hash.digest('hex') !== pack.sha256) {
    await rm(`${path}.part`, { force: true });
    throw new Error('The object store returned something other than what was sealed.');
  }
  await rename(`${path}.part`, path);
  console.log(`${path}\nSHA-256 ${pack.sha256}\nmanifest ${pack.manifestSha256}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : 'failed');
  process.exitCode = 1;
});
