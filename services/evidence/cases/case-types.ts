import type { CaseItemId, CaseKind } from '../../shared/domain/licence/licence-case.js';
import type { Say } from '../../shared/domain/language.js';
import type { CalendarDate } from '../../shared/domain/time/calendar-date.js';
import type { SelfCheck } from '../checks/self-check.js';
import type { Finding } from '../../shared/domain/licence/finding.js';
import type { LicenceRow, RowFile } from '../../shared/domain/licence/licence-file.js';

/**
 * The origin of a material. `uploaded`: a file from people. `made`: by the system from registers and records. `signed`: made by the system,
 * printed, signed and sealed, and uploaded as a scan. `edited`: drafted by the system as DOCX, edited, and uploaded as the final text.
 */
export type ItemSource = 'uploaded' | 'made' | 'signed' | 'edited';

/** A case in the register `cases`. */
export interface LicenceCase {
  readonly caseId: string;
  readonly kind: CaseKind;
  readonly scope: SelfCheck['scope'];
  /** The short name; empty for a nationwide case. */
  readonly province: string;
  /** For an annual report: the reported year; otherwise 0. */
  readonly year: number;
  /** Rows of the register `changes`, with their kinds. */
  readonly changes: readonly LicenceRow[];
  readonly changeKinds: readonly string[];
  /** Whether the company has a foreign shareholder. */
  readonly foreign: boolean;
  readonly row: LicenceRow;
}

/**
 * `ready`: can be submitted. `incomplete`: the system makes it, but facts are missing. `to-sign`: made, without the signed scan. `to-edit`:
 * drafted, without the final text. `missing`: nobody has uploaded it. `not-needed`: a person said so.
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
  /** The row and register that its files are uploaded to. */
  readonly uploadTo: { readonly register: string; readonly key: string; readonly item?: string; readonly rowExists: boolean } | null;
  readonly optional: boolean;
}

export interface CaseContext {
  readonly today: CalendarDate;
  readonly say: Say;
  readonly selfChecks: readonly SelfCheck[];
  /** The findings of the checks. An inspection lists those of its six items. */
  readonly findings?: readonly Finding[];
}
