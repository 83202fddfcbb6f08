import type { Right } from '../people/rights.js';

/** How a supervisor can be in a call without answering it. */
export const monitoringModes = ['listen', 'whisper', 'barge'] as const;
export type MonitoringMode = (typeof monitoringModes)[number];

/** What a supervisor may do to a live call. Each needs a right of its own. */
export const interventions = [...monitoringModes, 'take-over'] as const;
export type Intervention = (typeof interventions)[number];
export const rightOfIntervention = {
  listen: 'calls.listen',
  whisper: 'calls.whisper',
  barge: 'calls.barge',
  'take-over': 'calls.take-over',
} as const satisfies Record<Intervention, Right>;

/** Why somebody begins to listen. The audit log keeps the reason. */
export const listeningReasons = ['sampling', 'training', 'complaint', 'help', 'other'] as const;
export type ListeningReason = (typeof listeningReasons)[number];

/** When an agent learns about listening: on the call card, after the listening has ended, or not at all. */
export const listeningNotices = ['at-once', 'afterwards', 'never'] as const;
export type ListeningNotice = (typeof listeningNotices)[number];

/** What happens when an agent has not acknowledged the listening rule: listening is refused, or the supervisor only sees a warning. */
export const withoutAcknowledgement = ['refuse', 'warn'] as const;
export type WithoutAcknowledgement = (typeof withoutAcknowledgement)[number];

export const acknowledgementStates = ['valid', 'expired', 'older-text', 'missing'] as const;
export type AcknowledgementState = (typeof acknowledgementStates)[number];
