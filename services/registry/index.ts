import type { Connection } from 'mongoose';
import { CallCentreError } from '../shared/domain/failure.js';
import type { ColumnKind } from '../shared/domain/licence/document.js';
import { newId } from '../shared/platform/stores/new-id.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { ObjectClient } from '../shared/platform/stores/objects.js';
import { createSecretCipher } from '../shared/platform/stores/secret-cipher.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import type { Service } from '../shared/platform/processes/service.js';
import { createMongoEntries, createMongoImports } from './adapters/mongo-entries.js';
import { allAttachments, createAttachments } from './adapters/s3-attachments.js';
import { readImportFile } from './adapters/import-file.js';
import { sampleSheet } from './adapters/sample-sheet.js';
import { demoRows } from './demo-data.js';
import { showValue, type FieldKind, type FieldValue, type Values, type Words } from './field.js';
import { createRoutes } from './http.js';
import type { Attachment, EntryStore } from './ports.js';
import { readImport } from './import.js';
import { inForce } from './register.js';
import { registerNamed, registerNames, registers, type RegisterName } from './registers.js';
import { createRegistry } from './registry-service.js';
import type { Reads } from '../shared/records/reads.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';

export interface RegistryDependencies {
  readonly config: Pick<Config, 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS' | 'S3_BUCKET'>;
  readonly mongo: Connection;
  readonly objects: ObjectClient;
  readonly audit: Audit;
}

/** Parts that decide based on rows of the licence file are notified before the author of a change gets an answer. */
interface Notifies {
  readonly registerChanged: () => Promise<void>;
}

const now = (): Date => new Date();

function notifying(entries: EntryStore, changed: () => Promise<void>): EntryStore {
  async function after<T>(work: Promise<T>): Promise<T> {
    const done = await work;
    await changed();
    return done;
  }
  return {
    ...entries,
    put: (...of) => after(entries.put(...of)),
    approve: (...of) => after(entries.approve(...of)),
    remove: (...of) => after(entries.remove(...of)),
  };
}

function compose({ config, mongo, audit, registerChanged }: Omit<RegistryDependencies, 'objects'> & Notifies) {
  const entries = notifying(createMongoEntries(mongo), registerChanged);
  const registry = createRegistry({
    entries,
    imports: createMongoImports(mongo),
    cipher: createSecretCipher([config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS], 'registry identity numbers'),
    audit,
    now,
    newId,
  });
  return { entries, registry };
}

/** The licence file under `/registry`. */
export function createRegistryRoutes(needs: RegistryDependencies & Notifies & { readonly reads: Pick<Reads, 'accounts'> }): Route[] {
  const attachments = createAttachments(needs.mongo, needs.objects, needs.config.S3_BUCKET);
  const account = needs.reads.accounts.lookUp(['displayName']);
  const nameOf = async (userId: string): Promise<string | undefined> => (await account(userId))?.displayName;
  return createRoutes({ ...compose(needs), attachments, readImportFile, sampleSheet, audit: needs.audit, nameOf, newId, now });
}

/** Completes interrupted imports. For the cases role. */
export function createRegistryWorker(needs: Omit<RegistryDependencies, 'objects'> & Notifies): Service {
  const { registry } = compose(needs);
  return { name: 'registry', start: () => registry.resumeImports(), stop: async () => undefined };
}

const columnKinds: Readonly<Partial<Record<FieldKind, ColumnKind>>> = {
  date: 'date',
  'date-time': 'time',
  number: 'figure',
  integer: 'figure',
};

/** One register as documents print it: identity numbers masked, values also in words. */
export interface RegisterTable {
  readonly title: Words;
  readonly columns: readonly { readonly key: string; readonly label: Words; readonly kind: ColumnKind }[];
  readonly rows: readonly {
    readonly key: string;
    readonly values: Values;
    readonly shown: readonly string[];
    readonly files: readonly RowFile[];
  }[];
}

/** A file of a row, without its content. */
export type RowFile = Pick<Attachment, 'attachmentId' | 'fileName' | 'contentType' | 'sizeBytes' | 'sha256' | 'item'>;

