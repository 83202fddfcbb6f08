import { z } from 'zod';
import { alarmLevels, alarmWays } from '../domain/alarm.js';
import { defineRecord, maybe, type ReadsOf } from './record.js';

/** The history of an alarm, oldest first. */
export const alarmSteps = ['raised', 'raised-again', 'sent', 'seen', 'escalated', 'cleared'] as const;

/** One incident. It lasts until its condition has ended or a person has said what it was. */
export const alarmRecord = defineRecord('alarm', 2, {
  /** One of `alarmKinds` at the time when it was raised. A longer list does not change the version of the row. */
  code: z.string(),
  level: z.enum(alarmLevels),
  /** Distinguishes incidents of one code: a case, a recording, a subscriber. */
  subject: z.string(),
  queueId: maybe(z.string()),
  clientUnit: maybe(z.string()),
  teamId: maybe(z.string()),
  text: z.strictObject({ en: z.string(), 'zh-CN': z.string() }),
  firstAt: z.date(),
  lastAt: z.date(),
  /** How often it was raised. */
  count: z.int().positive(),
  state: z.enum(['open', 'seen', 'cleared']),
  clearedAt: maybe(z.date()),
  /** Cleared by the part that raised it. If it is raised again soon after, it is the same incident. */
  clearedByPart: maybe(z.boolean()),
  /** User ids that a rule, an escalation or the raising part added to the holders of the rights of its kind. */
  people: z.array(z.string()),
  escalations: z.int().nonnegative(),
  /** The next moment at which it is sent, or sent to more people, if nobody acts. */
  nextStepAt: maybe(z.date()),
  history: z.array(
    z.strictObject({
      at: z.date(),
      what: z.enum(alarmSteps),
      /** A user id, or a part of the product. */
      by: z.string(),
      byName: maybe(z.string()),
      reason: maybe(z.string()),
      /** The channels that carried it, with the number of messages. */
      sent: maybe(z.array(z.strictObject({ way: z.enum(alarmWays), count: z.int() }))),
    }),
  ),
  /** The latest events counted in this alarm, so that an event that is delivered twice counts once. */
  eventIds: z.array(z.string()),
  revision: z.int().nonnegative(),
});

export type AlarmReads = ReadsOf<typeof alarmRecord>;
