import { stringify } from 'csv-stringify/sync';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
import { showValue } from './field.js';
import { named, writtenBy, type NameOf } from './named.js';
import type { AttachmentStore, EntryStore, ReadImportFile } from './ports.js';
import type { Register } from './register.js';
import { registerNamed, registers } from './registers.js';
import type { Person } from './ports.js';
import type { Registry } from './registry-service.js';

export interface RegistryHttp {
  readonly registry: Registry;
  readonly entries: EntryStore;
  readonly attachments: AttachmentStore;
  readonly readImportFile: ReadImportFile;
  /** The workbook that a register is filled in with. */
  readonly sampleSheet: (name: string, register: Register) => Promise<Uint8Array>;
  readonly audit: Audit;
  readonly nameOf: NameOf;
  readonly newId: () => string;
  readonly now: () => Date;
}

export const createRoutes = (needs: RegistryHttp): Route[] => [
  ...registerRoutes(needs),
  ...attachmentRoutes(needs),
  withdrawal(needs),
  ...entryRoutes(needs),
  ...sheetRoutes(needs),
];

const registerRoutes = ({ entries }: RegistryHttp): Route[] => [
  route('GET /licence', {
    reach: { kind: 'public' },
    handle: async () => ({ number: (await entries.all('licence'))[0]?.key ?? null }),
  }),
  route('GET /registry', {
    reach: { kind: 'common' },
    handle: async () => ({
      registers: Object.entries<Register>(registers).map(([name, { title, keyField, fields, approval }]) => ({
        name,
        title,
        keyField,
        ...(approval === undefined ? {} : { approval }),
        fields: fields.map(({ key, label, kind, required, choices }) => ({ key, label, kind, required, choices })),
      })),
    }),
  }),
];

const attachmentRoutes = ({ registry, attachments, audit, newId, now }: RegistryHttp): Route[] => [
  route('GET /registry/attachments/list', {
    reach: { kind: 'site' },
    handle: async ({ query }) => ({ attachments: await attachments.list(query.register, query.key) }),
  }),
  route('POST /registry/attachments', {
    reach: { kind: 'site' },
    handle: async ({ principal, query: { item, ...query }, from, request, upload }) => {
      const person = personOf(principal, from);
      await registry.read(query.register, query.key);
      const body = await upload.file(query.fileName);
      await audit({ who: person.userId, what: 'registry.attached', object: `${query.register}/${query.key}`, from, success: true });
      return attachments.put(
        {
          ...query,
          ...(item === undefined ? {} : { item }),
          attachmentId: newId(),
          contentType: request.get('content-type') ?? 'application/octet-stream',
          uploadedAt: now(),
          uploadedBy: person.userId,
        },
        body,
      );
    },
  }),
  route('GET /registry/attachments/:attachmentId', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, from, response }) => {
      const found = await attachments.one(params.attachmentId);
      if (found === undefined) throw new CallCentreError('not-found', 'There is no such attachment.');
      await audit({
        who: personOf(principal, from).userId,
        what: 'registry.attachment-read',
        object: found.attachmentId,
        from,
        success: true,
      });
      // Always a download, because an uploaded page must not run under this origin.
      response.attachment(found.fileName).setHeader('content-type', 'application/octet-stream');
      await response.stream(await attachments.read(found));
      return handled;
    },
  }),
];

const withdrawal = ({ attachments, audit, now }: RegistryHttp): Route =>
  route('POST /registry/attachments/:attachmentId/withdraw', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, from }) => {
      const found = await attachments.one(params.attachmentId);
      if (found === undefined) throw new CallCentreError('not-found', 'There is no such attachment.');
      const { userId } = personOf(principal, from);
      const object = `${found.register}/${found.key} ${found.attachmentId}`;
      await audit({ who: userId, what: 'registry.attachment-withdrawn', object, from, success: true, before: { sha256: found.sha256 } });
      await attachments.withdraw(found.attachmentId, userId, now());
    },
  });