/** Reads the whole licence file at once, to compare it with what runs. */
export function createLicenceFile(needs: Omit<RegistryDependencies, 'objects'>): {
  read(language: 'zh-CN' | 'en'): Promise<Readonly<Record<string, RegisterTable>>>;
} {
  // Only reads: nothing changes through it.
  const { registry } = compose({ ...needs, registerChanged: async () => undefined });
  return {
    async read(language) {
      const filesOf = new Map<string, RowFile[]>();
      for (const attachment of await allAttachments(needs.mongo)) {
        const row = `${attachment.register}/${attachment.key}`;
        filesOf.set(row, [...(filesOf.get(row) ?? []), rowFile(attachment)]);
      }
      return Object.fromEntries(
        await Promise.all(
          registerNames.map(async (name) => {
            const { title, fields } = registers[name];
            const rows = (await registry.list(name)).map(({ key, values }) => ({
              key,
              values,
              files: filesOf.get(`${name}/${key}`) ?? [],
              shown: fields.map((field) => showValue(field, values[field.key], language === 'en' ? 'en' : 'zh')),
            }));
            return [
              name,
              { title, columns: fields.map(({ key, label, kind }) => ({ key, label, kind: columnKinds[kind] ?? 'text' })), rows },
            ] as const;
          }),
        ),
      );
    },
  };
}

const rowFile = ({ attachmentId, fileName, contentType, sizeBytes, sha256, item }: Attachment): RowFile => ({
  ...{ attachmentId, fileName, contentType, sizeBytes, sha256 },
  ...(item === undefined ? {} : { item }),
});

/** The content of an attachment, for submissions. */
export function createAttachmentBodies({
  mongo,
  objects,
  config,
}: Pick<RegistryDependencies, 'mongo' | 'objects' | 'config'>): (attachmentId: string) => Promise<Uint8Array> {
  const attachments = createAttachments(mongo, objects, config.S3_BUCKET);
  return async (attachmentId) => {
    const found = await attachments.one(attachmentId);
    if (found === undefined) throw new CallCentreError('not-found', 'There is no such attachment.');
    const parts: Uint8Array[] = [];
    for await (const part of await attachments.read(found)) parts.push(part);
    return Buffer.concat(parts);
  };
}

/** One row of a register in force, for immediate decisions; identity numbers stay sealed. */
export function createRegisterRows({
  mongo,
}: Pick<RegistryDependencies, 'mongo'>): (register: string, key: string) => Promise<Values | undefined> {
  const entries = createMongoEntries(mongo);
  return async (name, key) => {
    const [register, entry] = [registerNamed(name), await entries.one(name, key)];
    return register !== undefined && entry !== undefined && inForce(register, entry) ? entry.values : undefined;
  };
}

/** All rows of a register in force. */
export function createRegisterList({ mongo }: Pick<RegistryDependencies, 'mongo'>): (register: string) => Promise<readonly Values[]> {
  const entries = createMongoEntries(mongo);
  return async (name) => {
    const register = registerNamed(name);
    return register === undefined ? [] : (await entries.all(name)).filter((entry) => inForce(register, entry)).map(({ values }) => values);
  };
}

/** Fills empty registers with a demo licensee. Rows that people wrote are never touched. */
export async function seedRegistryDemo(needs: Omit<RegistryDependencies, 'objects'> & Notifies): Promise<void> {
  const { entries, registry } = compose(needs);
  const start = systemClock.nowMs();
  const rows = demoRows((offset) => new Date(start + offset * 86_400_000).toISOString().slice(0, 10));
  for (const [name, list] of Object.entries(rows)) {
    const register = name as RegisterName;
    if ((await entries.all(register)).length > 0) continue;
    const heads = registers[register].fields.map(({ key }) => key);
    // The same path as a customer's sheet, so that a mistake in the demo fails here.
    const sheet = [heads, ...list.map((values) => heads.map((head) => cellOf(values[head])))];
    const report = await registry.importRows({ userId: 'system:demo', from: '' }, register, readImport(registers[register], sheet), false);
    if (report.bad.length > 0) throw new Error(`The demo rows of ${register} are not valid: ${JSON.stringify(report.bad[0])}`);
  }
}

const cellOf = (value: FieldValue | undefined): string =>
  value === undefined ? '' : Array.isArray(value) ? value.join(';') : typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value);
