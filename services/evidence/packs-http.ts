import { z } from 'zod';
import type { CommandBus } from '../shared/contracts/commands.js';
import { CallCentreError } from '../shared/domain/failure.js';
import { handled, route, type Audit, type Route } from '../shared/platform/route.js';
import type { CalendarDate } from './checks/calendar-date.js';
import { day, missing, period, personOf } from './http-parts.js';
import { languages } from '../shared/domain/language.js';
import type { Manifest, Verdict } from './pack/manifest.js';
import type { JobStore, PackRecord, PackStore } from './ports.js';

export interface PacksHttp {
  readonly packs: PackStore;
  readonly jobs: JobStore;
  readonly calendar: { today(): CalendarDate };
  readonly commands: CommandBus;
  readonly audit: Audit;
  readonly now: () => Date;
  /** A copy of the archive on this machine's disk, as it was sealed. */
  readonly archivePath: (pack: PackRecord) => Promise<string>;
  readonly verify: (path: string) => Promise<Verdict & { readonly manifest: Manifest; readonly keyFingerprint: string }>;
  readonly readFile: (path: string, name: string) => Promise<Uint8Array | undefined>;
}

/** Packs: ordered, listed, looked into, checked, downloaded, and said to be filed. */
export function createPacksHttp(needs: PacksHttp): Route[] {
  const { packs, jobs, calendar, commands, audit, archivePath, verify, readFile } = needs;
  return [
    route({
      method: 'get',
      path: '/evidence/packs',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'Sealed packs, newest first, and the jobs that go on.',
      handle: async () => ({ packs: await packs.all(), jobs: await jobs.recent() }),
    }),
    route({
      method: 'post',
      path: '/evidence/packs',
      right: 'evidence.make',
      reach: { kind: 'site' },
      summary: 'Orders a pack; the answer names the job, whose progress comes as the event `evidence.progress`.',
      body: period.extend({ kind: z.enum(['licence', 'inspection', 'annual']), language: z.enum(languages).default('zh-CN') }),
      handle: async ({ principal, body }) => commands.send('evidence.make-pack', { ...body, requestedBy: personOf(principal) }),
    }),
    route({
      method: 'post',
      path: '/evidence/packs/:packId/file',
      right: 'evidence.make',
      reach: { kind: 'site' },
      summary: 'Marks an annual pack of a whole year as filed; from then on it is what the next year is compared with, and never changes.',
      params: z.object({ packId: z.string().max(64) }),
      body: z.object({ filedOn: day, note: z.string().trim().min(1).max(500) }),
      handle: async ({ principal, params, body, from }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        const by = personOf(principal);
        const year = pack.annual?.year ?? 0;
        if (pack.from !== `${year}-01-01` || pack.to !== `${year}-12-31`)
          throw new CallCentreError('wrong-state', 'Only an annual pack from 1 January to 31 December can be filed.');
        if (body.filedOn <= pack.to || body.filedOn > calendar.today())
          throw new CallCentreError('invalid-request', 'It is filed after its year has ended, and not in the future.');
        if ((await packs.filedFor(year)) !== undefined) throw new CallCentreError('wrong-state', `The report for ${year} has been filed.`);
        await audit({
          who: by,
          what: 'annual-report.filed',
          object: pack.packId,
          from,
          success: true,
          after: { ...body, sha256: pack.sha256 },
        });
        if (!(await packs.file(pack.packId, { ...body, by, at: needs.now() })))
          throw new CallCentreError('wrong-state', 'This pack has been filed.');
        commands.send('evidence.probe-now', {}, { timeoutMs: 120_000 }).catch(() => undefined);
        return { packId: pack.packId, year };
      },
    }),
    route({
      method: 'get',
      path: '/evidence/jobs/:jobId',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'How far a job is.',
      params: z.object({ jobId: z.string().max(64) }),
      handle: async ({ params }) => (await jobs.one(params.jobId)) ?? missing('job'),
    }),
    route({
      method: 'get',
      path: '/evidence/packs/:packId/download',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'The archive.',
      params: z.object({ packId: z.string().max(64) }),
      handle: async ({ principal, params, from, response }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        await audit({ who: personOf(principal), what: 'pack.downloaded', object: pack.packId, from, success: true });
        response.attachment(pack.fileName).type('application/zip').setHeader('content-length', pack.sizeBytes);
        await response.stream(await packs.read(pack));
        return handled;
      },
    }),
    route({
      method: 'get',
      path: '/evidence/packs/:packId/verdict',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'What the verifier says to the stored archive, byte for byte, and the files in it.',
      params: z.object({ packId: z.string().max(64) }),
      handle: async ({ principal, params, from }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        await audit({ who: personOf(principal), what: 'pack.verified', object: pack.packId, from, success: true });
        const { manifest, ...verdict } = await verify(await archivePath(pack));
        return { ...verdict, packFiles: manifest.files, queries: manifest.queries, previous: manifest.previous };
      },
    }),
    route({
      method: 'get',
      path: '/evidence/packs/:packId/content',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'One file of the archive, as the manifest names it, for a look at it before the pack is handed over.',
      params: z.object({ packId: z.string().max(64) }),
      query: z.object({ name: z.string().max(200) }),
      handle: async ({ principal, params, query, from, response }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        await audit({ who: personOf(principal), what: 'pack.read', object: `${pack.packId} ${query.name}`, from, success: true });
        const bytes = (await readFile(await archivePath(pack), query.name)) ?? missing('file');
        // Never as a page of ours: what the browser does with it is decided by who asked.
        response.type('application/octet-stream').end(bytes);
        return handled;
      },
    }),
  ];
}
