import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { backupFolder, restoreFolder } from './maintenance/backup.js';
import { checkFolder } from './maintenance/check.js';
import { dumpFolder } from './maintenance/dump.js';
import { DocumentStoreError, startDocumentStore, type DocumentStoreOptions } from './index.js';

const usage =
  'document-store --data DIR [--listen HOST:PORT] [--user NAME --password-file FILE] [--check | --backup DIR | --restore DIR | --dump DIR]';

/** Starts the store and runs until it is told to stop, or does one piece of maintenance and ends. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', default: '127.0.0.1:27018' },
      data: { type: 'string' },
      user: { type: 'string' },
      'password-file': { type: 'string' },
      check: { type: 'boolean', default: false },
      backup: { type: 'string' },
      restore: { type: 'string' },
      dump: { type: 'string' },
    },
  });
  if (values.data === undefined) throw new DocumentStoreError(`A data folder is needed: ${usage}`);
  if (await maintain(values.data, values)) return;
  const store = await startDocumentStore({
    ...listenAddress(values.listen),
    ...userOf(values.user, values['password-file']),
    folder: values.data,
    log,
  });
  process.stdout.write(`${JSON.stringify({ ready: true, uri: store.uri })}\n`);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    store.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

interface Maintenance {
  readonly check: boolean;
  readonly backup?: string | undefined;
  readonly restore?: string | undefined;
  readonly dump?: string | undefined;
}

/** False when no maintenance was asked for. Progress goes to stderr, the result as one line of JSON to stdout. */
async function maintain(folder: string, { check, backup, restore, dump }: Maintenance): Promise<boolean> {
  const progress = (line: string): void => void process.stderr.write(`${line}\n`);
  const print = (result: object): void => void process.stdout.write(`${JSON.stringify(result)}\n`);
  if (check) {
    const report = await checkFolder(folder, progress);
    print({ sound: report.problems.length === 0, ...report });
    if (report.problems.length > 0) process.exitCode = 2;
  } else if (backup !== undefined) print({ backup: true, ...(await backupFolder(folder, backup, progress)) });
  else if (restore !== undefined) print({ restored: true, ...(await restoreFolder(restore, folder, progress)) });
  else if (dump !== undefined) print({ dumped: await dumpFolder(folder, dump, progress) });
  else return false;
  return true;
}

function listenAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  if (match === null) throw new DocumentStoreError(`The address must be HOST:PORT: ${usage}`);
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port: Number(match[3]) };
}

function userOf(name: string | undefined, file: string | undefined): Pick<DocumentStoreOptions, 'user'> {
  if (name === undefined && file === undefined) return {};
  if (name === undefined || file === undefined)
    throw new DocumentStoreError(`A user needs a password file and the other way round: ${usage}`);
  try {
    return { user: { name, password: readFileSync(file, 'utf8').replace(/\r?\n$/, '') } };
  } catch {
    throw new DocumentStoreError('The password file cannot be read.');
  }
}

function log(line: string): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), store: 'documents', message: line })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'The document store failed.'}\n`);
  process.exit(1);
});
