import type { ScriptBook } from '../../../services/shared/platform/stores/script-book.js';
import { createCaseOpening, type CaseOpening } from '../../../services/complaints/cases/case-opening.js';
import type { CaseDependencies } from '../../../services/complaints/cases/case-dependencies.js';
import { defaultRules } from '../../../services/complaints/clock/deadline-rule.js';
import { createCampaignDesk } from '../../../services/campaigns/campaign-desk.js';
import { createCampaignService, type CampaignService } from '../../../services/campaigns/campaign-service.js';
import type { RowStore } from '../../../services/campaigns/ports.js';
import { createRowSteps } from '../../../services/campaigns/row-steps.js';
import { visitHandlers } from '../../../services/figures/visit-book.js';
import { createKeyRefusals } from '../../../services/outbound/refusals/key-refusal.js';
import { createSurveyCollector } from '../../../services/satisfaction/survey-collector.js';
import { orderedId } from '../../../services/shared/domain/ids.js';
import { createWorkspaceService, type WorkspaceService } from '../../../services/workspace/workspace-service.js';
import { siteDate } from '../models/outbound.js';
import type { Process } from '../scheduler.js';
import { SIM_ZONE_OFFSET_MS } from '../site.js';
import type { World } from '../world.js';
import { simulatedLog } from './simulated-log.js';

const DAY_MS = 86_400_000;
const CAMPAIGN_ROUND_MS = 1_000;

/**
 * Workspace, satisfaction, the opening of complaints and the do-not-call list: the product's own code over the stores of the simulation.
 */
export interface Cases {
  readonly rowSteps: ReturnType<typeof createRowSteps>;
  readonly campaigns: CampaignService;
  readonly rows: Pick<RowStore, 'ofCall' | 'again'>;
  readonly workspace: WorkspaceService;
  readonly opening: CaseOpening;
}

/** Texts are kept under the place they are from. */
const scriptsOf = (world: World, process: Process): ScriptBook => ({
  keep: ({ of, subject }) => world.stores.document(process, () => `${of} ${subject}`),
  of: async () => new Map(),
});

