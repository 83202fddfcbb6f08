/** What an inspection asks to see of each call out. */
export const callElements = ['recording', 'numbers', 'time', 'consent'] as const;
export type CallElement = (typeof callElements)[number];

/** Why a number is not to be called (regulation items 5 and 6). */
export const refusalReasons = [
  'harassment',
  'called-after-refusal',
  'asked-by-voice',
  'asked-by-key',
  'asked-by-sms',
  'asked-by-web',
  'external-list',
  'other',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

/** Why a call out is not made. Each is counted in the evidence. */
export const dialRefusals = [
  'purpose-not-allowed',
  'stopped',
  'number-not-usable',
  'refused-by-person',
  'no-consent',
  'outside-window',
  'too-often',
  'not-dialable',
  'kind-not-allowed',
  'not-registered',
  'caller-not-vouched',
  'over-ceiling',
] as const;
export type DialRefusal = (typeof dialRefusals)[number];

/** How a person agreed to be called. */
export const consentChannels = ['voice', 'web', 'sms', 'paper', 'app'] as const;

/** What a stop of calling out holds for. */
export const stopScopes = ['platform', 'number', 'client', 'agent', 'campaign'] as const;
/** What a person stops on the page of calling out; a campaign is paused on its own. */
export const personStopScopes = ['platform', 'number', 'client', 'agent'] as const satisfies readonly (typeof stopScopes)[number][];

/** What a trunk lacks to carry a leg that leaves, by the licence file. */
export const trunkFaults = [
  'trunk-not-registered',
  'trunk-inbound-only',
  'trunk-not-in-use',
  'trunk-contract-over',
  'trunk-not-permitted',
  'trunk-no-forwarding',
] as const;
export type TrunkFault = (typeof trunkFaults)[number];

/** What a number lacks to be shown by a call out, in the order in which somebody would set it right. */
export const showFaults = [
  'not-registered',
  'not-in-use',
  'not-both-ways',
  'no-letter',
  'expired',
  'no-contract',
  'wrong-province',
  'no-reason',
] as const;
export type ShowFault = (typeof showFaults)[number];

export const wayFaults = [...trunkFaults, ...showFaults] as const;
