import { z } from 'zod';
import { edited } from '../edited.js';
import { clockTimes } from '../../domain/time/clock-time.js';
import { NumberRule, TrunkCodecs, TrunkIdentity } from '../trunks/trunk-sheet.js';

const stepId = z.string().regex(/^[a-z0-9-]{1,40}$/);
const promptId = z.string().regex(/^[a-z0-9-]{1,60}$/);
const clockTime = z.string().regex(clockTimes);
const dialable = z.string().regex(/^\+?[0-9*#]{1,24}$/);
const key = z.string().regex(/^[0-9*#]$/);

/** When a number is open, in the site's time zone. */
export const Hours = z.object({
  /** Days 1 (Monday) to 7 (Sunday); `24:00` closes at midnight. Several rows for one day are several spans. */
  weekly: z.array(z.object({ days: z.array(z.int().min(1).max(7)).nonempty(), opens: clockTime, closes: clockTime })).max(50),
  /** The Chinese public holidays are closed, and the working Saturdays and Sundays of 调休 are worked like the Monday of the week. */
  chineseHolidays: z.boolean().default(false),
  /** Days of the firm's own; they win over everything else. Without spans the day is closed. */
  exceptions: z
    .array(z.object({ date: z.iso.date(), spans: z.array(z.object({ opens: clockTime, closes: clockTime })).default([]) }))
    .max(400)
    .default([]),
});
export type Hours = z.infer<typeof Hours>;

/** One step of a flow. Whatever names a step must name one that exists; `flow-check` proves it before a flow goes live. */
export const FlowStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('play'), promptId, then: stepId }),
  z.object({
    kind: z.literal('menu'),
    promptId,
    /** What each key does; `label` is what the seat shows, `language` changes that of the prompts. */
    keys: z.record(key, z.object({ goTo: stepId, label: z.string().max(60), language: z.enum(['zh-CN', 'en']).optional() })),
    waitMs: z.int().min(1_000).max(30_000).default(6_000),
    /** How often the menu is played before `otherwise`. */
    tries: z.int().min(1).max(5).default(3),
    wrongKeyPromptId: promptId.default('wrong-key'),
    otherwise: stepId,
  }),
  z.object({
    kind: z.literal('queue'),
    queueId: z.string().min(1).max(64),
    priority: z.int().min(0).max(100).default(0),
    skills: z.record(z.string(), z.int()).default({}),
    /** After so long the caller goes to `onTimeout`. */
    maxWaitMs: z.int().min(1_000).max(7_200_000).default(900_000),
    onTimeout: stepId.optional(),
    onFull: stepId.optional(),
    onNoAgent: stepId.optional(),
    announce: z
      .object({
        everyMs: z.int().min(5_000).max(600_000),
        position: z.boolean().default(true),
        wait: z.boolean().default(false),
        promptId: promptId.optional(),
      })
      .optional(),
    /** A key that books a callback instead of waiting. */
    callbackKey: key.optional(),
  }),
  z.object({ kind: z.literal('message'), promptId, maxMs: z.int().min(5_000).max(600_000).default(120_000) }),
  z.object({ kind: z.literal('callback'), queueId: z.string().min(1).max(64), promptId }),
  z.object({ kind: z.literal('transfer'), number: dialable, otherwise: stepId.optional() }),
  z.object({ kind: z.literal('hang-up'), promptId: promptId.optional(), cause: z.enum(['completed', 'closed', 'centre-busy']) }),
]);
export type FlowStep = z.infer<typeof FlowStep>;

export const Survey = z.object({
  questions: z
    .array(z.object({ id: z.string().regex(/^[a-z-]{1,30}$/), promptId, keys: z.array(key).nonempty() }))
    .nonempty()
    .max(5),
  waitMs: z.int().min(2_000).max(30_000).default(8_000),
  thanksPromptId: promptId.default('survey-thanks'),
});
export type Survey = z.infer<typeof Survey>;

/** What happens to a caller of a service number, as data. */
export const Flow = z.object({
  noticePromptId: promptId.default('notice'),
  /** `before-queue`: the notice is heard out first. `while-ringing`: the caller is queued at once and joined when the notice has ended. */
  noticeMode: z.enum(['before-queue', 'while-ringing']).default('before-queue'),
  hours: Hours.optional(),
  /** Where a caller goes outside the hours; without it the `closed` prompt is played and the call ends. */
  onClosed: stepId.optional(),
  start: stepId,
  steps: z.record(stepId, FlowStep),
  survey: Survey.optional(),
  musicPromptId: promptId.default('music'),
  /** The agent hangs up without a goodbye prompt when empty. */
  goodbyePromptId: promptId.optional(),
});
export type Flow = z.infer<typeof Flow>;

export const numberStatuses = ['in-service', 'draft', 'closed', 'out-of-service'] as const;

