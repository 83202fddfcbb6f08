import { z } from 'zod';
import { consentChannels, dialRefusals, personStopScopes, refusalReasons, wayFaults } from '../../../domain/calls/calling-out.js';
import { importFaults } from '../../../domain/calls/consent-list.js';
import { callPurposes } from '../../../domain/calls/call-purpose.js';
import { leaveWays } from '../../../domain/calls/dial-permit.js';
import { fraudPatterns } from '../../../domain/calls/fraud.js';
import { nothing, type Endpoints } from '../endpoint.js';
import { AgentId, CallId, TrunkId } from '../../ids.js';

const paged = {
  skip: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

const minute = z.int().min(0).max(1_440);

/** The form in which numbers of the centre are written. */
const serviceNumber = /^\+?[0-9*#]{1,24}$/;
const stretch = z.object({ fromMinute: minute, toMinute: minute }).refine(({ fromMinute, toMinute }) => fromMinute < toMinute);

const ceilings = z.object({
  numberCallsADay: z.int().min(0).max(1_000_000),
  /** Without it the ceiling in force stays. */
  numberMinutesADay: z.int().min(0).max(10_000_000).optional(),
  callsADay: z.int().min(0).max(1_000_000),
  minutesADay: z.int().min(0).max(10_000_000),
  trunkCallsADay: z.int().min(0).max(1_000_000),
  trunkMinutesADay: z.int().min(0).max(10_000_000),
  longestMinutes: z.int().min(1).max(1_440),
});

const allowedKinds = z.object({
  foreign: z.array(z.enum(leaveWays)).max(leaveWays.length),
  satellite: z.array(z.enum(leaveWays)).max(leaveWays.length),
  premium: z.array(z.enum(leaveWays)).max(leaveWays.length),
  emergency: z.array(z.enum(leaveWays)).max(leaveWays.length),
});

/** One number that is not called again. Withdrawn only by a new consent, which is kept beside it. */
export const Refusal = z.object({
  numberHash: z.string(),
  numberMasked: z.string(),
  reason: z.enum(refusalReasons),
  /** Where it came from: `complaint TS20261125-0001`, a list's name, a call's id. */
  source: z.string(),
  /** Only for a refusal during a call: the client unit whose number the call was on. */
  clientUnit: z.string().optional(),
  at: z.iso.datetime(),
  by: z.string(),
  withdrawn: z
    .object({
      at: z.iso.datetime(),
      by: z.string(),
      evidence: z.string(),
    })
    .optional(),
});
export type Refusal = z.infer<typeof Refusal>;

/** The consent of a person to be called (item 4): for which purposes, how and when it was given, and where the proof is stored. */
export const Consent = z.object({
  id: z.string(),
  numberHash: z.string(),
  numberMasked: z.string(),
  purposes: z.array(z.enum(callPurposes)),
  channel: z.enum(consentChannels),
  givenAt: z.iso.datetime(),
  /** A recording, a form, a message: where somebody can look it up. */
  evidence: z.string(),
  /** The client unit for whose calls it was given; without one it holds for all. */
  clientUnit: z.string().optional(),
  /** The list that it came with, and the hash of its file. */
  list: z.object({ importId: z.string(), fileName: z.string(), sha256: z.string(), line: z.number() }).optional(),
  validUntil: z.iso.datetime().optional(),
  /** The proof itself: a call in which it was said and recorded, or the file that was handed in. */
  original: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('call'), callId: CallId }),
      z.object({
        kind: z.literal('file'),
        fileName: z.string(),
        contentType: z.string(),
        sizeBytes: z.number(),
        sha256: z.string(),
        /** Nobody can remove it before this time; missing when the object store has no locks. */
        lockedUntil: z.iso.datetime().optional(),
        at: z.iso.datetime(),
        by: z.string(),
      }),
    ])
    .optional(),
  by: z.string(),
  at: z.iso.datetime(),
  withdrawn: z
    .object({
      at: z.iso.datetime(),
      by: z.string(),
      reason: z.string(),
    })
    .optional(),
});
export type Consent = z.infer<typeof Consent>;

export const CallWindow = z.object({
  /** Minutes of the day, by the local time of the called number. */
  fromMinute: z.number(),
  toMinute: z.number(),
});
export type CallWindow = z.infer<typeof CallWindow>;

/** Ends calling out of a number, a client unit, an agent or the whole platform until it is lifted. */
export const Stop = z.object({
  id: z.string(),
  scope: z.enum(personStopScopes),
  /** The number, the client unit or the agent; empty for the platform. */
  value: z.string(),
  reason: z.string(),
  /** The pattern that made the fraud watch set this stop; absent when a person set it. */
  pattern: z.enum(fraudPatterns).optional(),
  by: z.string(),
  /** The name of the person, as people who read about the stop see it. */
  byName: z.string(),
  at: z.iso.datetime(),
});
export type Stop = z.infer<typeof Stop>;

