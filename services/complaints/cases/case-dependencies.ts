import type { EventBus } from '../../shared/events/catalogue.js';
import type { NumberHash } from '../../shared/platform/reach/number-hash.js';
import type { NumberLookUps } from '../../shared/platform/reach/number-look-ups.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { SiteDates } from '../clock/case-clock.js';
import type {
  CallsOfNumber,
  CaseFileStore,
  ComplaintStore,
  DoNotCall,
  ImportStore,
  LicenceHolder,
  Messenger,
  PrintDocument,
  RecordingHolds,
  RuleStore,
  Sealer,
} from '../ports.js';

/** The dependencies of the work on cases. */
export interface CaseDependencies extends SiteDates {
  readonly complaints: ComplaintStore;
  readonly imports: ImportStore;
  readonly rules: RuleStore;
  readonly calls: CallsOfNumber;
  readonly holds: RecordingHolds;
  readonly doNotCall: DoNotCall;
  readonly messenger: Messenger;
  readonly sealer: Sealer;
  readonly files: CaseFileStore;
  readonly print: PrintDocument;
  readonly holder: LicenceHolder;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly now: () => Date;
  readonly newId: () => string;
  /** SHA-256 in hexadecimal. */
  readonly digest: (bytes: Uint8Array | string) => string;
  /** Wall-clock time at the site, as documents print it. */
  readonly timeOf: (at: Date) => string;
  /** The product version, for the footer of documents. */
  readonly version: string;
  /** Where complainants can appeal, as letters name it. */
  readonly appealContact: string;
  readonly hashNumber: NumberHash;
  readonly lookUps: NumberLookUps;
  readonly hashMail: (address: string) => string;
  readonly defaultProvince: string;
  /** How long recordings stay held after the case is closed, in milliseconds. */
  readonly holdAfterCloseMs: number;
}
