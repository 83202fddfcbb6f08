import { z } from 'zod';
import { trunkDigits } from '../../../domain/calls/trunk-digits.js';
import { ListedCaller, callerLists } from '../../calls/caller-list.js';
import { AddressRank, Flow, Hours, ServiceNumber, Trunk, mediaEncryptions, numberStatuses, trunkTransports } from '../../calls/flow.js';
import { edited } from '../../edited.js';
import { trunkCodecs } from '../../../domain/calls/trunk-codecs.js';
import { flowFaults } from '../../../domain/failure-details.js';
import { EchoNumber, NumberRule, TrunkIdentity } from '../../trunks/trunk-sheet.js';
import { TrunkState } from '../../trunks/trunk-state.js';
import { nothing, type Endpoints } from '../endpoint.js';

export const Span = z.object({
  opens: z.string(),
  closes: z.string(),
});
export type Span = z.infer<typeof Span>;

/** The hours of one date, and the rule that gave them. */
export const DayHours = z.object({
  date: z.string(),
  weekday: z.number(),
  by: z.enum(['week', 'holiday', 'workday', 'exception']),
  spans: z.array(Span),
});
export type DayHours = z.infer<typeof DayHours>;

/** One version of a number's flow. A version never changes after it was written. */
export const StoredFlow = z.object({
  /** `<number>@<version>`. */
  _id: z.string(),
  number: z.string(),
  version: z.number(),
  flow: Flow,
  savedAt: z.iso.datetime(),
  savedBy: z.string(),
  note: z.string(),
});
export type StoredFlow = z.infer<typeof StoredFlow>;

/** A problem of a step or of one of its parts. The words are keys that pages translate. */
export const FlowProblem = z.object({
  where: z.string(),
  problem: z.enum(flowFaults),
  detail: z.string(),
});
export type FlowProblem = z.infer<typeof FlowProblem>;

/** A trunk as pages see it, without its password. */
export const TrunkInClear = z.object({
  digest: z
    .object({
      username: z.string(),
    })
    .optional(),
  id: z.string(),
  name: z.string(),
  carrier: z.string(),
  /** The source addresses of this trunk: single addresses or IPv4 networks in CIDR notation. */
  addresses: z.array(z.string()),
  /** Trust P-Asserted-Identity (RFC 3325). Only for a carrier within our trust domain. */
  trustsIdentity: z.boolean(),
  permittedCallerNumbers: z.array(z.string()),
  enabled: z.boolean(),
  /**
   * Register with the carrier at `outboundUri` under the name of the digest (RFC 3261 section 10). We do not challenge such a carrier: its
   * calls are known by their source address, and To holds the called number.
   */
  registers: z.boolean().optional(),
  /**
   * The media of this trunk comes from another address than its descriptions name, because the trunk is behind NAT or its gateway sends and
   * receives on different addresses. The first packet after an answer then shows the address. For all other trunks only the described
   * address is accepted.
   */
  mediaBehindNat: z.boolean().optional(),
  /** Where outbound calls are sent: `sip:host:port`. */
  outboundUri: z.string().optional(),
  /**
   * Further destinations, tried in this order when the one before does not take a call: no answer within 4 s, 503, or a network failure.
   */
  furtherUris: z.array(z.string()).optional(),
  /**
   * Priority and weight of each address, in the order of `outboundUri` and `furtherUris`. Without them the addresses are tried one after
   * the other.
   */
  ranks: z.array(AddressRank).optional(),
  /**
   * The largest number of simultaneous calls in both directions together; unlimited without it. A further call waits up to 2 s and is then
   * refused with 503.
   */
  channels: z.number().optional(),
  /** The largest number of calls that may begin within a second. Further calls wait up to 2 s. */
  callsPerSecondIn: z.number().optional(),
  callsPerSecondOut: z.number().optional(),
  /** The transport of SIP in both directions: unencrypted over UDP and TCP (`plain`, the default), or only over TLS. */
  transport: z.enum(trunkTransports).optional(),
  /**
   * Only for a trunk over TLS: a name in the carrier's certificate, or its SHA-256 fingerprint. Calls in both directions are refused when
   * it does not match.
   */
  certificate: z.string().optional(),
  /** The default is `off`. `required` needs TLS, because whoever reads the signalling reads the keys. */
  mediaEncryption: z.enum(mediaEncryptions).optional(),
  /** How the carrier writes numbers. For each use, the first rule that fits a number is applied. */
  numberRules: z.array(NumberRule).optional(),
  /** How the carrier wants to read the caller of an outbound call. */
  identity: TrunkIdentity.optional(),
  /** The codecs to use, in order of preference. Without it: all codecs that both sides know. */
  codecs: z.array(z.enum(trunkCodecs)).optional(),
  /** How digits go to the carrier: RTP events of RFC 4733 (`events`, the default), `info`, or `tones`. */
  digits: z.enum(trunkDigits).optional(),
  /** The carrier's number that sends back what it hears: proof calls and tests of the trunk call it. */
  echoNumber: EchoNumber.optional(),
  ...edited,
});
export type TrunkInClear = z.infer<typeof TrunkInClear>;