export async function startCases(world: World, process: Process): Promise<Cases> {
  const { outbound, site } = world;
  const papers = world.paperwork.of(process);
  const { attempts, refusals } = outbound.stores(process);
  const { store } = papers;
  const bus = world.bus.of(process);
  const commands = world.commands.of(process);
  const now = (): Date => new Date(process.clock.nowMs());
  const newId = (): string => orderedId(process.clock.nowMs(), (bytes) => world.random.bytes(bytes));
  const audit = async (): Promise<void> => undefined;
  const workspace = createWorkspaceService({
    worksheets: {
      all: () => store(() => [...site.worksheets]),
      one: (queueId) => store(() => site.worksheets.find((sheet) => sheet.queueId === queueId)),
      put: async () => undefined,
    },
    contacts: papers.contactStore,
    scripts: scriptsOf(world, process),
    callbacks: papers.promiseStore,
    records: papers.centre,
    commands,
    bus,
    audit,
    places: { queues: async () => () => true },
    hashesOf: async ({ callerHash }) => [callerHash],
    campaignOf: async (callId) => world.campaigns.rowOf(callId)?.campaignId,
    figuresOf: () => Promise.reject(new Error('no page is simulated that shows figures of a day')),
    now,
    newId,
    midnight: () => new Date(Math.floor((process.clock.nowMs() + SIM_ZONE_OFFSET_MS) / DAY_MS) * DAY_MS - SIM_ZONE_OFFSET_MS),
  });
  const opening = createCaseOpening({
    complaints: papers.complaintStore,
    rules: {
      version: () => store(() => ({ version: 1, validFrom: '2026-01-01', rules: defaultRules })),
      newest: () => store(() => ({ version: 1, validFrom: '2026-01-01', rules: defaultRules })),
      calendars: () => store(() => new Map()),
    },
    calls: {
      find: (numberHash: string, limit: number) =>
        store(() =>
          [...world.stores.records.values()]
            .filter(({ callerHash }) => callerHash === numberHash)
            .slice(-limit)
            .map(({ callId }) => callId),
        ),
      callerOf: async (callId: string) => {
        const live = await commands.send('call.caller', { callId }).catch(() => undefined);
        if (live !== undefined) return { ...live, at: new Date(live.at) };
        const record = await store(() => world.stores.records.get(callId));
        return record === undefined
          ? undefined
          : { number: record.callerNumber, at: record.invitedAt, ...(record.agentId === undefined ? {} : { agentId: record.agentId }) };
      },
    },
    holds: papers.holdStore,
    doNotCall: {
      add: async (number: string, _reason: string, source: string) => {
        const numberHash = outbound.hashNumber(number);
        if (numberHash === undefined) return;
        await refusals.put({ numberHash, numberMasked: '***', reason: 'other', source, at: now(), by: 'system' });
      },
    },
    messenger: { canSend: () => false },
    bus,
    audit,
    now,
    newId,
    hashNumber: outbound.hashNumber,
    hashMail: (address: string) => `mail:${address}`,
    sealer: { seal: (plain: string) => plain, open: (sealed: string) => sealed },
    dateOf: siteDate,
    endOf: (date: string) => new Date(Date.parse(`${date}T00:00:00Z`) - SIM_ZONE_OFFSET_MS + DAY_MS - 1),
    defaultProvince: '上海',
    // Of all that work on cases needs, opening them uses only these.
  } as unknown as CaseDependencies);
  await bus.subscribe('workspace', {
    'call.connected': ({ callId, agentId, queueId }) => workspace.open(callId, agentId, queueId),
  });
  await bus.subscribe(
    'satisfaction',
    createSurveyCollector({
      surveys: papers.surveyStore,
      tasks: papers.taskStore,
      pending: { put: async () => undefined, all: async () => [], done: async () => undefined },
      bus,
    }),
  );
  await bus.subscribe('outbound', {
    'call.refused-by-key': createKeyRefusals({ refusals, attempts, audit }),
  });
  await bus.subscribe(
    'figures',
    visitHandlers({
      visits: world.stores.ofFigures(process),
      entitlements: (queueId) =>
        store(() => ({ thresholdMs: world.stores.queues.get(queueId)?.serviceLevel.thresholdMs ?? 20_000, clientUnit: undefined })),
      reads: { contacts: { find: async () => [] } } as never,
      now,
    }),
  );
  if (world.thresholds.areUsed) await world.alarms.takeIn(process);
  return { workspace, opening, ...(await startCampaigns(world, process)) };
}

/** The desk of campaigns; where a seed has none, nothing of it runs. */
async function startCampaigns(world: World, process: Process): Promise<Pick<Cases, 'rowSteps' | 'campaigns' | 'rows'>> {
  const log = simulatedLog(world, process);
  const newId = (): string => orderedId(process.clock.nowMs(), (bytes) => world.random.bytes(bytes));
  const commands = world.commands.of(process);
  const needs = {
    ...world.campaigns.stores(process),
    scripts: scriptsOf(world, process),
    commands,
    now: () => new Date(process.clock.nowMs()),
    minuteAt: () => 0,
    newId,
    log,
  };
  const rowSteps = createRowSteps(needs);
  const campaigns = createCampaignService({ ...needs, membersOf: async () => 1, withdrawAll: rowSteps.withdrawAll });
  const { rows } = needs;
  if (world.campaigns.rows.size === 0) return { rowSteps, campaigns, rows };
  const desk = createCampaignDesk({
    ...needs,
    recordOf: (callId) =>
      world.stores.document(process, () => {
        const record = world.stores.records.get(callId);
        return record === undefined ? undefined : { cause: record.cause, answered: record.answeredAt !== undefined };
      }),
    haltFor: async () => undefined,
  });
  let busy = false;
  process.clock.every(CAMPAIGN_ROUND_MS, () => {
    if (busy) return;
    busy = true;
    desk
      .round()
      .catch((error: unknown) => log.error({ err: error }, 'the campaigns could not be advanced'))
      .finally(() => (busy = false));
  });
  await world.bus.of(process).subscribe('campaigns', desk.handlers);
  return { rowSteps, campaigns, rows };
}
