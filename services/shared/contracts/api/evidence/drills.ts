import { z } from 'zod';
import { languages } from '../../../domain/language.js';
import { file, type Endpoints } from '../endpoint.js';

const inLanguage = z.object({ language: z.enum(languages).default('zh-CN') });
const topics = ['call', 'consent', 'seat', 'staff', 'device', 'rule'] as const;

/** An item that a mock inspection drew, and what was shown for it. */
export const DrillItem = z.object({
  number: z.number(),
  topic: z.enum(topics),
  topicWords: z.string(),
  /** The id of the call or consent, or the key of the row in the register. */
  subject: z.string(),
  label: z.string(),
  /** The questions of an inspector. */
  asks: z.string(),
  /** What the system finds missing, in words. */
  gaps: z.array(z.string()),
  answers: z.array(z.object({ shown: z.boolean(), note: z.string(), by: z.string(), at: z.iso.datetime() })),
  verdict: z.enum(['open', 'shown', 'missed']),
});
export type DrillItem = z.infer<typeof DrillItem>;

/** A mock inspection (模拟迎检). */
export const Drill = z.object({
  drillId: z.string(),
  seed: z.string(),
  seedFrom: z.enum(['inspector', 'outside', 'day-sheet', 'system']),
  /** The inspector who named the seed, and when. */
  seedBy: z.object({ by: z.string(), name: z.string(), at: z.iso.datetime() }).optional(),
  startedAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  /** When it was ended or its time ran out; missing while it runs. */
  endedAt: z.iso.datetime().optional(),
  by: z.string(),
  drawnFrom: z.record(z.enum(topics), z.number()),
  items: z.array(DrillItem),
  revision: z.number(),
});
export type Drill = z.infer<typeof Drill>;

/** Words that people can say and type: no control characters. */
const SpokenSeed = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]*$/u);

/** A seed that an inspector named, and until when draws use it. */
export const NamedSeed = z.object({ seed: z.string(), by: z.string(), name: z.string(), at: z.iso.datetime(), until: z.iso.datetime() });
export type NamedSeed = z.infer<typeof NamedSeed>;

export const drillsApi = {
  'GET /evidence/seed': {
    right: 'evidence.read',
    summary: 'The seed that an inspector named within the last 24 hours, or null.',
    answer: z.object({ seed: NamedSeed.nullable() }),
    failures: [],
  },
  'POST /evidence/seed': {
    right: 'evidence.seed',
    summary:
      'Names the seed of the next draws; only an inspector may do this. The six items, the next mock inspection and drawn recordings use it for 24 hours.',
    body: z.object({ seed: SpokenSeed }),
    answer: z.object({ seed: NamedSeed }),
    failures: [],
  },
  'GET /evidence/drills': {
    right: 'evidence.read',
    summary: 'The newest mock inspections with what was drawn and shown, newest first, and the time of the server.',
    query: inLanguage,
    answer: z.object({ now: z.iso.datetime(), drills: z.array(Drill) }),
    failures: [],
  },
  'POST /evidence/drills': {
    right: 'evidence.make',
    summary:
      'Begins a mock inspection: draws calls, consents, seats, staff, devices and rules by the seed that an inspector named, or by one from outside; without one, by the newest day sheet sent to a witness.',
    body: z.object({ seed: z.string().trim().max(64).optional(), minutes: z.int().min(5).max(480).default(30) }),
    answer: z.object({ drillId: z.string() }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out', 'wrong-state'],
  },
  'POST /evidence/drills/:drillId/items/:number': {
    right: 'evidence.make',
    summary: 'Says whether a drawn item was shown; refused when the time is over. What was not shown needs its reason.',
    params: z.object({ drillId: z.string().max(40), number: z.coerce.number().int().min(1).max(100) }),
    body: z.object({ shown: z.boolean(), note: z.string().trim().max(500).default('') }),
    answer: z.object({ number: z.number() }),
    failures: ['changed-meanwhile', 'not-found', 'wrong-state'],
  },
  'POST /evidence/drills/:drillId/end': {
    right: 'evidence.make',
    summary: 'Ends a mock inspection early; items without an answer count as missed.',
    params: z.object({ drillId: z.string().max(40) }),
    answer: z.object({ drillId: z.string() }),
    failures: ['changed-meanwhile', 'not-found', 'wrong-state'],
  },
  'GET /evidence/drills/:drillId/report.docx': {
    right: 'evidence.read',
    summary: 'The rectification report of a mock inspection that is over: what was missed, and all that was drawn.',
    params: z.object({ drillId: z.string().max(40) }),
    query: inLanguage,
    answer: file('application/vnd.openxmlformats-officedocument.wordprocessingml.document'),
    failures: ['not-found', 'wrong-state'],
  },
} satisfies Endpoints;
export type DrillsApi = typeof drillsApi;
