import type { EventBus } from '../shared/events/catalogue.js';
import type { Audit } from '../shared/platform/route.js';
import type { SiteDates } from './case-clock.js';
import type { CallsOfNumber, ComplaintStore, DoNotCall, ImportStore, Messenger, RecordingHolds, RuleStore, Sealer } from './ports.js';

/** What the work on cases needs from outside. */
export interface CaseDependencies extends SiteDates {
  readonly complaints: ComplaintStore;
  readonly imports: ImportStore;
  readonly rules: RuleStore;
  readonly calls: CallsOfNumber;
  readonly holds: RecordingHolds;
  readonly doNotCall: DoNotCall;
  readonly messenger: Messenger;
  readonly sealer: Sealer;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly hashNumber: (number: string) => string;
  readonly defaultProvince: string;
  /** How long recordings stay held after the case is closed, in milliseconds. */
  readonly holdAfterCloseMs: number;
}
