/**
 * `preview`: the agent reads the row and presses *Call*. `progressive`: the call is dialled after a countdown, which the agent can stop.
 */
export const campaignModes = ['preview', 'progressive'] as const;
export type CampaignMode = (typeof campaignModes)[number];

/** `stopped` and `finished` are final: the numbers of the list are then erased. */
export const campaignStates = ['draft', 'running', 'paused', 'stopped', 'finished'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** `presented`: an agent is reserved and reads the row. */
export const campaignRowStates = ['waiting', 'presented', 'dialling', 'done'] as const;
export type CampaignRowState = (typeof campaignRowStates)[number];

/** The outcome of the last attempt, or the reason why a row ended without one. */
export const campaignOutcomes = [
  'reached',
  'busy',
  'no-answer',
  'unreachable',
  /** The person pressed the digit that refuses further calls. */
  'refused',
  /** The call was cancelled while it rang: calling was stopped, or the agent hung up. */
  'called-off',
  'failed',
  'skipped',
  /** A rule of outbound calling refused the call. The row holds the failure code. */
  'not-permitted',
  /** The outcome is unknown because a process died. */
  'lost',
] as const;
export type CampaignOutcome = (typeof campaignOutcomes)[number];

/** Why an agent skips a row: `later` brings the row back after an hour, the other reasons end it. */
export const campaignSkipReasons = ['later', 'wrong-person', 'settled', 'other'] as const;
export type CampaignSkipReason = (typeof campaignSkipReasons)[number];

/** Why a campaign paused itself. */
export const campaignHalts = {
  'campaign-refusals': 'more people refuse than the campaign allows',
  'campaign-complaints': 'more people complain than the campaign allows',
} as const;
export type CampaignHalt = keyof typeof campaignHalts;

/** The columns of the call list. */
export const campaignColumns = ['number', 'name', 'note'] as const;
export type CampaignColumn = (typeof campaignColumns)[number];

/** Headers as people write them, besides the column's own name; in lower case. */
export const campaignHeads: Readonly<Record<CampaignColumn, readonly string[]>> = {
  number: ['号码', '电话号码', '手机号', '手机号码', 'phone'],
  name: ['姓名', '称呼', '客户'],
  note: ['备注', '说明', 'remark'],
};

/** What a further column of the list says about a person: on the agent's card, and at its place in the script. */
export interface CampaignField {
  /** The header, as the list writes it. */
  readonly name: string;
  readonly value: string;
}
/** The number of further columns that are taken over, and the longest header and value in characters. */
export const campaignFieldLimits = { fields: 12, name: 40, value: 200 } as const;

/** The sample list. Its number is not a valid one, so the row is refused when it is left in. `order` and `due` are further columns. */
export const campaignTemplate = `${campaignColumns.join(',')},order,due\n138xxxx8000,王女士,prefers mornings,1024,2026-12-31\n`;

/** Why a row of a list is refused: the column that cannot be read, or the objection to the number. */
export const campaignRowFaults = [
  ...campaignColumns,
  /** The value of a further column is too long. */
  'field',
  /** An earlier row has the same number. */
  'repeated',
  /** The campaign already has the number. */
  'known',
  /** The person is on the do-not-call list. */
  'refused',
  /** There is no consent to the purpose of the campaign for its client unit. */
  'no-consent',
] as const;
export type CampaignRowFault = (typeof campaignRowFaults)[number];

/** What is missing before a campaign can start. */
export const campaignStartFaults = ['no-rows', 'number-not-usable', 'no-queue', 'nobody-serves'] as const;
export type CampaignStartFault = (typeof campaignStartFaults)[number];
