/** The four elements that an inspection asks for on every outbound call. */
export const callElements = ['recording', 'numbers', 'time', 'consent'] as const;
export type CallElement = (typeof callElements)[number];

/** Why a number must not be called (regulation items 5 and 6). */
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

/** Why an outbound call is refused. The evidence counts each reason. */
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

/** What a stop of outbound calls applies to. */
export const stopScopes = ['platform', 'number', 'client', 'agent', 'campaign'] as const;
/** What a person can stop on the page *Calling out*. A campaign is paused on its own page. */
export const personStopScopes = ['platform', 'number', 'client', 'agent'] as const satisfies readonly (typeof stopScopes)[number][];

/** Why the licence file does not let a trunk carry an outbound leg. */
export const trunkFaults = [
  'trunk-not-registered',
  'trunk-inbound-only',
  'trunk-not-in-use',
  'trunk-contract-over',
  'trunk-not-permitted',
  'trunk-no-forwarding',
] as const;
export type TrunkFault = (typeof trunkFaults)[number];

/** Why a number must not be shown by an outbound call, in the order in which somebody would fix it. */
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
