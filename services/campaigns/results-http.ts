import { CAMPAIGN_WORKBOOK_ROWS } from '../shared/contracts/api/calling-out/campaigns.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
import { hourIn } from './adapters/site-hour.js';
import { rowSheet, rowSheetHead, rowWorkbook } from './adapters/row-sheet.js';
import type { CampaignRow } from './campaign.js';
import { campaignReach } from './campaign-reach.js';
import type { CampaignStore, RowQuery, RowStore } from './ports.js';
import { createResults } from './results.js';

export interface ResultsHttp {
  readonly campaigns: CampaignStore;
  readonly rows: RowStore;
  readonly audit: Audit;
  /** The time zone of the site. */
  readonly zone: string;
}

/** What came of a campaign: its rows as a file, with masked numbers, and its attempts by agent and by hour of the day. */
export function createResultRoutes({ campaigns, rows, audit, zone }: ResultsHttp): Route[] {
  const reach = campaignReach(campaigns);
  const exported = ({ userId }: Principal, id: string, from: string, after: { readonly form: 'csv' | 'xlsx'; readonly rows: number }) =>
    audit({ who: userId, what: 'campaign.exported', object: `campaign:${id}`, from, success: true, after });

  return [
    route('GET /campaigns/:id/rows.csv', {
      reach,
      handle: async ({ principal, params: { id }, query, from, response }) => {
        const wanted: RowQuery = { campaignId: id, ...query };
        await exported(principal, id, from, { form: 'csv', rows: (await rows.list({ ...wanted, skip: 0, limit: 1 })).total });
        const parts = [rowSheetHead()];
        for await (const batch of rows.batches(wanted)) parts.push(rowSheet(batch));
        response.attachment('campaign.csv').type('text/csv').end(parts.join(''));
        return handled;
      },
    }),
    route('GET /campaigns/:id/rows.xlsx', {
      reach,
      handle: async ({ principal, params: { id }, query, from, response }) => {
        const wanted: RowQuery = { campaignId: id, ...query };
        const { total } = await rows.list({ ...wanted, skip: 0, limit: 1 });
        if (total > CAMPAIGN_WORKBOOK_ROWS)
          throw new CallCentreError('too-large', `A workbook has at most ${CAMPAIGN_WORKBOOK_ROWS} rows of a campaign.`, {
            details: { rows: total, max: CAMPAIGN_WORKBOOK_ROWS },
          });
        await exported(principal, id, from, { form: 'xlsx', rows: total });
        const all: CampaignRow[] = [];
        for await (const batch of rows.batches(wanted)) all.push(...batch);
        const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
        response
          .attachment('campaign.xlsx')
          .type(type)
          .end(await rowWorkbook(all));
        return handled;
      },
    }),
    route('GET /campaigns/:id/results', {
      reach,
      handle: async ({ params: { id } }) => {
        const { add, results } = createResults((at) => hourIn(at, zone));
        for await (const batch of rows.batches({ campaignId: id })) for (const row of batch) add(row);
        return results();
      },
    }),
  ];
}
