import { z } from 'zod';
import {
  campaignModes,
  campaignOutcomes,
  campaignRowFaults,
  campaignRowStates,
  campaignSkipReasons,
  campaignStates,
} from '../../../domain/calls/campaign.js';
import { callPurposes } from '../../../domain/calls/call-purpose.js';
import { failures, type FailureCode } from '../../../domain/failure.js';
import { PROOF_QUEUE } from '../../../domain/proof.js';
import { dialFailures, file, nothing, type Endpoints } from '../endpoint.js';
import { AgentId, CallId, asCallId, asQueueId } from '../../ids.js';

const id = z.object({ id: z.string().max(40) });
const failureCode = z.enum(Object.keys(failures) as [FailureCode, ...FailureCode[]]);

const MINUTES_A_DAY = 1_440;

/** Minutes of the day at the site. They only narrow the hours in which people may be called. */
const hours = z
  .object({ fromMinute: z.int().min(0).max(MINUTES_A_DAY), toMinute: z.int().min(0).max(MINUTES_A_DAY) })
  .refine(({ fromMinute, toMinute }) => fromMinute < toMinute);

/** How a campaign calls: the list, the purpose, our number, and the agents. */
export const CampaignSettings = z.object({
  name: z.string().trim().min(1).max(80),
  /** Our number, which is shown. Its client unit is the campaign's. */
  from: z.string().trim().min(3).max(24),
  purpose: z.enum(callPurposes),
  /** The queue whose members call. Each call is followed by its wrap-up and worksheet. */
  queueId: asQueueId(
    z
      .string()
      .min(1)
      .max(40)
      .refine((id) => id !== PROOF_QUEUE, { message: 'the queue of test calls' }),
  ),
  mode: z.enum(campaignModes).default('preview'),
  script: z.string().trim().max(4_000).default(''),
  /** When missing, the campaign has no hours of its own. */
  hours: hours.optional(),
  /** How long an agent may read a row. Afterwards the agent is set to away, as after an unanswered ring. */
  previewSeconds: z.int().min(10).max(600).default(60),
  countdownSeconds: z.int().min(3).max(60).default(5),
  mostTries: z.int().min(1).max(5).default(3),
  busyAgainMinutes: z.int().min(5).max(1_440).default(15),
  noAnswerAgainMinutes: z.int().min(30).max(10_080).default(240),
  /** The share of reached people who may refuse, judged from twenty people on. More refusals pause the campaign. */
  mostRefusalsPercent: z.int().min(1).max(100).default(10),
  /** The number of complaints per 10,000 reached people, judged from twenty people on. More complaints pause the campaign. */
  mostComplaintsPer10000: z.int().min(1).max(10_000).default(100),
});

export const CampaignCounts = z.object({
  all: z.number(),
  waiting: z.number(),
  presented: z.number(),
  dialling: z.number(),
  done: z.number(),
  /** Rows that were dialled at least once. */
  tried: z.number(),
  reached: z.number(),
  busy: z.number(),
  'no-answer': z.number(),
  unreachable: z.number(),
  refused: z.number(),
  'called-off': z.number(),
  failed: z.number(),
  skipped: z.number(),
  'not-permitted': z.number(),
  lost: z.number(),
  /** People whose call led to a complaint. */
  complained: z.number(),
});

export const Campaign = CampaignSettings.extend({
  id: z.string(),
  state: z.enum(campaignStates),
  at: z.iso.datetime(),
  byName: z.string(),
  changedAt: z.iso.datetime(),
  changedByName: z.string(),
  /** Why it was paused or stopped. */
  reason: z.string().optional(),
  /** The reason why no row can be dialled at this moment, if there is one for all rows. */
  waits: z.object({ until: z.iso.datetime(), why: failureCode }).optional(),
  counts: CampaignCounts,
});

