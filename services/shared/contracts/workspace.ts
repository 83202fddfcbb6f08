import { z } from 'zod';
import { agentDayKeys } from '../domain/figures/keys.js';
import { Words } from './api/words.js';
import { AgentId, CallId, QueueId } from './ids.js';
import { ScriptText } from './script-text.js';

const words = (longest: number) => z.object({ 'zh-CN': z.string().trim().min(1).max(longest), en: z.string().trim().min(1).max(longest) });
const code = z.string().regex(/^[a-z0-9-]{1,40}$/);

/** One way in which a contact can end, and the finer ways below it. Only an entry without any below it is a result. */
export interface Disposition {
  readonly code: string;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
  readonly children: readonly Disposition[];
}
const Disposition: z.ZodType<Disposition> = z.lazy(() =>
  z.object({ code, name: words(60), children: z.array(Disposition).max(60).default([]) }),
);

/** A field that the agent asks about and fills in next to the script. `choices` only for a choice. */
export const WorksheetField = z.object({
  id: code,
  label: words(60),
  kind: z.enum(['text', 'number', 'date', 'choice']),
  choices: z.array(z.string().trim().min(1).max(60)).max(40).default([]),
  required: z.boolean().default(false),
  /** A card or identity number: the recording pauses while it is filled in, and other people see only its last characters. */
  sensitive: z.boolean().default(false),
});
export type WorksheetField = z.infer<typeof WorksheetField>;

const LEVELS = 4;
const depthOf = (tree: readonly Disposition[]): number =>
  tree.length === 0 ? 0 : 1 + Math.max(...tree.map(({ children }) => depthOf(children)));
const codesOf = (tree: readonly Disposition[]): string[] => tree.flatMap((entry) => [entry.code, ...codesOf(entry.children)]);

/** What a queue gives its agents for a call: the script with its fields, and the results to choose from. */
export const Worksheet = z.object({
  queueId: code,
  script: z.object({ 'zh-CN': z.string().max(10_000), en: z.string().max(10_000) }).default({ 'zh-CN': '', en: '' }),
  fields: z
    .array(WorksheetField)
    .max(30)
    .default([])
    .refine((fields) => new Set(fields.map(({ id }) => id)).size === fields.length, 'an id is used twice')
    .refine((fields) => fields.every(({ kind, choices }) => kind !== 'choice' || choices.length > 0), 'a choice field needs options'),
  dispositions: z
    .array(Disposition)
    .max(60)
    .default([])
    .refine((tree) => depthOf(tree) <= LEVELS, `more than ${LEVELS} levels`)
    .refine((tree) => new Set(codesOf(tree)).size === codesOf(tree).length, 'a code is used twice'),
});
export type Worksheet = z.infer<typeof Worksheet>;

/** What an agent writes during and after a call. `disposition` is the path through the tree, as codes. */
export const ContactEntry = z.object({
  notes: z.string().max(10_000).default(''),
  disposition: z.array(code).max(LEVELS).default([]),
  fields: z.record(code, z.string().max(500)).default({}),
});
export type ContactEntry = z.infer<typeof ContactEntry>;

/** What one agent wrote about one call. */
export const Contact = ContactEntry.extend({
  callId: CallId,
  agentId: AgentId,
  queueId: QueueId.optional(),
  at: z.string(),
  updatedAt: z.string(),
  /** When the result was given; a queue may require it before the agent can continue. */
  completedAt: z.string().optional(),
});
export type Contact = z.infer<typeof Contact>;

