import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { DamagedRow, rowOfJson } from '../../shared/platform/stores/records.js';
import { callRecord } from '../../shared/records/call.js';
import type { CallRecords } from '../ports.js';
import type { CallRecord } from '../records/record.js';
import { CALLS } from './mongo-calls.js';
import type { CallId } from '../../shared/domain/ids.js';

const RETRY_MS = 2_000;
const STORE_WAIT_MS = 2_000;

/**
 * Call records reach the store through a folder. Records that the store does not take at once are written there, fsynced, and stored when
 * it answers again, including those of an earlier process. A record is removed from the folder only after the store has it.
 */
export function createRecordSpool({
  folder,
  write,
  log,
}: {
  readonly folder: string;
  readonly write: (record: CallRecord) => Promise<void>;
  readonly log: Logger;
}): CallRecords & { start(): Promise<void>; stop(): Promise<void>; waiting(): Promise<number> } {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const underWay = new Set<Promise<void>>();
  let draining: Promise<void> = Promise.resolve();

  const names = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();

  async function spool(record: CallRecord): Promise<void> {
    const path = join(folder, `${record.callId}.json`);
    const file = await open(`${path}.part`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(record));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.part`, path);
    const directory = await open(folder, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  }

  async function drain(): Promise<void> {
    for (const name of await names()) {
      if (stopped) return;
      const path = join(folder, name);
      try {
        await within(write(recordOf(await readFile(path, 'utf8'))), STORE_WAIT_MS);
        await unlink(path);
      } catch (error) {
        if (error instanceof DamagedRow || error instanceof SyntaxError) {
          // The records behind it do not wait. The damaged file stays for a person to look at.
          await rename(path, `${path}.refused`);
          log.error({ err: error, file: `${name}.refused` }, 'a file of the spool holds no call record and is set aside');
          continue;
        }
        log.warn({ err: error }, 'call records wait in the spool: the document store does not accept them');
        return;
      }
    }
  }

  const again = (): void => {
    timer = setTimeout(() => {
      draining = drain()
        .catch((error: unknown) => log.error({ err: error }, 'record spool could not be read'))
        .finally(() => {
          if (!stopped) again();
        });
    }, RETRY_MS);
  };

  async function save(record: CallRecord): Promise<void> {
    try {
      await within(write(record), STORE_WAIT_MS);
    } catch (error) {
      log.warn({ err: error, callId: record.callId }, 'call record goes to the spool');
      await spool(record);
    }
  }

  return {
    save(record) {
      const saving = save(record)
        .catch((error: unknown) => log.error({ err: error, callId: record.callId }, 'a call record could not be stored anywhere'))
        .finally(() => underWay.delete(saving));
      underWay.add(saving);
    },
    async start() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      draining = drain().catch((error: unknown) => log.error({ err: error }, 'record spool could not be read'));
      again();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.all([draining, ...underWay]);
    },
    waiting: async () => (await names()).length,
  };
}

/** Reads a record that `spool` wrote. Fails with `row-damaged`. */
function recordOf(text: string): CallRecord {
  const { callId, ...record } = JSON.parse(text) as { readonly callId: CallId };
  const { _id, ...row } = rowOfJson(CALLS, callRecord, { _id: callId, ...record });
  return { callId: _id, ...row };
}

async function within<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the document store did not answer in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