export const CampaignRow = z.object({
  id: z.string(),
  line: z.number(),
  numberMasked: z.string(),
  state: z.enum(campaignRowStates),
  tries: z.number(),
  notBefore: z.iso.datetime(),
  outcome: z.enum(campaignOutcomes).optional(),
  /** Why the last attempt was not dialled. */
  why: failureCode.optional(),
  skipped: z.enum(campaignSkipReasons).optional(),
  triedAt: z.iso.datetime().optional(),
  agentId: AgentId.optional(),
  /** The call that is up, or the last one; missing as long as nobody was called. */
  callId: CallId.optional(),
  result: z.array(z.string()).optional(),
  wantedAgentId: z.string().optional(),
});

/** What the agent sees: the row to call, the purpose, and how long the row is reserved. */
export const CampaignOffer = z.object({
  rowId: z.string(),
  callId: CallId,
  campaign: z.string(),
  mode: z.enum(campaignModes),
  purpose: z.enum(callPurposes),
  from: z.string(),
  script: z.string(),
  name: z.string(),
  note: z.string(),
  /** What the further columns of the list say about the person. `{column}` in the script stands for the value of that column. */
  fields: z.array(z.object({ name: z.string(), value: z.string() })),
  numberMasked: z.string(),
  tries: z.number(),
  /** When the reservation ends; missing once the row is being called. */
  until: z.iso.datetime().optional(),
  /** When the call is dialled automatically; missing in a preview, and after the agent has stopped the countdown. */
  dialAt: z.iso.datetime().optional(),
  /** When the same agent calls the person again, as promised in this call. */
  againAt: z.iso.datetime().optional(),
  serverNow: z.iso.datetime(),
});

const RowFilter = z.object({ state: z.enum(campaignRowStates).optional(), outcome: z.enum(campaignOutcomes).optional() });

const ResultCounts = z.object({
  attempts: z.number(),
  reached: z.number(),
  /** People who were reached and refused further calls. */
  refused: z.number(),
  busy: z.number(),
  noAnswer: z.number(),
  unreachable: z.number(),
  /** Called off, failed, or not known. */
  other: z.number(),
  /** People whose call led to a complaint. */
  complained: z.number(),
  /** Rows that an agent let lapse: not called before their time ran out. They are no attempts. */
  lapsed: z.number(),
});

/** A larger workbook takes more memory than the server has for one request. */
export const CAMPAIGN_WORKBOOK_ROWS = 20_000;

const reason = z.object({ reason: z.string().trim().min(3).max(200) });

