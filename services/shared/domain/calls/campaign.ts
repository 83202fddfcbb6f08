/** `preview`: the agent reads the row and presses *Call*. `progressive`: the call is dialled after a countdown that the agent can stop. */
export const campaignModes = ['preview', 'progressive'] as const;
export type CampaignMode = (typeof campaignModes)[number];

/** `stopped` and `finished` are final: the numbers of the list are erased. */
export const campaignStates = ['draft', 'running', 'paused', 'stopped', 'finished'] as const;
export type CampaignState = (typeof campaignStates)[number];

/** `presented`: an agent is reserved and reads it. */
export const campaignRowStates = ['waiting', 'presented', 'dialling', 'done'] as const;
export type CampaignRowState = (typeof campaignRowStates)[number];

/** What came of the last try, or why a row was ended without one. */
export const campaignOutcomes = [
  'reached',
  'busy',
  'no-answer',
  'unreachable',
  /** The person pressed the digit that refuses further calls. */
  'refused',
  /** The call was called off while it rang: a stop, or the agent hung up. */
  'called-off',
  'failed',
  'skipped',
  /** A rule of calling out refused it; the row has the failure code. */
  'not-permitted',
  /** Nobody knows what became of it: a process died. */
  'lost',
] as const;
export type CampaignOutcome = (typeof campaignOutcomes)[number];

/** Why an agent does not call: `later` brings the row back in an hour, the others end it. */
export const campaignSkipReasons = ['later', 'wrong-person', 'settled', 'other'] as const;
export type CampaignSkipReason = (typeof campaignSkipReasons)[number];

/** Why a campaign was paused by itself. */
export const campaignHalts = {
  'campaign-refusals': 'more people refuse than the campaign allows',
  'campaign-complaints': 'more people complain than the campaign allows',
} as const;
export type CampaignHalt = keyof typeof campaignHalts;

/** The columns of a list of people to be called. */
export const campaignColumns = ['number', 'name', 'note'] as const;
export type CampaignColumn = (typeof campaignColumns)[number];

/** The list that people begin with. Its number is none, so that the row is refused when it is left in. */
export const campaignTemplate = `${campaignColumns.join(',')}\n138xxxx8000,王女士,order 1024\n`;

/** Why a row of a list is not taken over: the column that cannot be read, or what stands against the number. */
export const campaignRowFaults = [
  ...campaignColumns,
  /** The same number stands in an earlier row. */
  'repeated',
  /** The campaign has the number already. */
  'known',
  /** The person is on the do-not-call list. */
  'refused',
  /** No consent to the campaign's purpose, for its client unit, is in force. */
  'no-consent',
] as const;
export type CampaignRowFault = (typeof campaignRowFaults)[number];

/** What a campaign lacks to be started. */
export const campaignStartFaults = ['no-rows', 'number-not-usable', 'no-queue', 'nobody-serves'] as const;
export type CampaignStartFault = (typeof campaignStartFaults)[number];
