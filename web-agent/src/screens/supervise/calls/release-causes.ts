import type { ReleaseCause } from '../../../../../services/shared/domain/calls/release.js';

/** The release causes, for filters. The catalogue itself would bring its parser into the page; the type keeps both equal. */
const causes: Record<ReleaseCause, true> = {
  completed: true,
  'abandoned-in-notice': true,
  'abandoned-in-menu': true,
  'abandoned-in-queue': true,
  'abandoned-ringing': true,
  'no-agent': true,
  'queue-full': true,
  'queue-timeout': true,
  closed: true,
  'number-not-in-service': true,
  blocked: true,
  'no-common-codec': true,
  'trunk-not-allowed': true,
  'centre-busy': true,
  'media-failure': true,
  'system-failure': true,
  'transferred-out': true,
  'message-left': true,
  'callback-booked': true,
  'abandoned-parked': true,
  'far-busy': true,
  'far-no-answer': true,
  'far-unreachable': true,
  'carrier-silent': true,
  'refused-by-key': true,
  'caller-silent': true,
  'longest-call': true,
  'outbound-stopped': true,
};

export const releaseCauseNames = Object.keys(causes) as readonly ReleaseCause[];
