import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/rights.js';
import { handled, route, type Audit, type Route } from '../shared/platform/route.js';
import { showValue } from './field.js';
import type { AttachmentStore, EntryStore, ReadImportFile } from './ports.js';
import type { Register } from './register.js';
import { registerNamed, registers } from './registers.js';
import type { Person, Registry } from './registry-service.js';

const MAX_SHEET_BYTES = 20 * 1024 * 1024;
const MAX_ATTACHMENT_BYTES = 50 * 1024 * 1024;

const register = z.object({ register: z.string().max(40) });
const row = register.extend({ key: z.string().min(1).max(200) });

export interface RegistryHttp {
  readonly registry: Registry;
  readonly entries: EntryStore;
  readonly attachments: AttachmentStore;
  readonly readImportFile: ReadImportFile;
  readonly audit: Audit;
  readonly newId: () => string;
  readonly now: () => Date;
}

export function createRoutes({ registry, entries, attachments, readImportFile, audit, newId, now }: RegistryHttp): Route[] {
  const rows: Route[] = [
    route({
      method: 'get',
      path: '/licence',
      right: 'public',
      reach: { kind: 'public' },
      summary: 'The number of the licence, which every page shows; null while none is registered.',
      handle: async () => ({ number: (await entries.all('licence'))[0]?.key ?? null }),
    }),
    route({
      method: 'get',
      path: '/registry',
      right: 'registry.read',
      reach: { kind: 'common' },
      summary: 'The registers with their columns: what forms and tables are made from.',
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
    route({
      method: 'get',
      path: '/registry/attachments/list',
      right: 'registry.read',
      reach: { kind: 'site' },
      summary: 'Attachments, of one register or row if asked.',
      query: z.object({ register: z.string().max(40).optional(), key: z.string().max(200).optional() }),
      handle: async ({ query }) => ({ attachments: await attachments.list(query.register, query.key) }),
    }),
    route({
      method: 'post',
      path: '/registry/attachments',
      right: 'registry.edit',
      reach: { kind: 'site' },
      summary: 'Adds an attachment (the raw body) to a row.',
      query: z.object({ register: z.string().max(40), key: z.string().max(200), fileName: z.string().min(1).max(200) }),
      uploadBytes: MAX_ATTACHMENT_BYTES,
      handle: async ({ principal, query, from, request, upload }) => {
        const person = personOf(principal, from);
        await registry.read(query.register, query.key);
        const body = await upload.file(query.fileName);
        await audit({ who: person.userId, what: 'registry.attached', object: `${query.register}/${query.key}`, from, success: true });
        return attachments.put(
          {
            ...query,
            attachmentId: newId(),
            contentType: request.get('content-type') ?? 'application/octet-stream',
            uploadedAt: now(),
            uploadedBy: person.userId,
          },
          body,
        );
      },
    }),
    route({
      method: 'get',
      path: '/registry/attachments/:attachmentId',
      right: 'registry.read',
      reach: { kind: 'site' },
      summary: 'The body of an attachment.',
      params: z.object({ attachmentId: z.string().max(64) }),
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
        // Always a download: an uploaded page must not run under this origin.
        response.attachment(found.fileName).setHeader('content-type', 'application/octet-stream');
        await response.stream(await attachments.read(found));
        return handled;
      },
    }),
    route({
      method: 'get',
      path: '/registry/:register',
      right: 'registry.read',
      reach: { kind: 'site' },
      summary: 'All rows of a register. Identity numbers are masked.',
      params: register,
      handle: async ({ params }) => ({ entries: await registry.list(params.register) }),
    }),
    route({
      method: 'post',
      path: '/registry/:register',
      right: 'registry.edit',
      reach: { kind: 'site' },
      summary: 'Adds a row.',
      params: register,
      body: z.object({ values: z.record(z.string(), z.unknown()) }),
      handle: async ({ principal, params, body, from }) => registry.write(personOf(principal, from), params.register, body.values, 0),
    }),
    route({
      method: 'get',
      path: '/registry/:register/entries/:key',
      right: 'registry.read',
      reach: { kind: 'site' },
      summary: 'One row with its history and attachments.',
      params: row,
      handle: async ({ params }) => ({
        entry: await registry.read(params.register, params.key),
        // Who and when; old identity numbers stay sealed.
        history: (await entries.history(params.register, params.key)).map(({ revision, updatedAt, updatedBy, values }) => ({
          revision,
          updatedAt,
          updatedBy,
          removed: values === undefined,
        })),
        attachments: await attachments.list(params.register, params.key),
      }),
    }),
    route({
      method: 'put',
      path: '/registry/:register/entries/:key',
      right: 'registry.edit',
      reach: { kind: 'site' },
      summary: 'Changes a row; `revision` is the one that was read, and a newer one in the store refuses the change.',
      params: row,
      body: z.object({ revision: z.int().positive(), values: z.record(z.string(), z.unknown()) }),
      handle: async ({ principal, params, body, from }) =>
        registry.write(personOf(principal, from), params.register, body.values, body.revision, params.key),
    }),
    route({
      method: 'post',
      path: '/registry/:register/entries/:key/approve',
      right: 'outbound.edit',
      reach: { kind: 'site' },
      summary: 'Takes a row into force that somebody else wrote; `revision` is the one that was read. A later change ends the approval.',
      params: row,
      body: z.object({ revision: z.int().positive() }),
      handle: async ({ principal, params, body, from }) =>
        registry.approve(personOf(principal, from), params.register, params.key, body.revision),
    }),
    route({
      method: 'delete',
      path: '/registry/:register/entries/:key',
      right: 'registry.edit',
      reach: { kind: 'site' },
      summary: 'Removes a row; its history stays.',
      params: row,
      handle: async ({ principal, params, from }) => registry.remove(personOf(principal, from), params.register, params.key),
    }),
    route({
      method: 'post',
      path: '/registry/:register/entries/:key/reveal',
      right: 'registry.edit',
      reach: { kind: 'site' },
      summary: 'One identity number in clear, for a reason that is kept.',
      params: row,
      body: z.object({ field: z.string().max(40), reason: z.string().trim().min(4).max(200) }),
      handle: async ({ principal, params, body, from }) => ({
        value: await registry.reveal(personOf(principal, from), params.register, params.key, body.field, body.reason),
      }),
    }),
  ];

  const sheets: Route[] = [
    route({
      method: 'post',
      path: '/registry/:register/import',
      right: 'registry.edit',
      reach: { kind: 'site' },
      summary: 'Imports a CSV or XLSX sheet whole or not at all; the answer names every bad line. `dryRun=yes` only checks.',
      params: register,
      query: z.object({ dryRun: z.enum(['yes', 'no']).default('no') }),
      uploadBytes: MAX_SHEET_BYTES,
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
    route({
      method: 'get',
      path: '/registry/:register/export.csv',
      right: 'registry.read',
      reach: { kind: 'site' },
      summary: 'The register as CSV that can be imported again; identity numbers are left out.',
      params: register,
      handle: async ({ principal, params, from, response }) => {
        const found = registerNamed(params.register);
        if (found === undefined) throw new CallCentreError('not-found', 'There is no such register.');
        const fields = found.fields.filter(({ kind }) => kind !== 'identity');
        const list = await registry.list(params.register);
        await audit({ who: personOf(principal, from).userId, what: 'registry.exported', object: params.register, from, success: true });
        response.attachment(`${params.register}.csv`).type('text/csv');
        // The mark makes office programs read UTF-8; a leading apostrophe keeps them from running a cell as a formula.
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
  return [...rows, ...sheets];
}

function personOf(principal: Principal | undefined, from: string): Person {
  if (principal === undefined) throw new CallCentreError('not-signed-in', 'Please sign in.');
  return { userId: principal.userId, from };
}
