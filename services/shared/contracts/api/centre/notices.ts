import { z } from 'zod';
import { alarmCodes, alarmLevels, alarmWays } from '../../../domain/alarm.js';
import { roles } from '../../../domain/people/rights.js';
import { nothing, type Endpoints } from '../endpoint.js';
import { QueueId, UserId, asUserId } from '../../ids.js';

const minute = z.int().min(0).max(1_439);

export const Alarm = z.object({
  id: z.string(),
  code: z.enum(alarmCodes),
  level: z.enum(alarmLevels),
  queueId: QueueId.optional(),
  clientUnit: z.string().optional(),
  /** What happened, in both languages. */
  text: z.object({ en: z.string(), 'zh-CN': z.string() }),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
  /** How often it was raised. */
  count: z.number(),
  state: z.enum(['open', 'seen', 'cleared']),
  history: z.array(
    z.object({
      at: z.iso.datetime(),
      what: z.enum(['raised', 'raised-again', 'sent', 'seen', 'escalated', 'cleared']),
      /** Empty when the part that raised it, or the sender, did this. */
      byName: z.string().optional(),
      reason: z.string().optional(),
      sent: z.array(z.object({ way: z.enum(alarmWays), count: z.number() })).optional(),
    }),
  ),
});
export type Alarm = z.infer<typeof Alarm>;

export const AlarmRule = z.object({
  /** User ids of people who get this kind in addition to the holders of its rights. */
  people: z.array(z.string().min(1).max(64)).max(50),
  roles: z.array(z.enum(roles)).max(roles.length),
  ways: z.array(z.enum(alarmWays)).max(alarmWays.length),
  /** 0: never. */
  escalationMinutes: z.int().min(0).max(10_080),
});
export type AlarmRule = z.infer<typeof AlarmRule>;

const QuietHours = z.object({ fromMinute: minute, toMinute: minute });
const id = z.object({ id: z.string().max(64) });

export const noticesApi = {
  'GET /alarms': {
    right: 'alarms.use',
    summary: 'The caller’s alarms, the last raised first.',
    query: z.object({
      state: z.enum(['open', 'seen', 'current', 'cleared']).default('current'),
      code: z.enum(alarmCodes).optional(),
      skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({ alarms: z.array(Alarm), total: z.number() }),
    failures: [],
  },
  'GET /alarms/summary': {
    right: 'alarms.use',
    summary: 'The number of the caller’s alarms that nobody has seen, of those seen but not cleared, and the last one raised.',
    answer: z.object({
      open: z.number(),
      seen: z.number(),
      newest: z.object({ id: z.string(), code: z.enum(alarmCodes), level: z.enum(alarmLevels) }).optional(),
    }),
    failures: [],
  },
  'POST /alarms/:id/seen': {
    right: 'alarms.use',
    summary: 'Says that the person has seen an alarm and is handling it: it is not escalated to others.',
    params: id,
    body: z.object({ seen: z.literal(true) }),
    answer: nothing,
    failures: ['wrong-state', 'changed-meanwhile'],
  },
  'POST /alarms/:id/clear': {
    right: 'alarms.use',
    summary: 'Clears an alarm with the reason.',
    params: id,
    body: z.object({ reason: z.string().trim().min(3).max(500) }),
    answer: nothing,
    failures: ['wrong-state', 'changed-meanwhile'],
  },
  'GET /alarm-settings': {
    right: 'alarms.edit',
    summary: 'Who gets which alarm and how, quiet hours, and how people are reached; addresses are masked.',
    answer: z.object({
      kinds: z.array(
        z.object({
          code: z.enum(alarmCodes),
          level: z.enum(alarmLevels),
          /** Roles that always get it, whatever the rules say. */
          alwaysTo: z.array(z.enum(roles)),
          rule: AlarmRule,
          /** The rule is the default, because the site has set none. */
          isUsual: z.boolean(),
          /** The number of receivers who have a mail address. */
          reachedByMail: z.number(),
        }),
      ),
      quiet: QuietHours.optional(),
      /** The channels for which this installation has a provider. */
      ways: z.array(z.enum(alarmWays)),
      people: z.array(
        z.object({
          userId: UserId,
          name: z.string(),
          roles: z.array(z.enum(roles)),
          mailMasked: z.string().optional(),
          mobileMasked: z.string().optional(),
        }),
      ),
    }),
    failures: [],
  },
  'PUT /alarm-settings/rules/:code': {
    right: 'alarms.edit',
    summary: 'Sets who else gets a kind of alarm, how it is sent, and after how many minutes it is escalated.',
    params: z.object({ code: z.enum(alarmCodes) }),
    body: AlarmRule,
    answer: nothing,
    failures: [],
  },
  'PUT /alarm-settings/quiet': {
    right: 'alarms.edit',
    summary: 'Sets the hours in which only critical alarms are sent; without `quiet` there are none.',
    body: z.object({ quiet: QuietHours.nullable() }),
    answer: nothing,
    failures: [],
  },
  'PUT /alarm-settings/contacts/:userId': {
    right: 'alarms.edit',
    summary: 'Sets how a person is reached outside the pages. A field that is left out stays; an empty one is removed.',
    params: z.object({ userId: asUserId(z.string().max(64)) }),
    body: z
      .object({ mail: z.string().trim().max(254).optional(), mobile: z.string().trim().max(24).optional() })
      .refine(({ mail, mobile }) => mail !== undefined || mobile !== undefined, 'mail or mobile'),
    answer: nothing,
    failures: [],
  },
} satisfies Endpoints;
export type NoticesApi = typeof noticesApi;
