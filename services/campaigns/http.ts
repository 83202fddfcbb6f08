import { unfilledPlaces } from '../shared/domain/calls/campaign-script.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import { isScoped, type ReachesObject } from '../shared/platform/reach/reach.js';
import { route, type Audit, type Route } from '../shared/platform/http/route.js';
import type { Campaign, CampaignRow } from './campaign.js';
import { campaignReach, placesOf } from './campaign-reach.js';
import type { By, CampaignService } from './campaign-service.js';
import type { CallingOut, CampaignStore, NewRow, RowStore } from './ports.js';
import type { ReadRows, RefusedRow } from './row-import.js';
import type { AgentId } from '../shared/domain/ids.js';
import { createResultRoutes } from './results-http.js';
import type { createRowSteps } from './row-steps.js';
import { seldomCounted } from './seldom-counted.js';

export interface CampaignsHttp {
  readonly campaigns: CampaignStore;
  readonly rows: RowStore;
  readonly service: CampaignService;
  readonly steps: Pick<ReturnType<typeof createRowSteps>, 'call' | 'hold' | 'skip'>;
  readonly callingOut: Pick<CallingOut, 'standing'>;
  readonly readRowFile: (bytes: Uint8Array) => Promise<ReadRows & { readonly sha256: string }>;
  readonly reaches: Pick<ReachesObject, 'queue' | 'number'>;
  readonly hashNumber: NumberHash;
  readonly audit: Audit;
  /** The time zone of the site. */
  readonly zone: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** The number of rows that are checked against the stores and written at a time. */
const PORTION = 1_000;
/** After this time other agents of the queue may make a promised call when its agent is not there. */
const WANTED_FOR_MS = 24 * 3_600_000;
/** A promise keeps the person's number stored, so nobody may promise a call for next year. */
const LONGEST_PROMISE_MS = 31 * 24 * 3_600_000;

const portions = <T>(rows: readonly T[]): (readonly T[])[] =>
  Array.from({ length: Math.ceil(rows.length / PORTION) }, (_, i) => rows.slice(i * PORTION, (i + 1) * PORTION));
const byOf = ({ userId, name }: Principal): By => ({ by: userId, byName: name });

const shown = ({
  campaignId: _c,
  importId: _i,
  numberHash: _h,
  contact: _contact,
  offer: _o,
  attempts = [],
  lapses: _lapses,
  callId: reserved,
  complaintIds: _ids,
  lookAt: _l,
  wantedUntil: _w,
  ...row
}: CampaignRow) => {
  // An agent is reserved under the id of a call that may never be dialled, and then has no page.
  const callId = row.state === 'dialling' ? reserved : attempts.at(-1)?.callId;
  return { ...row, ...(callId === undefined ? {} : { callId }) };
};

const isOver = ({ state }: Pick<Campaign, 'state'>): boolean => state === 'stopped' || state === 'finished';
const over = (): CallCentreError => new CallCentreError('wrong-state', 'The campaign is over.');

/** Campaigns for supervisors, and the actions of an agent on a presented row. */
export const createCampaignRoutes = (deps: CampaignsHttp): Route[] => [
  ...supervisorRoutes(deps),
  ...createResultRoutes(deps),
  importRoute(deps),
  ...agentRoutes(deps),
];

function supervisorRoutes({ campaigns, rows, service, reaches, hashNumber, audit }: CampaignsHttp): Route[] {
  const reach = campaignReach(campaigns);
  const counts = seldomCounted(
    (id) => rows.counts(id),
    () => performance.now(),
  );
  async function within(principal: Principal, all: readonly Campaign[]): Promise<readonly Campaign[]> {
    if (!isScoped(principal)) return all;
    const seen = await Promise.all(
      all.map(
        async ({ queueId, from }) => (await reaches.queue(principal, queueId, 'read')) && (await reaches.number(principal, from, 'read')),
      ),
    );
    return all.filter((_campaign, i) => seen[i] === true);
  }

  return [
    route('GET /campaigns', {
      reach: { kind: 'filtered' },
      handle: async ({ principal }) => {
        const seen = await within(principal, await campaigns.all());
        return {
          campaigns: await Promise.all(
            seen.map(async ({ by: _by, changedBy: _changedBy, ...campaign }) => ({ ...campaign, counts: await counts(campaign.id) })),
          ),
        };
      },
    }),
    route('POST /campaigns', {
      reach: { kind: 'objects', named: ({ body }) => placesOf(body) },
      handle: async ({ principal, body, from }) => {
        await audit({ who: principal.userId, what: 'campaign.made', from, success: true, after: body });
        return { id: await service.make(body, byOf(principal)) };
      },
    }),
    route('PUT /campaigns/:id', {
      reach: { ...reach, named: async (asked) => [...(await reach.named(asked)), ...placesOf(asked.body)] },
      handle: async ({ principal, params, body, from }) => {
        const before = await service.one(params.id);
        await audit({
          who: principal.userId,
          what: 'campaign.changed',
          object: `campaign:${params.id}`,
          from,
          success: true,
          before,
          after: body,
        });
        await service.configure(params.id, body);
      },
    }),
    route('GET /campaigns/:id/rows', {
      reach,
      looksUp: ({ query }) => query.number,
      handle: async ({ params, query: { number, ...query } }) => {
        // A text that is no number finds nobody, instead of everybody.
        const person = number === undefined ? {} : { numberHash: hashNumber(number) ?? '' };
        const { rows: found, total } = await rows.list({ campaignId: params.id, ...query, ...person });
        return { rows: found.map(shown), total };
      },
    }),
    route('POST /campaigns/:id/start', {
      reach,
      handle: async ({ principal, params, body: { reason }, from }) => {
        const { state } = await service.one(params.id);
        const entry = { who: principal.userId, what: 'campaign.started' as const, object: `campaign:${params.id}`, from };
        if (state === 'paused' && reason === undefined) {
          await audit({ ...entry, success: false, reason: 'reason-required' });
          throw new CallCentreError('reason-required', 'Resuming a paused campaign needs a reason.');
        }
        await audit({ ...entry, success: true, ...(reason === undefined ? {} : { reason }), before: { state } });
        await service.start(params.id, byOf(principal));
      },
    }),
    route('POST /campaigns/:id/pause', {
      reach,
      handle: async ({ principal, params, body: { reason }, from }) => {
        await audit({ who: principal.userId, what: 'campaign.paused', object: `campaign:${params.id}`, from, success: true, reason });
        await service.pause(params.id, { ...byOf(principal), reason });
      },
    }),
    route('POST /campaigns/:id/stop', {
      reach,
      handle: async ({ principal, params, body: { reason }, from }) => {
        await audit({ who: principal.userId, what: 'campaign.stopped', object: `campaign:${params.id}`, from, success: true, reason });
        await service.stop(params.id, { ...byOf(principal), reason });
      },
    }),
  ];
}

function importRoute({ campaigns, rows, service, callingOut, readRowFile, hashNumber, audit, now, newId }: CampaignsHttp): Route {
  /** Finds rows that the campaign has already, and rows that the lists refuse. The rest is good. */
  async function compared(
    campaign: Campaign,
    listed: readonly NewRow[],
  ): Promise<{ readonly good: NewRow[]; readonly refused: RefusedRow[] }> {
    const good: NewRow[] = [];
    const refused: RefusedRow[] = [];
    for (const portion of portions(listed)) {
      const hashes = portion.map(({ numberHash }) => numberHash);
      const [known, against] = await Promise.all([rows.known(campaign.id, hashes), callingOut.standing(hashes, campaign)]);
      for (const row of portion) {
        const fault = known.has(row.numberHash) ? 'known' : against.get(row.numberHash);
        if (fault === undefined) good.push(row);
        else refused.push({ line: row.line, fault });
      }
    }
    return { good, refused };
  }

  return route('POST /campaigns/:id/import', {
    reach: campaignReach(campaigns),
    handle: async ({ principal, params, query: { fileName, commit }, from, upload }) => {
      const campaign = await service.one(params.id);
      if (isOver(campaign)) throw over();
      const list = await readRowFile(await upload.bytes());
      if (list.missing.length > 0)
        throw new CallCentreError('invalid-request', `Columns are missing: ${list.missing.join(', ')}.`, {
          details: { columns: list.missing },
        });
      const { sha256, unread, fields } = list;
      const unfilled = unfilledPlaces(campaign.script, list);
      const hashed = list.rows.map((row) => ({ ...row, numberHash: hashNumber(row.contact.number) ?? '' }));
      const { good, refused: against } = await compared(campaign, hashed);
      const refused = [...list.refused, ...against].sort((a, b) => a.line - b.line);
      const counts = { rows: list.rows.length + list.refused.length, good: good.length, sha256 };
      if (commit !== 'yes') return { ...counts, refused, fields, unfilled, unread, committed: false };
      const importId = newId();
      const after = { fileName, ...counts, importId, refused: refused.length };
      await audit({ who: principal.userId, what: 'campaign.list-imported', object: `campaign:${params.id}`, from, success: true, after });
      const at = now();
      for (const portion of portions(good)) await rows.addMany({ campaignId: params.id, importId, at }, portion);
      // Somebody who ended the campaign meanwhile erased only the rows that were there at that moment.
      if (isOver(await service.one(params.id))) {
        await rows.erase(params.id);
        throw over();
      }
      return { ...counts, refused, fields, unfilled, unread, committed: true };
    },
  });
}

/** No wrap-up lasts longer: later nobody reads the name and the note of a row by the id of a call. */
const CARD_AFTER_CALL_MS = 3_600_000;

/** Whether the agent still has the card: during the own call, and soon after it when the person was reached. */
function stillHasCard({ agentId, state, outcome, wantedAgentId, triedAt }: CampaignRow, own: AgentId, now: Date): boolean {
  if (agentId !== own) return false;
  if (state === 'dialling') return true;
  if (outcome !== 'reached' || triedAt === undefined || now.getTime() - triedAt.getTime() > CARD_AFTER_CALL_MS) return false;
  return state === 'done' || (state === 'waiting' && wantedAgentId === own);
}

/** For every request from an agent: the row, or the call, must be the agent's own. */
function agentRoutes({ campaigns, rows, steps, audit, now }: CampaignsHttp): Route[] {
  return [
    route('GET /campaign-offer', {
      reach: { kind: 'self' },
      handle: async ({ principal, query: { wrapUpOf } }) => {
        const inHand = await rows.inHandOf(principal.userId);
        // A row that waits for a decision comes first.
        const wrapped = wrapUpOf === undefined || inHand?.state === 'presented' ? undefined : await rows.ofCall(wrapUpOf);
        const row = wrapped !== undefined && stillHasCard(wrapped, principal.userId, now()) ? wrapped : inHand;
        const campaign = row === undefined ? undefined : await campaigns.one(row.campaignId);
        if (row?.contact === undefined || row.callId === undefined || campaign === undefined) return { offer: null };
        if (row.state !== 'presented' && row.state !== 'dialling' && isOver(campaign)) return { offer: null };
        const { mode, purpose, from, script } = campaign;
        const { name, note, fields = [] } = row.contact;
        return {
          offer: {
            ...{ rowId: row.id, callId: row.callId, campaign: campaign.name, mode, purpose, from, script, name, note, fields },
            ...{ numberMasked: row.numberMasked, tries: row.tries, serverNow: now() },
            ...(row.offer === undefined ? {} : { until: row.offer.until }),
            ...(row.offer?.dialAt === undefined ? {} : { dialAt: row.offer.dialAt }),
            ...(row.state !== 'presented' && row.wantedAgentId !== undefined ? { againAt: row.notBefore } : {}),
          },
        };
      },
    }),
    route('POST /campaign-offer/:rowId/call', {
      reach: { kind: 'self' },
      handle: async ({ principal, params }) => steps.call(params.rowId, principal.userId),
    }),
    route('POST /campaign-offer/:rowId/hold', {
      reach: { kind: 'self' },
      handle: async ({ principal, params }) => steps.hold(params.rowId, principal.userId),
    }),
    route('POST /campaign-offer/:rowId/skip', {
      reach: { kind: 'self' },
      handle: async ({ principal, params, body: { reason }, from }) => {
        await audit({
          who: principal.userId,
          what: 'campaign.row-skipped',
          object: `campaign-row:${params.rowId}`,
          from,
          success: true,
          reason,
        });
        await steps.skip(params.rowId, principal.userId, reason);
      },
    }),
    route('POST /campaign-offer/:callId/again', {
      reach: { kind: 'self' },
      handle: async ({ principal, params, body: { at } }) => {
        if (at <= now()) throw new CallCentreError('invalid-request', 'The time has passed.', { details: [{ at: 'at' }] });
        if (at.getTime() - now().getTime() > LONGEST_PROMISE_MS)
          throw new CallCentreError('invalid-request', 'The time is more than 31 days from now.', { details: [{ at: 'at' }] });
        const row = await rows.ofCall(params.callId);
        const campaign = row === undefined ? undefined : await campaigns.one(row.campaignId);
        const wantedUntil = new Date(at.getTime() + WANTED_FOR_MS);
        if (
          row === undefined ||
          campaign === undefined ||
          isOver(campaign) ||
          !(await rows.again(row.id, principal.userId, { notBefore: at, wantedUntil }))
        )
          throw new CallCentreError('not-found', 'There is no such live campaign call.');
      },
    }),
  ];
}