const SourceAddress = z.union([z.ipv4(), z.cidrv4(), z.ipv6()]);
/** No carrier calls from more than 65,536 addresses. A wider network would let strangers call in its name. */
const WIDEST_PREFIX = 16;
const isNarrow = (text: string): boolean => {
  const prefix = text.split('/')[1];
  return prefix === undefined || Number(prefix) >= WIDEST_PREFIX;
};

export const numbersApi = {
  'GET /caller-lists': {
    right: 'flows.edit',
    summary: 'Callers who are refused and callers who go first, numbers masked; `number` finds one of them.',
    query: z.object({ number: z.string().max(30).optional() }),
    answer: z.object({
      entries: z.array(
        z.object({
          numberMasked: z.string(),
          list: z.enum(callerLists),
          /** Added to the priority of the flow's queue step; only for `vip`. */
          priority: z.number(),
          note: z.string(),
        }),
      ),
    }),
    failures: ['invalid-request'],
  },
  'POST /caller-lists': {
    right: 'flows.edit',
    summary: 'Puts a caller on the black list or the VIP list; an existing entry for the same number is replaced.',
    body: ListedCaller.omit({ number: true }).extend({ number: z.string().max(30) }),
    answer: nothing,
    failures: ['invalid-request', 'service-unavailable', 'timed-out'],
  },
  'POST /caller-lists/remove': {
    right: 'flows.edit',
    summary: 'Takes a caller off the lists.',
    body: z.object({ number: z.string().max(30) }),
    answer: nothing,
    failures: ['invalid-request', 'service-unavailable', 'timed-out'],
  },
  'POST /hours/preview': {
    right: 'flows.edit',
    summary: 'The resulting hours of each of the next days, with the rule that decided: exception, holiday, day worked in exchange, week.',
    body: z.object({ hours: Hours, from: z.iso.date().optional() }),
    answer: z.object({
      zone: z.string(),
      days: z.array(DayHours),
      unknownYears: z.array(z.number()),
    }),
    failures: [],
  },
  'POST /numbers/emergency': {
    right: 'flows.edit',
    summary: 'The emergency switch: closes numbers in service at once, whatever their hours say, or opens the closed ones again.',
    body: z.object({
      closed: z.boolean(),
      reason: z.string().trim().min(3).max(200),
      /** Only these numbers; without it, every number within reach. */
      numbers: z.array(z.string().max(25)).max(1_000).optional(),
    }),
    answer: z.object({
      switched: z.array(z.string()),
    }),
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /numbers': {
    right: 'flows.edit',
    summary: 'Service numbers with the flow that callers get.',
    answer: z.object({
      numbers: z.array(ServiceNumber),
    }),
    failures: [],
  },
  'PUT /numbers/:number': {
    right: 'flows.edit',
    summary:
      'Adds a number or changes its name, state, language and test callers; `closed` is the emergency switch. With `If-None-Match: *` it is refused when one exists; with `revision`, when that is not the latest.',
    params: z.object({ number: z.string().regex(/^\+?[0-9*#]{1,24}$/) }),
    body: z.object({
      name: z.string().max(60),
      status: z.enum(numberStatuses),
      language: z.enum(['zh-CN', 'en']),
      clientUnit: z.string().max(64).optional(),
      site: z.string().max(64).optional(),
      greeting: z.string().trim().max(200).optional(),
      testCallers: z
        .array(z.string().regex(/^\+?[0-9*#]{1,24}$/))
        .max(20)
        .default([]),
      /** The first flow of a new number. Refused for an existing number. */
      flow: Flow.optional(),
      revision: edited.revision,
    }),
    answer: ServiceNumber,
    failures: ['already-exists', 'changed-meanwhile', 'invalid-request', 'not-allowed', 'not-new', 'service-unavailable', 'timed-out'],
  },
  'DELETE /numbers/:number': {
    right: 'flows.edit',
    summary: 'Removes a number; the versions of its flow stay.',
    params: z.object({ number: z.string().regex(/^\+?[0-9*#]{1,24}$/) }),
    answer: nothing,
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /numbers/:number/flows': {
    right: 'flows.edit',
    summary: 'All versions of the flow of a number, newest first.',
    params: z.object({ number: z.string().regex(/^\+?[0-9*#]{1,24}$/) }),
    answer: z.object({
      versions: z.array(StoredFlow),
      live: z.number(),
      previous: z.number().nullish(),
    }),
    failures: ['not-found'],
  },
  'POST /numbers/:number/flows': {
    right: 'flows.edit',
    summary: 'Saves a new version of the flow, with its problems; this does not put it live.',
    params: z.object({ number: z.string().regex(/^\+?[0-9*#]{1,24}$/) }),
    body: z.object({ flow: Flow, note: z.string().max(200).default('') }),
    answer: z.object({
      version: z.number(),
      problems: z.array(FlowProblem),
    }),
    failures: ['changed-meanwhile', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'PUT /numbers/:number/flow': {
    right: 'flows.edit',
    summary: 'Puts a version live, even an earlier one; refused with the list of problems when the flow is not valid.',
    params: z.object({ number: z.string().regex(/^\+?[0-9*#]{1,24}$/) }),
    body: z.object({ version: z.int().positive() }),
    answer: z.object({
      live: z.number(),
    }),
    failures: ['changed-meanwhile', 'invalid-request', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'POST /flows/check': {
    right: 'flows.edit',
    summary: 'The problems of a flow, without saving it; works for incomplete drafts too.',
    body: z.object({ flow: z.unknown() }),
    answer: z.object({
      problems: z.array(FlowProblem),
    }),
    failures: ['service-unavailable', 'timed-out'],
  },
  'GET /trunks': {
    right: 'flows.edit',
    summary: 'Trunks, without their passwords.',
    answer: z.object({
      trunks: z.array(TrunkInClear),
    }),
    failures: [],
  },
  'GET /trunks/state': {
    right: 'flows.edit',
    summary:
      'The state of each carrier address, since when and what it was before, and the calls that each trunk carries, as the answering telephony process sees them.',
    answer: z.object({ trunks: z.array(TrunkState) }),
    failures: ['service-unavailable', 'timed-out'],
  },
  'PUT /trunks/:id': {
    right: 'system.edit',
    summary:
      'Adds or changes a trunk; a digest without a password keeps the stored one. With `If-None-Match: *` it is refused when one exists; with `revision`, when that is not the latest.',
    params: z.object({ id: z.string().regex(/^[a-z0-9-]{1,40}$/) }),
    body: Trunk.omit({ id: true, digest: true, changedBy: true })
      .extend({
        digest: z.object({ username: z.string().max(64), password: z.string().max(128).optional() }).optional(),
        // Stricter than the stored form, so that a trunk of an earlier version can still be read.
        addresses: z
          .array(
            Trunk.shape.addresses.element
              .refine((text) => SourceAddress.safeParse(text).success, 'is not an IP address or an IPv4 network')
              .refine(isNarrow, `is wider than /${String(WIDEST_PREFIX)}: strangers could call in the name of the carrier`),
          )
          .max(50),
      })
      .refine(
        ({ outboundUri, furtherUris = [], ranks }) =>
          ranks === undefined || ranks.length === (outboundUri === undefined ? 0 : 1 + furtherUris.length),
        { path: ['ranks'], message: 'has one entry for each address to which calls go' },
      ),
    answer: TrunkInClear,
    failures: ['changed-meanwhile', 'invalid-request', 'not-new', 'service-unavailable', 'timed-out'],
  },
  'DELETE /trunks/:id': {
    right: 'system.edit',
    summary: 'Removes a trunk: calls from its addresses are then refused.',
    params: z.object({ id: z.string().regex(/^[a-z0-9-]{1,40}$/) }),
    answer: nothing,
    failures: ['service-unavailable', 'timed-out'],
  },
} satisfies Endpoints;
export type NumbersApi = typeof numbersApi;