/** The most that may leave in a day, across all processes. Minutes count once a leg has ended. */
export const Ceilings = z.object({
  numberCallsADay: z.number(),
  numberMinutesADay: z.number(),
  callsADay: z.number(),
  minutesADay: z.number(),
  trunkCallsADay: z.number(),
  trunkMinutesADay: z.number(),
  /** An outside leg ends after this many minutes. */
  longestMinutes: z.number(),
});
export type Ceilings = z.infer<typeof Ceilings>;

const WayRule = z.object({
  /** What permits the call: `consent` of the person, or `destination`, an approved row of the register. */
  rests: z.enum(['consent', 'destination']),
  hours: z.boolean(),
  caps: z.boolean(),
});

/** One version of the rules for calls that leave; version 0 ships with the product. */
export const LeavingRules = z.object({
  version: z.number(),
  window: CallWindow,
  quiet: z.array(CallWindow),
  ceilings: Ceilings,
  allowedKinds: z.object({
    emergency: z.array(z.enum(leaveWays)),
    premium: z.array(z.enum(leaveWays)),
    satellite: z.array(z.enum(leaveWays)),
    foreign: z.array(z.enum(leaveWays)),
  }),
  ways: z.record(z.enum(leaveWays), WayRule),
  /** When somebody set this version; absent for the built-in one. */
  at: z.iso.datetime().optional(),
  by: z.string().optional(),
  byName: z.string().optional(),
});

