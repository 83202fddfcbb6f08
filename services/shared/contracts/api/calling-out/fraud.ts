import { z } from 'zod';
import { fraudPatterns } from '../../../domain/calls/fraud.js';
import { nothing, type Endpoints } from '../endpoint.js';

const rule = z.object({
  on: z.boolean(),
  withinMinutes: z.int().min(5).max(1_440),
  limit: z.number().positive().max(100_000),
  atLeast: z.int().min(0).max(100_000),
  stops: z.boolean(),
});

const fraudSettingsBody = z.object({
  rules: z.record(z.enum(fraudPatterns), rule),
  shortCallMs: z.int().min(1_000).max(60_000),
  watchedPrefixes: z
    .array(
      z
        .string()
        .regex(/^\+?\d{0,12}$/)
        .min(1),
    )
    .max(100),
});

export const FraudRule = z.object({
  on: z.boolean(),
  /** The window that is counted. `complaints` are counted by calendar month. */
  withinMinutes: z.number(),
  /** The count, or the share in percent, from which the alarm is raised. */
  limit: z.number(),
  /** The fewest calls with which a share means something. */
  atLeast: z.number(),
  /** The number or the agent may then call nobody until a person has looked at the alarm. */
  stops: z.boolean(),
});
export type FraudRule = z.infer<typeof FraudRule>;

export const FraudSettings = z.object({
  rules: z.object({
    blocked: FraudRule,
    complaints: FraudRule,
    burst: FraudRule,
    'short-calls': FraudRule,
    unreached: FraudRule,
    refusals: FraudRule,
    destinations: FraudRule,
    night: FraudRule,
    'too-often': FraudRule,
    'one-caller': FraudRule,
    'short-calls-in': FraudRule,
  }),
  /** An answered call that ends before this time is a short one. */
  shortCallMs: z.number(),
  /** The leading digits of foreign and expensive numbers. */
  watchedPrefixes: z.array(z.string()),
});
export type FraudSettings = z.infer<typeof FraudSettings>;

export const fraudApi = {
  'GET /outbound/alarms': {
    right: 'outbound.read',
    summary: 'What the fraud watch found, newest first.',
    query: z.object({
      openOnly: z.stringbool().default(false),
      skip: z.coerce.number().int().min(0).default(0),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    answer: z.object({
      alarms: z.array(
        z.object({
          subject: z.object({
            kind: z.enum(['number', 'agent', 'caller']),
            shown: z.string(),
          }),
          id: z.string(),
          pattern: z.enum(fraudPatterns),
          at: z.iso.datetime(),
          /** When the pattern was last seen, with its count and the total at that time. */
          lastAt: z.iso.datetime(),
          count: z.number(),
          of: z.number(),
          limit: z.number(),
          /** The stop that the alarm set. */
          stopId: z.string().optional(),
          settled: z
            .object({
              at: z.iso.datetime(),
              by: z.string(),
              byName: z.string(),
              finding: z.string(),
              lifted: z.boolean(),
            })
            .optional(),
        }),
      ),
      total: z.number(),
    }),
    failures: [],
  },
  'POST /outbound/alarms/:id/settle': {
    right: 'outbound.edit',
    summary: 'Records the finding on an alarm, and lifts the stop that it set when `lift` is true.',
    params: z.object({ id: z.string().max(40) }),
    body: z.object({ finding: z.string().trim().min(3).max(500), lift: z.boolean().default(false) }),
    answer: nothing,
    failures: ['not-found', 'wrong-state'],
  },
  'GET /outbound/fraud-rules': {
    right: 'outbound.read',
    summary: 'The rules of the fraud watch, and their defaults.',
    answer: FraudSettings.extend({ usual: FraudSettings }),
    failures: [],
  },
  'PUT /outbound/fraud-rules': {
    right: 'outbound.edit',
    summary: 'Sets the rules of the fraud watch.',
    body: fraudSettingsBody,
    answer: nothing,
    failures: [],
  },
} satisfies Endpoints;
export type FraudApi = typeof fraudApi;