const entryRoutes = ({ registry, entries, attachments, nameOf }: RegistryHttp): Route[] => [
  route('GET /registry/:register', {
    reach: { kind: 'site' },
    handle: async ({ params }) => {
      const rows = await registry.list(params.register);
      // Only where a second person decides does the list say who wrote what: long registers are read often.
      const isApproved = registerNamed(params.register)?.approval === true;
      return { entries: isApproved ? await Promise.all(rows.map((row) => named(row, nameOf))) : rows };
    },
  }),
  route('POST /registry/:register', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, body, from }) => registry.write(personOf(principal, from), params.register, body.values, 0),
  }),
  route('GET /registry/:register/entries/:key', {
    reach: { kind: 'site' },
    handle: async ({ params }) => ({
      entry: await named(await registry.read(params.register, params.key), nameOf),
      // Author and time; old identity numbers stay sealed.
      history: await Promise.all(
        (await entries.history(params.register, params.key)).map(({ revision, updatedAt, updatedBy, values }) =>
          writtenBy({ revision, updatedAt, updatedBy, removed: values === undefined }, nameOf),
        ),
      ),
      attachments: await attachments.list(params.register, params.key),
    }),
  }),
  route('PUT /registry/:register/entries/:key', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, body, from }) =>
      registry.write(personOf(principal, from), params.register, body.values, body.revision, params.key),
  }),
  route('POST /registry/:register/batch', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, body: { rows, commit }, from }) =>
      registry.batch(personOf(principal, from), params.register, rows, commit),
  }),
  route('POST /registry/:register/entries/:key/approve', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, body, from }) =>
      registry.approve(personOf(principal, from), params.register, params.key, body.revision),
  }),
  route('DELETE /registry/:register/entries/:key', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, from }) => registry.remove(personOf(principal, from), params.register, params.key),
  }),
  route('POST /registry/:register/entries/:key/reveal', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, body, from }) => ({
      value: await registry.reveal(personOf(principal, from), params.register, params.key, body.field, body.reason),
    }),
  }),
];

const sheetRoutes = ({ registry, readImportFile, sampleSheet, audit }: RegistryHttp): Route[] => [
  route('POST /registry/:register/import', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, query, from, upload }) => {
      if (registerNamed(params.register) === undefined) throw new CallCentreError('not-found', 'There is no such register.');
      return registry.importRows(
        personOf(principal, from),
        params.register,
        await readImportFile({ register: params.register, bytes: await upload.bytes() }),
        query.dryRun === 'yes',
      );
    },
  }),
  route('GET /registry/:register/sample.xlsx', {
    reach: { kind: 'common' },
    handle: async ({ params, response }) => {
      const found = registerNamed(params.register);
      if (found === undefined) throw new CallCentreError('not-found', 'There is no such register.');
      const sheet = await sampleSheet(params.register, found);
      response.attachment(`${found.title.zh}-导入模板.xlsx`).type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet');
      response.end(sheet);
      return handled;
    },
  }),
  route('GET /registry/:register/export.csv', {
    reach: { kind: 'site' },
    handle: async ({ principal, params, from, response }) => {
      const found = registerNamed(params.register);
      if (found === undefined) throw new CallCentreError('not-found', 'There is no such register.');
      const fields = found.fields.filter(({ kind }) => kind !== 'identity');
      const list = await registry.list(params.register);
      await audit({ who: personOf(principal, from).userId, what: 'registry.exported', object: params.register, from, success: true });
      response.attachment(`${params.register}.csv`).type('text/csv');
      // The byte order mark makes office programs read UTF-8; a leading apostrophe keeps them from running a cell as a formula.
      response.end(
        `\u{feff}${stringify(
          [fields.map(({ label }) => label.zh), ...list.map(({ values }) => fields.map((field) => showValue(field, values[field.key])))],
          { escape_formulas: true },
        )}`,
      );
      return handled;
    },
  }),
];

function personOf(principal: Principal | undefined, from: string): Person {
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
  return { userId: principal.userId, from };
}
