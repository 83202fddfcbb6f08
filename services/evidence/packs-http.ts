import { CallCentreError } from '../shared/domain/failure.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { CalendarDate } from '../shared/domain/time/calendar-date.js';
import { missing } from './http-parts.js';
import { RECORDINGS } from './pack/drawn-recordings.js';
import type { PackVerdict } from './pack/manifest.js';
import { createOrderHttp, refuseSound, type OrderHttp } from './pack-order-http.js';
import type { JobStore, PackRecord, PackStore } from './ports.js';

export interface PacksHttp extends OrderHttp {
  readonly packs: PackStore;
  readonly jobs: JobStore;
  readonly calendar: OrderHttp['calendar'] & { today(): CalendarDate };
  readonly audit: Audit;
  readonly now: () => Date;
  /** A copy of the archive on this machine's disk, as it was sealed. */
  readonly archivePath: (pack: PackRecord) => Promise<string>;
  readonly verify: (path: string) => Promise<PackVerdict>;
  readonly readFile: (path: string, name: string) => Promise<Uint8Array | undefined>;
}

/** Packs: order, list, view, check, download, and mark as filed. */
export function createPacksHttp(needs: PacksHttp): Route[] {
  const { packs, jobs, calendar, commands, audit, archivePath, verify, readFile } = needs;
  return [
    route('GET /evidence/packs', {
      reach: { kind: 'site' },
      handle: async () => ({ packs: await packs.all(), jobs: await jobs.recent() }),
    }),
    ...createOrderHttp(needs),
    route('POST /evidence/packs/:packId/file', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        const by = principal.userId;
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
    route('GET /evidence/jobs/:jobId', {
      reach: { kind: 'site' },
      handle: async ({ params }) => (await jobs.one(params.jobId)) ?? missing('job'),
    }),
    route('GET /evidence/packs/:packId/download', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, from, response }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        if (pack.drawn !== undefined) refuseSound(principal);
        await audit({ who: principal.userId, what: 'pack.downloaded', object: pack.packId, from, success: true });
        response.attachment(pack.fileName).type('application/zip').setHeader('content-length', pack.sizeBytes);
        await response.stream(await packs.read(pack));
        return handled;
      },
    }),
    route('GET /evidence/packs/:packId/verdict', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, from }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        await audit({ who: principal.userId, what: 'pack.verified', object: pack.packId, from, success: true });
        const { manifest, ...verdict } = await verify(await archivePath(pack));
        return { ...verdict, packFiles: manifest.files, queries: manifest.queries, previous: manifest.previous };
      },
    }),
    route('GET /evidence/packs/:packId/content', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, query, from, response }) => {
        const pack = (await packs.one(params.packId)) ?? missing('pack');
        if (query.name.startsWith(RECORDINGS)) refuseSound(principal);
        await audit({ who: principal.userId, what: 'pack.read', object: `${pack.packId} ${query.name}`, from, success: true });
        const bytes = (await readFile(await archivePath(pack), query.name)) ?? missing('file');
        // Never served as a page of ours: the person who asked decides what the browser does with it.
        response.type('application/octet-stream').end(bytes);
        return handled;
      },
    }),
  ];
}