/** All that is known about a caller and what to say, for the agent at whose seat the call rings or who is in it. */
export const Briefing = z.object({
  worksheet: Worksheet.nullable(),
  /** The client unit whose number was called, and how to answer for it. */
  client: z
    .object({
      name: z.string(),
      greeting: z.string(),
    })
    .nullable(),
  /** The caller hid the number: nobody can be called back, and no note finds them again. */
  withheld: z.boolean(),
  /** Set for a call out, whoever has it now: our number that the person saw, and the campaign that it belongs to. */
  callOut: z.object({ from: z.string(), campaign: z.string().optional() }).optional(),
  stickyNote: z
    .object({
      text: z.string(),
      by: z.string(),
      at: z.string(),
    })
    .nullable(),
  openComplaints: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      kind: z.string(),
      receivedAt: z.string(),
    }),
  ),
  /** Complaints that this call belongs to, newest first; also for a withheld number. */
  complaintsOfCall: z.array(z.object({ id: z.string(), number: z.string() })),
  /** Earlier contacts of this caller and what was written about them, newest first. */
  earlier: z.array(Contact),
  /** What was written about this call: the entry of the agent who asks, and those of earlier agents. */
  written: z.array(Contact),
});
export type Briefing = z.infer<typeof Briefing>;

/** A promise, made at a seat, to call somebody back at a time. The number stays on the server. */
export const SeatCallback = z.object({
  id: z.string(),
  callId: CallId,
  callerMasked: z.string(),
  queueId: QueueId.optional(),
  /** The agent who makes the call; missing when anybody of the queue may. */
  agentId: AgentId.optional(),
  dueAt: z.string(),
  note: z.string(),
  state: z.enum(['cancelled', 'done', 'open']),
  tries: z.array(
    z.object({
      callId: CallId,
      by: z.string(),
      at: z.string(),
    }),
  ),
  /** Other calls of the same person that this callback also answers, with the queue of each. */
  also: z.array(z.object({ callId: CallId, queueId: QueueId.optional() })).optional(),
});
export type SeatCallback = z.infer<typeof SeatCallback>;

/** All the paperwork of one call: what each of its agents wrote, and what came of it. */
export const CallPaperwork = z.object({
  /** What the agents wrote, the first agent first. Of a sensitive field only the last characters are shown, to everybody. */
  written: z.array(Contact),
  /** The names of the fields and results, of each queue that an agent wrote for. */
  worksheets: z.array(Worksheet.pick({ queueId: true, fields: true, dispositions: true })),
  /** The client unit whose number was called. */
  client: z.object({ name: z.string() }).nullable(),
  /** What its agents had on their screens to say, in an ended call out, in order of time. `at`: since when there is this wording. */
  scripts: z.array(ScriptText.extend({ scriptId: z.string(), agentId: AgentId, shownAt: z.iso.datetime(), at: z.iso.datetime() })),
  complaints: z.array(z.object({ id: z.string(), number: z.string() })),
  callbacks: z.array(SeatCallback),
});
export type CallPaperwork = z.infer<typeof CallPaperwork>;

/** An agent's own day at the site. Times in milliseconds; null where there is nothing to count. */
export const AgentDay = z.object({
  /** Calls in that the agent answered. */
  calls: z.number(),
  /** Calls out in which the agent talked to somebody. */
  callsOut: z.number(),
  talkMs: z.number(),
  /** The standard service level of the visits that the agent answered, in percent. */
  serviceLevelPercent: z.number().nullable(),
  /** As a report by agent has them for the same time, with the name and the formula of each. */
  figures: z.array(
    z.object({
      key: z.enum(agentDayKeys),
      name: Words,
      text: Words,
      unit: z.enum(['percent', 'seconds']),
      numerator: z.number(),
      denominator: z.number(),
      value: z.number().nullable(),
    }),
  ),
  stateMs: z.record(z.string(), z.number()),
  /** Callers' scores of today (1 to 5) and reviews of the last 30 days (0 to 100). */
  score: z
    .object({
      mean: z.number(),
      answers: z.number(),
    })
    .nullable(),
  reviews: z
    .object({
      meanPercent: z.number(),
      count: z.number(),
    })
    .nullable(),
});
export type AgentDay = z.infer<typeof AgentDay>;
