/** How somebody who supervises can be in a call without answering for it. */
export const monitoringModes = ['listen', 'whisper', 'barge'] as const;
export type MonitoringMode = (typeof monitoringModes)[number];

/** What a supervisor may do to a call that goes on; each is a right of its own. */
export const interventions = [...monitoringModes, 'take-over'] as const;
export type Intervention = (typeof interventions)[number];

/** Why somebody begins to listen: the audit log has it. */
export const listeningReasons = ['sampling', 'training', 'complaint', 'help', 'other'] as const;
export type ListeningReason = (typeof listeningReasons)[number];
