import { z } from 'zod';
import { trunkDigits } from '../../domain/calls/trunk-digits.js';
import { edited } from '../edited.js';
import { clockTimes } from '../../domain/time/clock-time.js';
import { EchoNumber, NumberRule, TrunkCodecs, TrunkIdentity } from '../trunks/trunk-sheet.js';
import { asQueueId } from '../ids.js';

const stepId = z.string().regex(/^[a-z0-9-]{1,40}$/);
const promptId = z.string().regex(/^[a-z0-9-]{1,60}$/);
const clockTime = z.string().regex(clockTimes);
const dialable = z.string().regex(/^\+?[0-9*#]{1,24}$/);
const key = z.string().regex(/^[0-9*#]$/);

/** The opening hours of a number, in the zone of the site. */
export const Hours = z.object({
  /** Days 1 (Monday) to 7 (Sunday). `24:00` closes at midnight. A day may have several rows. */
  weekly: z.array(z.object({ days: z.array(z.int().min(1).max(7)).nonempty(), opens: clockTime, closes: clockTime })).max(50),
  /** Closed on Chinese public holidays. Working Saturdays and Sundays (调休) have the hours of Monday. */
  chineseHolidays: z.boolean().default(false),
  /** The firm's own days, which override everything else. A day without hours is closed. */
  exceptions: z
    .array(z.object({ date: z.iso.date(), spans: z.array(z.object({ opens: clockTime, closes: clockTime })).default([]) }))
    .max(400)
    .default([]),
});
export type Hours = z.infer<typeof Hours>;

/** One step of a flow. A step may only name steps that exist; `flow-check` proves this before a flow goes live. */
export const FlowStep = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('play'), promptId, then: stepId }),
  z.object({
    kind: z.literal('menu'),
    promptId,
    /** What each digit does. The seat shows `label`; `language` changes the language of the prompts. */
    keys: z.record(key, z.object({ goTo: stepId, label: z.string().max(60), language: z.enum(['zh-CN', 'en']).optional() })),
    waitMs: z.int().min(1_000).max(30_000).default(6_000),
    /** How often the menu is played before `otherwise`. */
    tries: z.int().min(1).max(5).default(3),
    wrongKeyPromptId: promptId.default('wrong-key'),
    otherwise: stepId,
  }),
  z.object({
    kind: z.literal('queue'),
    queueId: asQueueId(z.string().min(1).max(64)),
    priority: z.int().min(0).max(100).default(0),
    skills: z.record(z.string(), z.int()).default({}),
    /** After this time the caller goes to `onTimeout`. */
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
    /** A digit that books a callback instead of waiting. */
    callbackKey: key.optional(),
  }),
  z.object({ kind: z.literal('message'), promptId, maxMs: z.int().min(5_000).max(600_000).default(120_000) }),
  z.object({ kind: z.literal('callback'), queueId: asQueueId(z.string().min(1).max(64)), promptId }),
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
  /**
   * `before-queue`: the caller hears the whole notice first. `while-ringing`: the caller is queued at once and connected when the notice
   * has ended.
   */
  noticeMode: z.enum(['before-queue', 'while-ringing']).default('before-queue'),
  hours: Hours.optional(),
  /** Where a caller goes outside the hours. Without it the prompt `closed` is played and the call ends. */
  onClosed: stepId.optional(),
  start: stepId,
  steps: z.record(stepId, FlowStep),
  survey: Survey.optional(),
  musicPromptId: promptId.default('music'),
  /** The prompt that is played when the agent hangs up; if missing, none is. */
  goodbyePromptId: promptId.optional(),
});
export type Flow = z.infer<typeof Flow>;

export const numberStatuses = ['in-service', 'draft', 'closed', 'out-of-service'] as const;

/** A number that callers dial. `closed` is the emergency switch, which overrides the hours. Only allowed test numbers reach a draft. */
export const ServiceNumber = z.object({
  number: dialable,
  name: z.string().max(60).default(''),
  status: z.enum(numberStatuses),
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  /** The version of the flow that callers get. */
  flowVersion: z.int().positive(),
  /** The previous version, which a rollback restores. */
  previousFlowVersion: z.int().positive().optional(),
  flow: Flow,
  /** A row of the register of client units. */
  clientUnit: z.string().max(64).optional(),
  /** A row of the register of sites: where the number is served. */
  site: z.string().max(64).optional(),
  /** How agents answer calls to this number. The seat shows it before they answer. */
  greeting: z.string().max(200).optional(),
  /** The numbers that may call a draft. */
  testCallers: z.array(dialable).max(20).default([]),
  ...edited,
});
export type ServiceNumber = z.infer<typeof ServiceNumber>;

