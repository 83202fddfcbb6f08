import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { checkObjectStore, startObjectStore } from './index.js';
import { parseCredentials, type Credential } from './rules/policy.js';

const usage =
  'Usage: object-store --data DIR (--credentials-file F | --access-key K --secret-key S) [--listen 127.0.0.1:9100] [--min-free-bytes N]\n' +
  '       object-store --data DIR --check [--deep]';

const options = {
  listen: { type: 'string', default: '127.0.0.1:9100' },
  data: { type: 'string' },
  'credentials-file': { type: 'string' },
  'access-key': { type: 'string' },
  'secret-key': { type: 'string' },
  'min-free-bytes': { type: 'string' },
  check: { type: 'boolean', default: false },
  deep: { type: 'boolean', default: false },
} as const;

interface Arguments {
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly credentials: readonly Credential[];
  readonly minFreeBytes?: number;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

async function readArguments(values: Values): Promise<Arguments> {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(values.listen) ?? [];
  if (!values.data || !host || !port || Number(port) > 65_535) throw new Error(usage);
  const minFree = values['min-free-bytes'];
  if (minFree !== undefined && !/^\d+$/.test(minFree)) throw new Error(usage);
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port),
    dataFolder: values.data,
    credentials: await readCredentials(values),
    ...(minFree === undefined ? {} : { minFreeBytes: Number(minFree) }),
  };
}

async function readCredentials(values: Values): Promise<Credential[]> {
  const file = values['credentials-file'];
  if (file !== undefined) {
    let list: unknown;
    try {
      list = JSON.parse(await readFile(file, 'utf8'));
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      throw new Error(code === undefined ? 'The credentials file is not JSON.' : `The credentials file cannot be read (${code}).`, {
        cause: error,
      });
    }
    return parseCredentials(list);
  }
  const { 'access-key': accessKey, 'secret-key': secretKey } = values;
  if (!accessKey || !secretKey) throw new Error(usage);
  // For trials: an argument can be read by every user of the machine.
  return parseCredentials([{ accessKey, secretKey, policy: 'admin' }]);
}

const plainCauses: Readonly<Record<string, string>> = {
  EADDRINUSE: 'The port is already in use.',
  EADDRNOTAVAIL: 'This machine does not have the address to listen on.',
  EACCES: 'No right to use the data folder or the port.',
  EPERM: 'No right to use the data folder or the port.',
  EROFS: 'The data folder is on a read-only file system.',
  ENOSPC: 'The disk of the data folder is full.',
  ENOTDIR: 'The data folder is not a folder.',
};

/** Prints the report as JSON. @returns whether all is well */
async function check(dataFolder: string, deep: boolean): Promise<boolean> {
  const report = await checkObjectStore(dataFolder, deep, (files) => process.stderr.write(`${files} files checked\n`));
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  return report.problems.length === 0;
}

/**
 * After a failed transaction the storage engine's writer can block an orderly exit, and a process that neither serves
 * nor ends is the worst of all. What was acknowledged is on disk, so this one ends at once; its supervisor starts anew.
 */
function endAtOnce(error: unknown): void {
  const cause = error instanceof Error ? error.message : 'unknown';
  writeSync(process.stderr.fd, `${JSON.stringify({ at: new Date().toISOString(), level: 'error', event: 'storage-failed', cause })}\n`);
  process.kill(process.pid, 'SIGKILL');
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.check && values.data) {
    process.exitCode = (await check(values.data, values.deep)) ? 0 : 1;
    return;
  }
  process.on('unhandledRejection', endAtOnce);
  process.on('uncaughtException', endAtOnce);
  const store = await startObjectStore(await readArguments(values));
  const stop = (): void => {
    void store.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ ready: true, endpoint: store.endpoint })}\n`);
}

main().catch((error: unknown) => {
  const { code, message } = error as NodeJS.ErrnoException;
  process.stderr.write(`${(code === undefined ? undefined : plainCauses[code]) ?? message}\n`);
  process.exit(1);
});
