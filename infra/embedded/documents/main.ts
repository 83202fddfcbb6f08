import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DocumentStoreError, startDocumentStore, type DocumentStoreOptions } from './index.js';

const usage = 'document-store --listen HOST:PORT --data DIR [--user NAME --password-file FILE]';

/** Starts the store from the command line and runs until it is told to stop. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', default: '127.0.0.1:27018' },
      data: { type: 'string' },
      user: { type: 'string' },
      'password-file': { type: 'string' },
    },
  });
  if (values.data === undefined) throw new DocumentStoreError(`A data folder is needed: ${usage}`);
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
