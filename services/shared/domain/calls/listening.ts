/** How somebody who supervises can be in a call without answering for it. */
export const monitoringModes = ['listen', 'whisper', 'barge'] as const;
export type MonitoringMode = (typeof monitoringModes)[number];

/** What a supervisor may do to a call that goes on; each is a right of its own. */
export const interventions = [...monitoringModes, 'take-over'] as const;
export type Intervention = (typeof interventions)[number];

/** Why somebody begins to listen: the audit log has it. */
export const listeningReasons = ['sampling', 'training', 'complaint', 'help', 'other'] as const;
export type ListeningReason = (typeof listeningReasons)[number];

/** When an agent learns that somebody listens: on the call's card, after the listening has ended, or not at all. */
export const listeningNotices = ['at-once', 'afterwards', 'never'] as const;
export type ListeningNotice = (typeof listeningNotices)[number];

/** What becomes of listening to an agent who has not acknowledged the rule: it is refused, or the supervisor is only shown that. */
export const withoutAcknowledgement = ['refuse', 'warn'] as const;
export type WithoutAcknowledgement = (typeof withoutAcknowledgement)[number];

export const acknowledgementStates = ['valid', 'expired', 'older-text', 'missing'] as const;
export type AcknowledgementState = (typeof acknowledgementStates)[number];
