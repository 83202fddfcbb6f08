import type { CaseItemId, CaseKind } from '../../shared/domain/licence/licence-case.js';
import type { Say } from '../../shared/domain/language.js';
import type { CalendarDate } from '../checks/calendar-date.js';
import type { SelfCheck } from '../checks/self-check.js';
import type { Finding } from '../finding.js';
import type { LicenceRow, RowFile } from '../licence-file.js';

/**
 * How a material comes to be: `uploaded` by people as a file; `made` by the system from registers and records; `signed`: made by the system,
 * printed, signed and sealed, and uploaded as a scan; `edited`: drafted by the system as DOCX, edited, and uploaded as the final text.
 */
export type ItemSource = 'uploaded' | 'made' | 'signed' | 'edited';

/** A case as the register `cases` holds it. */
export interface LicenceCase {
  readonly caseId: string;
  readonly kind: CaseKind;
  readonly scope: SelfCheck['scope'];
  /** Short name; empty where the case is nationwide. */
  readonly province: string;
  /** Of an annual report: the year that is reported; 0 otherwise. */
  readonly year: number;
  /** Rows of the register `changes`, and their kinds. */
  readonly changes: readonly LicenceRow[];
  readonly changeKinds: readonly string[];
  /** Whether a foreign shareholder stands behind the company. */
  readonly foreign: boolean;
  readonly row: LicenceRow;
}

/**
 * `ready`: it can be handed in. `incomplete`: the system makes it, and facts are missing. `to-sign`: made, and its signed scan is not there.
 * `to-edit`: drafted, and its final text is not there. `missing`: nobody has uploaded it. `not-needed`: said so by a person.
 */
export type ItemState = 'ready' | 'incomplete' | 'to-sign' | 'to-edit' | 'missing' | 'not-needed';

export interface CaseItem {
  readonly id: CaseItemId;
  readonly title: string;
  readonly source: ItemSource;
  readonly state: ItemState;
  readonly who: string;
  readonly dueOn: CalendarDate;
  readonly basis: string;
  /** What is missing, in words. */
  readonly gaps: readonly string[];
  readonly files: readonly RowFile[];
  /** To which row of which register its files are uploaded. */
  readonly uploadTo: { readonly register: string; readonly key: string; readonly item?: string; readonly rowExists: boolean } | null;
  readonly optional: boolean;
}

export interface CaseContext {
  readonly today: CalendarDate;
  readonly say: Say;
  readonly selfChecks: readonly SelfCheck[];
  /** What the checks found; an inspection lists what belongs to its six items. */
  readonly findings?: readonly Finding[];
}
