import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Principal } from '../../shared/domain/rights.js';
import { withinReach, type ReachOf } from '../../shared/platform/reach.js';
import { route, type Audit, type Route } from '../../shared/platform/route.js';
import { deleteOne } from '../archive/keeper.js';
import type { DeletionStore, LockProbes, ObjectArchive, Recording, RecordingStore, RetentionSettings } from '../archive/ports.js';
import { belowMinimum, isRetentionClass, retentionClasses, type RetentionDays } from '../archive/retention.js';
import { newRequest, rightsKinds, whyNotDelete, type RightsRequestStore } from '../archive/rights-requests.js';
import type { LedgerVerdict } from '../ledger/ledger-check.js';
import type { LedgerStore, SheetStore } from '../ledger/ports.js';

export interface KeepingRoutesDependencies {
  readonly recordings: RecordingStore;
  readonly archive: ObjectArchive;
  readonly deletions: DeletionStore;
  readonly probes: LockProbes;
  readonly retention: RetentionSettings;
  readonly requests: RightsRequestStore;
  readonly ledger: LedgerStore;
  readonly sheets: SheetStore;
  readonly check: () => Promise<LedgerVerdict>;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly now: () => Date;
}

const callId = z.object({ callId: z.string().min(1).max(64) });
const days = z.int().min(1).max(3_660);
const reason = z.string().trim().min(3).max(300);

