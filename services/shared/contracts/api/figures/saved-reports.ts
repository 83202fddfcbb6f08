import { z } from 'zod';
import { comparisons } from '../../../domain/figures/comparison.js';
import { allFigureKeys } from '../../../domain/figures/registry.js';
import { reportIntervals, reportScopes } from '../../../domain/figures/report.js';
import { mailForms, mailRhythms, reportPeriods, unsentReasons } from '../../../domain/figures/saved-report.js';
import { languages } from '../../../domain/language.js';
import { UserId } from '../../ids.js';
import { SavedFilters } from './filter-query.js';

const MailSchedule = z.object({
  rhythm: z.enum(mailRhythms),
  /** Minutes after midnight of the site. */
  atMinute: z.int().min(0).max(1_439),
  form: z.enum(mailForms),
  language: z.enum(languages),
  /** Accounts that may receive reports. */
  people: z.array(z.string().min(1).max(64)).min(1).max(50),
});
export type MailSchedule = z.infer<typeof MailSchedule>;

/** What a saved report is: its choices, and to whom it goes when. */
export const ReportChoices = z.object({
  name: z.string().trim().min(1).max(80),
  period: z.enum(reportPeriods),
  interval: z.enum(reportIntervals),
  by: z.enum(reportScopes),
  figures: z.array(z.enum(allFigureKeys)).min(1).max(100),
  filters: SavedFilters.optional(),
  compare: z.enum(comparisons).optional(),
  /** The moment whose sums it shows, counted back from the day on which it is opened or sent. */
  asOf: z.object({ daysAgo: z.int().min(0).max(400), atMinute: z.int().min(0).max(1_439) }).optional(),
  isShared: z.boolean(),
  schedule: MailSchedule.optional(),
});

export const SavedReport = ReportChoices.extend({
  id: z.string(),
  ownerId: z.string(),
  isOwn: z.boolean(),
  /** Its owner may no longer have reports, so whoever sees it may remove it. */
  isOrphaned: z.boolean(),
  /** Null for reports of other people, and without a schedule. */
  schedule: MailSchedule.extend({
    /** Those of its people whom the owner may see. */
    people: z.array(UserId),
    /** How many others get it, or would get it if they still had the right. */
    unseen: z.int(),
  }).nullable(),
  lastMailed: z
    .object({
      date: z.iso.date(),
      at: z.iso.datetime(),
      sent: z.array(z.string()),
      unsent: z.array(z.object({ userId: UserId, reason: z.enum(unsentReasons) })),
      /** Of the people whom the owner does not see: how many got it, and why the others did not. */
      unseen: z.object({ sent: z.int(), unsent: z.array(z.enum(unsentReasons)) }),
    })
    .nullable(),
});
export type SavedReport = z.infer<typeof SavedReport>;
