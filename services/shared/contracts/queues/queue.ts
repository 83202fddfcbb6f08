import { z } from 'zod';
import { serviceLevelKeys } from '../../domain/figures/keys.js';
import { edited } from '../edited.js';
import { Overflow } from './overflow.js';

export const strategies = ['longest-idle', 'round-robin', 'fewest-calls', 'least-talk-time', 'top-down', 'ring-all'] as const;
export type Strategy = (typeof strategies)[number];

/** After this wait the required skill levels are lowered by this much, so that more agents fit. */
const Ring = z.object({ afterMs: z.int().nonnegative(), lowerBy: z.int().positive() });

/** A queue as it is stored and edited. Times are in milliseconds. */
export const Queue = z
  .object({
    id: z.string().regex(/^[a-z0-9-]{1,40}$/),
    name: z.object({ 'zh-CN': z.string().min(1).max(60), en: z.string().min(1).max(60) }),
    strategy: z.enum(strategies).default('longest-idle'),
    /** In the order of the strategy `top-down`. `everyone`: all agents with a seat serve. */
    members: z.union([z.literal('everyone'), z.array(z.string().max(64)).max(20_000)]).default('everyone'),
    /** When several queues wait for the same agent, the queue with the higher priority goes first. */
    priority: z.int().min(0).max(100).default(50),
    skills: z.record(z.string().max(40), z.int().min(1).max(10)).default({}),
    rings: z.array(Ring).max(10).default([]),
    ringForMs: z.int().min(3_000).max(120_000).default(20_000),
    autoAnswer: z.boolean().default(false),
    /** How long the queue waits for the agent of the caller's last call before it asks others; 0 = not at all. */
    stickyForMs: z.int().nonnegative().max(600_000).default(0),
    maxLength: z.int().min(1).max(10_000).default(100),
    maxWaitMs: z.int().min(5_000).max(7_200_000).default(600_000),
    overflow: Overflow.default({ to: 'hang-up' }),
    /** Whether callers may wait while nobody is signed in. */
    admitWithoutAgents: z.boolean().default(false),
    wrapUp: z
      .object({
        mode: z.enum(['none', 'fixed', 'manual']),
        ms: z.int().nonnegative().max(3_600_000),
        extendable: z.boolean(),
        /** Wrap-up lasts at least until the agent has given the contact its result. */
        untilDisposed: z.boolean().default(false),
      })
      .default({ mode: 'fixed', ms: 10_000, extendable: true, untilDisposed: false }),
    serviceLevel: z
      .object({
        targetPercent: z.number().min(1).max(100),
        thresholdMs: z.int().positive(),
        /** The figure of the registry that judges the target. */
        formula: z.enum(serviceLevelKeys).default('sl.strict'),
      })
      .default({ targetPercent: 80, thresholdMs: 20_000, formula: 'sl.strict' }),
    ...edited,
  })
  .refine((queue) => queue.rings.every((ring, i) => i === 0 || ring.afterMs > (queue.rings[i - 1]?.afterMs ?? 0)), {
    path: ['rings'],
    message: 'each ring must begin later than the one before',
  })
  .refine((queue) => queue.overflow.to !== 'queue' || queue.overflow.queueId !== queue.id, {
    path: ['overflow'],
    message: 'a queue cannot overflow into itself',
  });
export type Queue = z.infer<typeof Queue>;

/** A reason for a break, with its limits. */
export const BreakReason = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,30}$/),
  name: z.object({ 'zh-CN': z.string().min(1).max(30), en: z.string().min(1).max(30) }),
  /** The longest time of one break. A longer one is marked on the pages and raises `break-over-limit`. Missing: no limit. */
  limitMs: z.int().min(60_000).max(86_400_000).optional(),
  /** The largest number of agents at a time. Missing: no limit. */
  atOnce: z.int().min(1).max(10_000).optional(),
});
export type BreakReason = z.infer<typeof BreakReason>;

export const BreakReasons = z
  .array(BreakReason)
  .max(50)
  .refine((reasons) => new Set(reasons.map(({ id }) => id)).size === reasons.length, { message: 'a reason is named twice' });
