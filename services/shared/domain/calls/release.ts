/** Who ended a call, as the record tells it. */
export const releasedBy = ['caller', 'agent', 'system', 'far-party', 'supervisor'] as const;
/** Why a call ended. */
export const releaseCauses = [
  'completed',
  'abandoned-in-notice',
  'abandoned-in-menu',
  'abandoned-in-queue',
  'abandoned-ringing',
  'no-agent',
  'queue-full',
  'queue-timeout',
  'closed',
  'number-not-in-service',
  'blocked',
  'no-common-codec',
  'trunk-not-allowed',
  'centre-busy',
  'media-failure',
  'system-failure',
  'transferred-out',
  'message-left',
  'callback-booked',
  // Only for a call out: how the far side answered.
  'abandoned-parked',
  'far-busy',
  'far-no-answer',
  'far-unreachable',
  // The carrier said nothing at all, not even that it had the call; or its addresses are known not to answer.
  'carrier-silent',
  // The person whom we called pressed the key that refuses further calls.
  'refused-by-key',
  // No media from the caller for so long that nobody can still be there.
  'caller-silent',
  'longest-call',
  // Somebody stopped calling out while the number was dialled.
  'outbound-stopped',
] as const;
export type ReleaseCause = (typeof releaseCauses)[number];