/** Retention, legal hold, deletion, requests of persons, and the ledger: for compliance. */
export function createKeepingHttp(deps: KeepingRoutesDependencies): Route[] {
  const { recordings, archive, deletions, reachOf, audit, now } = deps;

  async function find(principal: Principal | undefined, id: string): Promise<Recording> {
    const recording = await recordings.find(id);
    if (recording === undefined || !withinReach(await reachOf(principal), recording.facets))
      throw new CallCentreError('not-found', 'there is no such recording');
    return recording;
  }

  return [
    route({
      method: 'get',
      path: '/retention',
      right: 'evidence.read',
      reach: { kind: 'common' },
      summary: 'How long each class of recordings is kept, with the legal minimum and its basis.',
      handle: async () => {
        const set = await deps.retention.get();
        return {
          classes: Object.entries(retentionClasses).map(([name, rule]) => ({ name, ...rule, days: set[name as keyof RetentionDays] })),
        };
      },
    }),
    route({
      method: 'put',
      path: '/retention',
      right: 'recordings.delete',
      reach: { kind: 'site' },
      summary: 'Sets the days of each class for recordings made from now on; below the legal minimum is refused.',
      body: z.object({ outbound: days, inbound: days, complaint: days }),
      handle: async ({ principal, body, from }) => {
        const low = belowMinimum(body);
        const who = principal?.userId ?? '';
        await audit({ who, what: 'retention.changed', from, success: low.length === 0, before: await deps.retention.get(), after: body });
        if (low.length > 0)
          throw new CallCentreError('below-legal-minimum', 'the law asks for more days', {
            details: low.map((name) => ({
              field: name,
              minimumDays: retentionClasses[name].minimumDays,
              basis: retentionClasses[name].basis,
            })),
          });
        await deps.retention.set(body);
        return body;
      },
    }),
    route({
      method: 'post',
      path: '/recordings/:callId/holds',
      right: 'recordings.hold',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'A legal hold: the recording is not deleted while it lasts.',
      params: callId,
      body: z.object({ reason }),
      handle: async ({ principal, params, body, from }) => {
        const recording = await find(principal, params.callId);
        const who = principal?.userId ?? '';
        const hold = { id: randomUUID(), reason: body.reason, by: who, at: now().toISOString() };
        await audit({ who, what: 'recording.held', object: params.callId, from, success: true, reason: body.reason });
        if (!(await recordings.addHold(params.callId, hold))) throw new CallCentreError('not-found', 'this recording was deleted');
        if (recording.lockedUntil !== undefined) await archive.setLegalHold(recording.objectKey, recording.objectVersion, true);
        return hold;
      },
    }),
    route({
      method: 'delete',
      path: '/recordings/:callId/holds/:holdId',
      right: 'recordings.hold',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'Ends a legal hold.',
      params: callId.extend({ holdId: z.string().max(64) }),
      handle: async ({ principal, params, from }) => {
        const who = principal?.userId ?? '';
        await audit({ who, what: 'recording.released', object: params.callId, from, success: true, reason: params.holdId });
        await find(principal, params.callId);
        if (!(await recordings.removeHold(params.callId, params.holdId))) throw new CallCentreError('not-found', 'there is no such hold');
        const recording = await find(principal, params.callId);
        if (recording.holds.length === 0 && recording.lockedUntil !== undefined)
          await archive.setLegalHold(recording.objectKey, recording.objectVersion, false);
        return undefined;
      },
    }),
    route({
      method: 'get',
      path: '/recording-deletions',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'What was deleted, when, by whom and by which rule, newest first.',
      query: z.object({
        from: z.coerce.date().optional(),
        to: z.coerce.date().optional(),
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
      }),
      handle: async ({ query }) => ({ deletions: await deletions.list(query) }),
    }),
    route({
      method: 'get',
      path: '/lock-probes',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'The hourly attempts to remove and to change a locked object, and what the store answered.',
      query: z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(48) }),
      handle: async ({ query }) => ({ probes: await deps.probes.newest(query.limit) }),
    }),
    route({
      method: 'get',
      path: '/rights-requests',
      right: 'recordings.hold',
      reach: { kind: 'site' },
      summary: 'Requests of persons for a copy, deletion or explanation, by the day they are due.',
      query: z.object({
        state: z.enum(['open', 'granted', 'refused']).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      handle: async ({ query }) => ({ requests: await deps.requests.list(query) }),
    }),
    route({
      method: 'post',
      path: '/rights-requests',
      right: 'recordings.hold',
      reach: { kind: 'objects', named: ({ body }) => [{ of: 'call', id: body.callId }] },
      summary: 'Registers the request of a person about a recording; it is due in fifteen days.',
      body: z.object({ kind: z.enum(rightsKinds), callId: z.string().min(1).max(64), identifiedBy: z.string().trim().min(3).max(300) }),
      handle: async ({ principal, body, from }) => {
        await find(principal, body.callId);
        const who = principal?.userId ?? '';
        const request = newRequest({ id: randomUUID(), takenBy: who, ...body }, now());
        await audit({ who, what: 'rights-request.registered', object: request.id, from, success: true, reason: body.kind });
        await deps.requests.add(request);
        return request;
      },
    }),
    route({
      method: 'post',
      path: '/rights-requests/:id/answer',
      right: 'recordings.delete',
      reach: { kind: 'objects', named: async ({ params }) => [{ of: 'call', id: (await deps.requests.find(params.id))?.callId ?? '' }] },
      summary: 'Grants or refuses a request; a refusal has its reason. A granted deletion deletes now.',
      params: z.object({ id: z.string().max(64) }),
      body: z.object({ granted: z.boolean(), text: reason }),
      handle: async ({ principal, params, body, from }) => {
        const request = await deps.requests.find(params.id);
        if (request === undefined) throw new CallCentreError('not-found', 'there is no such request');
        if (request.state !== 'open') throw new CallCentreError('wrong-state', 'this request is answered already');
        const who = principal?.userId ?? '';
        if (body.granted && request.kind === 'delete') {
          const recording = await find(principal, request.callId);
          const name = isRetentionClass(recording.retentionClass) ? recording.retentionClass : 'inbound';
          const why = whyNotDelete(recording, retentionClasses[name].minimumDays, now());
          if (why === 'below-legal-minimum')
            throw new CallCentreError(why, 'the law asks for this recording to be kept longer', {
              details: { basis: retentionClasses[name].basis },
            });
          if (why !== undefined)
            throw new CallCentreError('wrong-state', 'this recording is held or deleted already', { details: { why } });
          await deleteOne({ recordings, archive, deletions, audit }, recording, {
            now: now(),
            by: who,
            rule: `request ${request.id} of the person`,
          });
        }
        const state = body.granted ? 'granted' : 'refused';
        await audit({ who, what: `rights-request.${state}`, object: request.id, from, success: true, reason: body.text });
        await deps.requests.answer(request.id, state, { at: now().toISOString(), by: who, text: body.text });
        return deps.requests.find(request.id);
      },
    }),
    route({
      method: 'get',
      path: '/ledger/days',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'The sealed sheets of the recording ledger, newest first.',
      query: z.object({ limit: z.coerce.number().int().min(1).max(400).default(31) }),
      handle: async ({ query }) => {
        const all = [];
        for await (const sheet of deps.sheets.inOrder()) all.push(sheet);
        return { days: all.reverse().slice(0, query.limit) };
      },
    }),
    route({
      method: 'get',
      path: '/ledger/calls/:callId',
      right: 'recordings.play',
      reach: { kind: 'object', of: 'call', param: 'callId' },
      summary: 'The ledger row of a call: its number, its witnesses and the account of each second.',
      params: callId,
      handle: async ({ principal, params }) => {
        const reach = await reachOf(principal);
        // A call without a recording is in nobody's queue: whoever is bound to some does not see it.
        if (!withinReach(reach, (await recordings.find(params.callId))?.facets ?? {}))
          throw new CallCentreError('not-found', 'the ledger has no such call');
        const row = await deps.ledger.ofCall(params.callId);
        if (row === undefined) throw new CallCentreError('not-found', 'the ledger has no such call');
        const { media: _media, ...view } = row;
        return view;
      },
    }),
    route({
      method: 'post',
      path: '/ledger/check',
      right: 'evidence.read',
      reach: { kind: 'site' },
      summary: 'Recomputes the ledger and compares it with its sealed sheets, their copies and the archive.',
      handle: async ({ principal, from }) => {
        const verdict = await deps.check();
        await audit({ who: principal?.userId ?? '', what: 'ledger.checked', from, success: verdict.ok });
        return verdict;
      },
    }),
  ];
}