export const trunkTransports = ['plain', 'tls'] as const;
/**
 * Whether the media of a trunk is encrypted with keys from its descriptions (SDES, RFC 4568). `off`: plain RTP. `optional`: plain RTP is
 * offered together with keys (RFC 8643), and the carrier chooses. `required`: only RTP/SAVP.
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
  /** The source addresses of this trunk: single addresses or IPv4 networks in CIDR notation. */
  addresses: z.array(z.string().regex(/^[0-9a-fA-F.:]+(\/\d{1,2})?$/)).max(50),
  /** The digest with which inbound calls are challenged, if the carrier supports it. The password is sealed and never returned. */
  digest: z.object({ username: z.string().max(64), password: z.string().max(128) }).optional(),
  /**
   * Register with the carrier at `outboundUri` under the name of the digest (RFC 3261 section 10). We do not challenge such a carrier: its
   * calls are known by their source address, and To holds the called number.
   */
  registers: z.boolean().optional(),
  /** Trust P-Asserted-Identity (RFC 3325). Only for a carrier within our trust domain. */
  trustsIdentity: z.boolean().default(false),
  /**
   * The media of this trunk comes from another address than its descriptions name, because the trunk is behind NAT or its gateway sends and
   * receives on different addresses. The first packet after an answer then shows the address. For all other trunks only the described
   * address is accepted.
   */
  mediaBehindNat: z.boolean().optional(),
  /** Where outbound calls are sent: `sip:host:port`, or `sip:domain`, whose SRV records name the servers (RFC 3263). */
  outboundUri: z.string().max(200).optional(),
  /**
   * Further destinations, tried in this order when the one before does not take a call: no answer within 4 s, 503, or a network failure.
   */
  furtherUris: z.array(z.string().max(200)).max(7).optional(),
  /**
   * Priority and weight of `outboundUri` and of each of `furtherUris`, in this order; without them the addresses are tried one after the
   * other. The lowest priority goes first, and addresses of one priority share the calls by their weights (as in RFC 2782).
   */
  ranks: z.array(AddressRank).max(8).optional(),
  /**
   * The largest number of simultaneous calls in both directions together; unlimited without it. A further call waits up to 2 s and is then
   * refused with 503.
   */
  channels: z.int().min(1).max(10_000).optional(),
  /** The largest number of calls that may begin within a second. Further calls wait up to 2 s. */
  callsPerSecondIn: z.int().min(1).max(1_000).optional(),
  callsPerSecondOut: z.int().min(1).max(1_000).optional(),
  permittedCallerNumbers: z.array(dialable).max(1_000).default([]),
  enabled: z.boolean().default(true),
  /** The transport of SIP in both directions: unencrypted over UDP and TCP (`plain`, the default), or only over TLS. */
  transport: z.enum(trunkTransports).optional(),
  /**
   * Only for a trunk over TLS: a name in the carrier's certificate, or its SHA-256 fingerprint. Calls in both directions are refused when
   * it does not match.
   */
  certificate: CertificateName.optional(),
  /** The default is `off`. `required` needs TLS, because whoever reads the signalling reads the keys. */
  mediaEncryption: z.enum(mediaEncryptions).optional(),
  /** How the carrier writes numbers. */
  numberRules: z.array(NumberRule).max(40).optional(),
  /** How the carrier wants to read the caller of an outbound call. */
  identity: TrunkIdentity.optional(),
  /** The codecs in order of preference; without it, all codecs that both sides know. */
  codecs: TrunkCodecs.optional(),
  /** How digits go to the carrier; `events` without it. */
  digits: z.enum(trunkDigits).optional(),
  /** The carrier's number that sends back what it hears: proof calls and tests of the trunk call it. */
  echoNumber: EchoNumber.optional(),
  ...edited,
});
export type Trunk = z.infer<typeof Trunk>;