export const campaignsApi = {
  'GET /campaigns': {
    right: 'outbound.read',
    summary: 'Campaigns within the scope of the person who asks, newest first, with the outcomes of their rows.',
    answer: z.object({ campaigns: z.array(Campaign) }),
    failures: [],
  },
  'POST /campaigns': {
    right: 'outbound.edit',
    summary: 'Creates a campaign; nothing is dialled before it has a list and is started.',
    body: CampaignSettings,
    answer: z.object({ id: z.string() }),
    failures: [],
  },
  'PUT /campaigns/:id': {
    right: 'outbound.edit',
    summary: 'Changes how a campaign calls, before it starts or while it is paused.',
    params: id,
    body: CampaignSettings,
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'POST /campaigns/:id/import': {
    right: 'outbound.edit',
    summary:
      'Checks a CSV or XLSX list of people to be called, at most 100,000 rows, and names each row that is refused with its fault; `commit=yes` imports the others.',
    params: id,
    query: z.object({ fileName: z.string().trim().min(1).max(200), commit: z.enum(['yes', 'no']).default('no') }),
    uploadBytes: 20 * 1024 * 1024,
    answer: z.object({
      rows: z.number(),
      good: z.number(),
      /** The line number in the sheet. The headers are line 1. */
      refused: z.array(z.object({ line: z.number(), fault: z.enum(campaignRowFaults) })),
      /** Headers of the further columns; agents see what stands below them. */
      fields: z.array(z.string()),
      /** Places of the campaign's script that no column of the list fills. */
      unfilled: z.array(z.string()),
      /** Headers that name no column, beyond the limits, or repeated; what stands below them is not read. */
      unread: z.array(z.string()),
      /** The hash of the file. */
      sha256: z.string(),
      committed: z.boolean(),
    }),
    failures: ['invalid-request', 'not-a-sheet', 'not-found', 'too-large', 'too-many-requests', 'wrong-state'],
  },
  'GET /campaigns/:id/rows': {
    right: 'outbound.read',
    summary:
      'The rows of a campaign by their line in the list, with the outcome of the last attempt and the reason why a row was not dialled; `number` finds one person.',
    params: id,
    query: RowFilter.extend({
      /** A whole number. */
      number: z.string().trim().min(3).max(30).optional(),
      skip: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(1_000).default(50),
    }),
    answer: z.object({ rows: z.array(CampaignRow), total: z.number() }),
    failures: ['not-found'],
  },
  'GET /campaigns/:id/rows.csv': {
    right: 'outbound.read',
    summary: 'All rows of a campaign as CSV with masked numbers: what came of each, and why one was not dialled.',
    params: id,
    query: RowFilter,
    answer: file('text/csv'),
    failures: ['not-found'],
  },
  'GET /campaigns/:id/rows.xlsx': {
    right: 'outbound.read',
    summary: `The same as a workbook, ${CAMPAIGN_WORKBOOK_ROWS} rows at most.`,
    params: id,
    query: RowFilter,
    answer: file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'),
    failures: ['not-found', 'too-large'],
  },
  'GET /campaigns/:id/results': {
    right: 'outbound.read',
    summary: 'What came of the attempts of a campaign, by agent and by hour of the day at the site.',
    params: id,
    answer: z.object({
      byAgent: z.array(ResultCounts.extend({ agentId: AgentId })),
      byHour: z.array(ResultCounts.extend({ hour: z.int() })),
    }),
    failures: ['not-found'],
  },
  'POST /campaigns/:id/start': {
    right: 'outbound.edit',
    summary: 'Starts a campaign, or resumes a paused one, which needs a reason. Refused with `details.refused` while it lacks something.',
    params: id,
    body: reason.partial().default({}),
    answer: nothing,
    failures: ['not-found', 'reason-required', 'wrong-state'],
  },
  'POST /campaigns/:id/pause': {
    right: 'outbound.edit',
    summary: 'Stops dialling and cancels calls that are being dialled within a second; conversations continue.',
    params: id,
    body: reason,
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'POST /campaigns/:id/stop': {
    right: 'outbound.edit',
    summary: 'Ends a campaign for good, like a pause; the numbers of its list are erased.',
    params: id,
    body: reason,
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'GET /campaign-offer': {
    right: 'seat.use',
    summary:
      'The campaign row for which the caller’s seat is reserved, or which it is calling; with `wrapUpOf` also the row of that call after its end, as long as another call can be promised.',
    query: z.object({ wrapUpOf: CallId.optional() }),
    answer: z.object({ offer: CampaignOffer.nullable() }),
    failures: [],
  },
  'POST /campaign-offer/:rowId/call': {
    right: 'seat.use',
    summary: 'Calls the person of the row from the caller’s own seat; fails with the code of the rule that refuses the call.',
    params: z.object({ rowId: z.string().max(40) }),
    answer: z.object({ callId: CallId }),
    failures: [...dialFailures, 'not-found', 'timed-out', 'wrong-state'],
  },
  'POST /campaign-offer/:rowId/hold': {
    right: 'seat.use',
    summary: 'Stops the countdown of a progressive campaign: the agent decides when to call.',
    params: z.object({ rowId: z.string().max(40) }),
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'POST /campaign-offer/:rowId/skip': {
    right: 'seat.use',
    summary: 'Does not call, with the reason: `later` brings the row back in an hour, every other reason ends it.',
    params: z.object({ rowId: z.string().max(40) }),
    body: z.object({ reason: z.enum(campaignSkipReasons) }),
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'POST /campaign-offer/:callId/again': {
    right: 'seat.use',
    summary: 'Schedules another call to the person of a campaign call that the caller has or had, from the same seat if it is free.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    body: z.object({ at: z.coerce.date() }),
    answer: nothing,
    failures: ['invalid-request', 'not-found'],
  },
} satisfies Endpoints;
export type CampaignsApi = typeof campaignsApi;