/** A number that callers dial. `closed` is the emergency switch: hours do not matter. A draft is reached from allowed test numbers only. */
export const ServiceNumber = z.object({
  number: dialable,
  name: z.string().max(60).default(''),
  status: z.enum(numberStatuses),
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  /** The version of the flow that callers get. */
  flowVersion: z.int().positive(),
  /** The version that callers got before: the target of a rollback. */
  previousFlowVersion: z.int().positive().optional(),
  flow: Flow,
  /** A row of the register of client units. */
  clientUnit: z.string().max(64).optional(),
  /** A row of the register of sites: where the number is served. */
  site: z.string().max(64).optional(),
  /** How agents answer for this number; shown before they do. */
  greeting: z.string().max(200).optional(),
  /** Who may call a draft. */
  testCallers: z.array(dialable).max(20).default([]),
  ...edited,
});
export type ServiceNumber = z.infer<typeof ServiceNumber>;

export const trunkTransports = ['plain', 'tls'] as const;
/**
 * Whether the sound of a trunk is encrypted with keys of its descriptions (SDES, RFC 4568). `off`: plain RTP; `optional`: plain RTP is offered
 * with keys beside it (RFC 8643), and what the carrier chooses is taken; `required`: RTP/SAVP alone.
 */
export const mediaEncryptions = ['off', 'optional', 'required'] as const;
export type MediaEncryption = (typeof mediaEncryptions)[number];
/** A host name (RFC 5922), or a SHA-256 fingerprint as openssl prints it. */
const CertificateName = z
  .string()
  .max(253)
  .regex(/^(?:[\w-]+(?:\.[\w-]+)*|(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2})$/);

const MAX_RANK = 65_535;
/** Priority and weight of an address, with the ranges of an SRV record (RFC 2782). */
export const AddressRank = z.object({ priority: z.int().min(0).max(MAX_RANK), weight: z.int().min(0).max(MAX_RANK) });

export const Trunk = z.object({
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.string().max(60),
  carrier: z.string().max(60).default(''),
  /** Source addresses that are this trunk: single ones or IPv4 CIDR. */
  addresses: z.array(z.string().regex(/^[0-9a-fA-F.:]+(\/\d{1,2})?$/)).max(50),
  /** Digest asked of calls that come in, when the carrier supports it. The password is kept sealed and is never returned. */
  digest: z.object({ username: z.string().max(64), password: z.string().max(128) }).optional(),
  /**
   * Register with the carrier at `outboundUri` under the digest's name (RFC 3261 section 10). Such a carrier answers no challenge of ours:
   * its calls are known by their address, and the number called stands in To.
   */
  registers: z.boolean().optional(),
  /** Believe P-Asserted-Identity (RFC 3325): only a carrier within our trust domain. */
  trustsIdentity: z.boolean().default(false),
  /**
   * Sound of this trunk comes from another address than its descriptions name: it sits behind NAT, or its media gateway sends and receives
   * apart. Then the first packet after an answer shows where it is; of every other trunk the described address alone is heard.
   */
  mediaBehindNat: z.boolean().optional(),
  /** Where outbound calls are sent: `sip:host:port`, or `sip:domain`, whose SRV records name the servers (RFC 3263). */
  outboundUri: z.string().max(200).optional(),
  /** Where else they go, in this order, when the one before does not take a call: no answer in 4 s, 503, or the network. */
  furtherUris: z.array(z.string().max(200)).max(7).optional(),
  /**
   * Of `outboundUri` and each of `furtherUris`, in this order, when they are not tried one after the other: the lowest priority goes first, and
   * addresses of one priority share the calls by their weights (as RFC 2782).
   */
  ranks: z.array(AddressRank).max(8).optional(),
  /** Calls at a time, in both directions together; without limit when it is left out. One more waits up to 2 s and is then refused with 503. */
  channels: z.int().min(1).max(10_000).optional(),
  /** Calls that may begin within a second; those over it wait up to 2 s. */
  callsPerSecondIn: z.int().min(1).max(1_000).optional(),
  callsPerSecondOut: z.int().min(1).max(1_000).optional(),
  permittedCallerNumbers: z.array(dialable).max(1_000).default([]),
  enabled: z.boolean().default(true),
  /** How SIP travels, both ways: in clear over UDP and TCP (`plain`, also when it is left out), or over TLS alone. */
  transport: z.enum(trunkTransports).optional(),
  /** Only for a trunk over TLS: a name in the carrier's certificate, or its SHA-256 fingerprint. Calls in and out are refused when it does not match. */
  certificate: CertificateName.optional(),
  /** `off` when it is left out. `required` needs TLS: whoever reads the signalling reads the keys. */
  mediaEncryption: z.enum(mediaEncryptions).optional(),
  /** How the carrier writes numbers. */
  numberRules: z.array(NumberRule).max(40).optional(),
  /** Whom calls out come from. */
  identity: TrunkIdentity.optional(),
  /** In the order of preference; whatever both sides know when it is left out. */
  codecs: TrunkCodecs.optional(),
});
export type Trunk = z.infer<typeof Trunk>;
