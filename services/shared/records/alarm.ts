import { z } from 'zod';
import { alarmLevels, alarmWays } from '../domain/alarm.js';
import { defineRecord, maybe, type ReadsOf } from './record.js';

/** What became of an alarm, the oldest first. */
export const alarmSteps = ['raised', 'raised-again', 'sent', 'seen', 'escalated', 'cleared'] as const;

/** One incident: raised by a part of the product, until its condition has ended or a person has said what it was. */
export const alarmRecord = defineRecord('alarm', 1, {
  /** One of `alarmKinds` when it was raised: a list that grows is no new version of the row. */
  code: z.string(),
  level: z.enum(alarmLevels),
  /** Tells incidents of one code apart: a case, a recording, a subscriber. */
  subject: z.string(),
  queueId: maybe(z.string()),
  clientUnit: maybe(z.string()),
  text: z.strictObject({ en: z.string(), 'zh-CN': z.string() }),
  firstAt: z.date(),
  lastAt: z.date(),
  /** How often it was raised. */
  count: z.int().positive(),
  state: z.enum(['open', 'seen', 'cleared']),
  clearedAt: maybe(z.date()),
  /** Cleared by the part that raised it: raised again soon after, it is the same incident. */
  clearedByPart: maybe(z.boolean()),
  /** User ids that a rule, an escalation or the part that raised it added to those who hold a right of its kind. */
  people: z.array(z.string()),
  escalations: z.int().nonnegative(),
  /** When time alone does something next: it is sent, or sent on to more people. */
  nextStepAt: maybe(z.date()),
  history: z.array(
    z.strictObject({
      at: z.date(),
      what: z.enum(alarmSteps),
      /** A user id, or the part of the product. */
      by: z.string(),
      byName: maybe(z.string()),
      reason: maybe(z.string()),
      /** How it left the pages, with the number of messages. */
      sent: maybe(z.array(z.strictObject({ way: z.enum(alarmWays), count: z.int() }))),
    }),
  ),
  /** The latest events counted in this alarm, so that one delivered twice counts once. */
  eventIds: z.array(z.string()),
  revision: z.int().nonnegative(),
});

export type AlarmReads = ReadsOf<typeof alarmRecord>;
