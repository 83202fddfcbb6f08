import type { AnyFigureKey } from '../../shared/domain/figures/registry.js';
import type { ReportFilters } from '../../shared/domain/figures/filters.js';
import type { ReportInterval, ReportScope } from '../../shared/domain/figures/report.js';
import type { Comparison } from '../../shared/domain/figures/comparison.js';
import type { MailForm, MailRhythm, MovingMoment, ReportPeriod, UnsentReason } from '../../shared/domain/figures/saved-report.js';
import type { Language } from '../../shared/domain/language.js';
import type { UserId } from '../../shared/domain/ids.js';

export interface MailSchedule {
  readonly rhythm: MailRhythm;
  /** Minutes after midnight at the site. */
  readonly atMinute: number;
  readonly form: MailForm;
  readonly language: Language;
  /** Accounts: a mail goes to nobody else. */
  readonly people: readonly string[];
}

/** The result of the last sending. */
export interface LastMailed {
  /** The site's date. */
  readonly date: string;
  readonly at: Date;
  /** Accounts whose mail was queued, and has not been refused by the mail server since. */
  readonly sent: readonly string[];
  readonly unsent: readonly { readonly userId: UserId; readonly reason: UnsentReason }[];
}

/** The result after the mail server has refused the mail of some of them for good. */
export const withRefused = (last: LastMailed, isRefused: (userId: UserId) => boolean): LastMailed => ({
  ...last,
  sent: last.sent.filter((userId) => !isRefused(userId)),
  unsent: [...last.unsent, ...last.sent.filter(isRefused).map((userId) => ({ userId, reason: 'refused' as const }))],
});

/** A saved choice of the report page: the query, never its results. Each reader sees their own part of the centre. */
export interface SavedReport {
  readonly id: string;
  readonly ownerId: string;
  readonly name: string;
  readonly period: ReportPeriod;
  readonly interval: ReportInterval;
  readonly by: ReportScope;
  readonly figures: readonly AnyFigureKey[];
  readonly filters?: ReportFilters | undefined;
  readonly compare?: Comparison | undefined;
  readonly asOf?: MovingMoment | undefined;
  /** Visible to everybody who may read reports. */
  readonly isShared: boolean;
  readonly schedule?: MailSchedule | undefined;
  readonly lastMailed?: LastMailed | undefined;
}
export type ReportChoices = Omit<SavedReport, 'id' | 'ownerId' | 'lastMailed'>;

export interface SavedReportStore {
  /** The person's own reports and the shared ones, by name. */
  readableBy(userId: UserId): Promise<readonly SavedReport[]>;
  countOf(ownerId: string): Promise<number>;
  own(id: string, ownerId: string): Promise<SavedReport | undefined>;
  byId(id: string): Promise<SavedReport | undefined>;
  scheduled(): Promise<readonly SavedReport[]>;
  add(report: SavedReport): Promise<void>;
  /** False when the report does not exist or belongs to somebody else. */
  change(id: string, ownerId: string, choices: ReportChoices): Promise<boolean>;
  remove(id: string, ownerId: string): Promise<boolean>;
  mailed(id: string, last: LastMailed): Promise<void>;
}