export const outboundApi = {
  'GET /do-not-call': {
    right: 'outbound.read',
    summary: 'Numbers that must not be called again, newest first; `number` finds one of them.',
    query: z.object({
      number: z.string().max(24).optional(),
      ...paged,
    }),
    answer: z.object({
      refusals: z.array(Refusal),
      total: z.number(),
    }),
    failures: ['invalid-request'],
  },
  'POST /do-not-call': {
    right: 'outbound.edit',
    summary: 'Puts numbers on the list, at once for all tasks and caller numbers.',
    body: z.object({
      numbers: z.array(z.string().max(24)).min(1).max(20_000),
      reason: z.enum(refusalReasons),
      source: z.string().min(1).max(100),
    }),
    answer: z.object({
      added: z.number(),
    }),
    failures: ['invalid-request'],
  },
  'POST /do-not-call/withdraw': {
    right: 'outbound.edit',
    summary: 'Withdraws a refusal when the person has consented again; the evidence is kept.',
    body: z.object({ number: z.string().max(24), evidence: z.string().min(1).max(500) }),
    answer: nothing,
    failures: ['invalid-request', 'not-found'],
  },
  'GET /outbound/consents': {
    right: 'outbound.read',
    summary: 'Consents to be called, newest first; `number` finds one person.',
    query: z.object({ number: z.string().max(24).optional(), ...paged }),
    answer: z.object({
      consents: z.array(Consent),
      total: z.number(),
    }),
    failures: ['invalid-request'],
  },
  'POST /outbound/consents': {
    right: 'outbound.edit',
    summary: 'Records that a person agreed to be called: for what, how, when, and where the proof is.',
    body: z.object({
      number: z.string().max(24),
      purposes: z.array(z.enum(callPurposes)).nonempty(),
      channel: z.enum(consentChannels),
      givenAt: z.coerce.date(),
      evidence: z.string().trim().min(1).max(500),
      /** The client unit for whose calls it was given; without one it holds for all. */
      clientUnit: z.string().trim().min(1).max(40).optional(),
      /** The call in which it was said, whose recording is the original. */
      originalCallId: z.string().trim().min(1).max(40).optional(),
      validUntil: z.coerce.date().optional(),
    }),
    answer: z.object({
      id: z.string(),
    }),
    failures: ['invalid-request'],
  },
  'GET /outbound/client-units': {
    right: 'outbound.read',
    summary: 'The registered client units to whose calls people can consent.',
    answer: z.object({ clientUnits: z.array(z.object({ id: z.string(), name: z.string() })) }),
    failures: [],
  },
  'POST /outbound/consents/import': {
    right: 'outbound.edit',
    summary:
      'Checks a CSV or XLSX list of consents, at most 100,000 rows, and names each row that is refused with its fault; `commit=yes` imports the others.',
    query: z.object({ fileName: z.string().trim().min(1).max(200), commit: z.enum(['yes', 'no']).default('no') }),
    uploadBytes: 20 * 1024 * 1024,
    answer: z.object({
      rows: z.number(),
      good: z.number(),
      /** With the line number in the sheet; the headings are line 1. */
      refused: z.array(z.object({ line: z.number(), fault: z.enum(importFaults) })),
      /** Headers that name no column; what stands below them is not read. */
      unread: z.array(z.string()),
      /** Hash of the file. */
      sha256: z.string(),
      committed: z.boolean(),
    }),
    failures: ['invalid-request', 'not-a-sheet', 'too-large', 'too-many-requests'],
  },
  'POST /outbound/consents/:id/withdraw': {
    right: 'outbound.edit',
    summary: 'Ends a consent at once; it stays on record.',
    params: z.object({ id: z.string().max(40) }),
    body: z.object({ reason: z.string().trim().min(1).max(200) }),
    answer: nothing,
    failures: ['not-found'],
  },
  'GET /outbound/attempts': {
    right: 'outbound.read',
    summary: 'Each dialling attempt with the decision of the rules, newest first.',
    query: z.object({
      refusedOnly: z.stringbool().default(false),
      reason: z.enum(dialRefusals).optional(),
      number: z.string().max(24).optional(),
      ...paged,
    }),
    answer: z.object({
      attempts: z.array(
        z.object({
          /** The id of the permit; for a call out, the id of the call. */
          attemptId: z.string(),
          /** The call whose record contains the leg, when it was permitted. */
          callId: CallId,
          way: z.enum(leaveWays),
          at: z.iso.datetime(),
          /** Empty for a step of a flow and for the overflow of a queue. */
          agentId: AgentId,
          numberMasked: z.string(),
          purpose: z.string(),
          allowed: z.boolean(),
          reason: z.enum(dialRefusals).optional(),
          from: z.string().optional(),
          trunkId: TrunkId.optional(),
          consentId: z.string().optional(),
          /** Why a number on no register was dialled, as the person with that right wrote it at the time. */
          freeReason: z.string().optional(),
          /** A foreign or expensive number, by the rules of the fraud watch at that time. */
          watched: z.literal(true).optional(),
          /** The version of the rules that decided. */
          rulesVersion: z.number().optional(),
          /** A call from a seat to police, fire or ambulance: no rule was checked. */
          emergency: z.literal(true).optional(),
          /** When the person pressed the key that refuses further calls. */
          refusedAt: z.iso.datetime().optional(),
          /** When the consent for the call was withdrawn while the call was being dialled or in progress. */
          consentTakenBackAt: z.iso.datetime().optional(),
          /** Allowed but not dialled: it counts nowhere. */
          unused: z.boolean().optional(),
          answeredAt: z.iso.datetime().optional(),
          endedAt: z.iso.datetime().optional(),
          failure: z.string().optional(),
        }),
      ),
      total: z.number(),
    }),
    failures: ['invalid-request'],
  },
  'GET /outbound/rules': {
    right: 'outbound.read',
    summary: 'The outbound rules in force: hours, quiet periods, daily limits, what each channel may reach, attempt limits and stops.',
    answer: LeavingRules.extend({
      outerWindow: CallWindow,
      caps: z.array(
        z.object({
          withinMs: z.number(),
          tries: z.number(),
        }),
      ),
      stops: z.array(Stop),
    }),
    failures: [],
  },
  'GET /outbound/rules/versions': {
    right: 'outbound.read',
    summary: 'Every version of the outbound rules, newest first: an attempt names the version that decided it.',
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
    answer: z.object({ versions: z.array(LeavingRules) }),
    failures: [],
  },
  'GET /outbound/destinations': {
    right: 'seat.use',
    summary: 'Outside numbers to which a call may be transferred today, by name, of client units within the caller’s scope.',
    answer: z.object({ destinations: z.array(z.object({ number: z.string(), name: z.string() })) }),
    failures: [],
  },
  'GET /outbound/ways': {
    right: 'outbound.read',
    summary: 'The outbound routes, each a trunk with a number it may show, and what a route still lacks.',
    answer: z.object({
      ways: z.array(
        z.object({
          fault: z.enum(wayFaults).optional(),
          trunkId: TrunkId,
          from: z.string(),
        }),
      ),
    }),
    failures: [],
  },
  'PUT /outbound/rules': {
    right: 'outbound.edit',
    summary: 'Narrows the outbound hours; hours beyond the outer limit are refused.',
    body: z.object({ window: stretch, quiet: z.array(stretch).max(10).default([]) }),
    answer: nothing,
    failures: ['below-legal-minimum'],
  },
  'PUT /outbound/ceilings': {
    right: 'outbound.edit',
    summary: 'Sets the daily outbound limits, the longest outside leg, and which channels may reach barred numbers or follow the hours.',
    body: z.object({
      ceilings,
      allowedKinds,
      /** Ways, besides calls out and callbacks, that keep to the hours of calling out. If left out, they stay as they are. */
      keepHours: z.array(z.enum(leaveWays)).max(leaveWays.length).optional(),
    }),
    answer: nothing,
    failures: [],
  },
  'POST /outbound/stops': {
    right: 'outbound.edit',
    summary: 'Stops the outbound calls of a number, a client unit or the whole platform, at once.',
    body: z
      .object({ scope: z.enum(personStopScopes), value: z.string().trim().max(64).default(''), reason: z.string().trim().min(3).max(200) })
      .refine(({ scope, value }) => (scope === 'platform') === (value === ''), { path: ['value'] })
      .refine(({ scope, value }) => scope !== 'number' || serviceNumber.test(value), {
        path: ['value'],
        message: 'is not one of our numbers',
      }),
    answer: z.object({
      id: z.string(),
    }),
    failures: [],
  },
  'DELETE /outbound/stops/:id': {
    right: 'outbound.edit',
    summary: 'Lifts a stop.',
    params: z.object({ id: z.string().max(40) }),
    answer: nothing,
    failures: ['not-found'],
  },
} satisfies Endpoints;
export type OutboundApi = typeof outboundApi;
