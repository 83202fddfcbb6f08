import { z } from 'zod';
import { languages } from '../../../domain/language.js';
import { file, type Endpoints } from '../endpoint.js';
import { ProbeRow, Rule, SiteState } from './evidence-state.js';
import { Words } from '../words.js';
import { CallId, TrunkId, asCallId } from '../../ids.js';

/** The language of the system's texts. What people entered stays as they wrote it. */
const inLanguage = z.object({ language: z.enum(languages).default('zh-CN') });

/** A change in how a formula counts, from one day on. */
export const FormulaChange = z.object({
  on: z.string(),
  what: Words,
});
export type FormulaChange = z.infer<typeof FormulaChange>;

/** The definition of a figure. Its text is printed next to the figure. A change of meaning is a new version, never an edit. */
export const Formula = z.object({
  id: z.string(),
  /** The number of changes plus one. */
  version: z.number(),
  /** Oldest first. The first change led to version 2. */
  changes: z.array(FormulaChange),
  name: Words,
  text: Words,
  /** How the value is shown. */
  unit: z.enum(['score', 'days', 'count', 'percent', 'seconds', 'per-10000', 'per-mille']),
  /** Set when the figure relies on a reading that the authority has not confirmed (item 86). */
  openPoint: z.string().optional(),
  /** The key of the same figure in the registry of reports and wallboards. */
  figure: z.string().optional(),
});
export type Formula = z.infer<typeof Formula>;

export const TrafficResult = z.object({
  calls: z.number(),
  inbound: z.number(),
  outbound: z.number(),
  handled: z.number(),
  talkMs: z.number(),
  peakCalls: z.number(),
  recordings: z.number(),
  recordedMs: z.number(),
  recordedBytes: z.number(),
  /** How many of the stored recordings a check has opened, and when it opened one last. */
  opened: z.number(),
  lastOpenedMs: z.number().optional(),
  /** The called numbers of trunk calls, with the number of calls, and whether outbound calls used them. */
  numbers: z.array(
    z.object({
      number: z.string(),
      calls: z.number(),
      outbound: z.number(),
    }),
  ),
  trunks: z.array(
    z.object({
      trunkId: TrunkId,
      calls: z.number(),
      peakChannels: z.number(),
    }),
  ),
});
export type TrafficResult = z.infer<typeof TrafficResult>;

/** Everything that an inspector sees of one call on one screen (item 84). */
export const InspectedCall = z.object({
  call: z.record(z.string(), z.unknown()),
  decisions: z.array(z.record(z.string(), z.unknown())),
  recording: z.record(z.string(), z.unknown()).nullable(),
  survey: z.record(z.string(), z.unknown()).nullable(),
  complaints: z.array(z.record(z.string(), z.unknown())),
});
export type InspectedCall = z.infer<typeof InspectedCall>;

export const evidenceApi = {
  'GET /evidence/readiness': {
    right: 'evidence.read',
    summary: 'Self-check, contradictions and open points, as of the last run.',
    query: inLanguage,
    answer: SiteState.pick({ selfChecks: true, findings: true, openPoints: true, today: true }).extend({ at: z.iso.datetime() }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/equipment': {
    right: 'evidence.read',
    summary: 'The equipment list 设备清单, reconciled with the probes.',
    query: inLanguage,
    answer: SiteState.pick({ equipment: true, findings: true }).extend({ at: z.iso.datetime() }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/topology': {
    right: 'evidence.read',
    summary: 'Nodes, edges and frames of the network topology, with the drawing.',
    query: inLanguage,
    answer: SiteState.pick({ topology: true, topologySvg: true, upright: true }).extend({ at: z.iso.datetime() }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/application': {
    right: 'evidence.read',
    summary: 'Materials and stages of the application.',
    query: inLanguage,
    answer: SiteState.pick({ workspace: true }).extend({ at: z.iso.datetime() }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/duties': {
    right: 'evidence.read',
    summary: 'The calendar of duties.',
    query: inLanguage,
    answer: SiteState.pick({ duties: true, today: true }).extend({ at: z.iso.datetime() }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/probes': {
    right: 'evidence.read',
    summary: 'The newest readings of the probes, each with the hash of its raw answer.',
    query: inLanguage,
    answer: SiteState.pick({ probes: true, probedAt: true }).extend({ at: z.iso.datetime() }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/filing': {
    right: 'evidence.read',
    summary: 'What differs from the last filing, since when, and until when it must be filed.',
    query: inLanguage,
    answer: SiteState.pick({ filing: true }).extend({ at: z.iso.datetime() }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/probes/raw': {
    right: 'evidence.read',
    summary: 'The raw answers behind one subject.',
    query: z.object({ subject: z.string().max(200) }),
    answer: z.object({
      rows: z.array(ProbeRow),
    }),
    failures: [],
  },
  'POST /evidence/probes/run': {
    right: 'evidence.make',
    summary: 'Runs all probes now and answers with the number of readings.',
    answer: z.object({
      rows: z.number(),
    }),
    failures: ['media-relay-unavailable', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/topology.svg': {
    right: 'evidence.read',
    summary: 'The network topology 网络拓扑图 as SVG.',
    query: inLanguage,
    answer: file('image/svg+xml'),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/topology.png': {
    right: 'evidence.read',
    summary: 'The network topology 网络拓扑图 as PNG.',
    query: inLanguage,
    answer: file('image/png'),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/topology.pdf': {
    right: 'evidence.read',
    summary: 'The network topology 网络拓扑图 as PDF.',
    query: inLanguage,
    answer: file('application/pdf'),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/quality': {
    right: 'evidence.read',
    summary:
      'Service-quality figures of a period up to 62 days, with numerators, denominators and formulas, `shown` as documents print them; without a period, those of the last run.',
    query: z.object({ from: z.iso.date(), to: z.iso.date() }).partial().extend(inLanguage.shape),
    answer: z.object({
      /** Ordered by name. */
      formulas: z.record(z.string(), Formula),
      /** The following fields are missing while nothing has been counted. */
      from: z.string().optional(),
      to: z.string().optional(),
      zone: z.string().optional(),
      figures: z
        .array(
          z.object({
            shown: z.object({
              numerator: z.string(),
              denominator: z.string(),
              value: z.string(),
            }),
            formula: z.string(),
            version: z.number(),
            /** `2026-10`, in the zone of the site. */
            month: z.string(),
            /** `all`, `queue:service`, `number:4001000`, `trunk:carrier-1`. */
            group: z.string(),
            numerator: z.number(),
            denominator: z.number(),
            value: z.number().optional(),
          }),
        )
        .optional(),
      traffic: TrafficResult.optional(),
    }),
    failures: ['invalid-request'],
  },
  'GET /evidence/filings': {
    right: 'evidence.read',
    summary: 'All filings.',
    answer: z.object({
      filings: z.array(
        z.object({
          by: z.string(),
          note: z.string(),
          filedOn: z.string(),
          filingId: z.string(),
        }),
      ),
    }),
    failures: [],
  },
  'POST /evidence/filings': {
    right: 'evidence.make',
    summary: 'Freezes the current state as the state filed on a day.',
    body: z.object({ filedOn: z.iso.date(), note: z.string().trim().min(1).max(500) }),
    answer: z.object({
      filingId: z.string(),
      lines: z.number(),
    }),
    failures: ['media-relay-unavailable', 'service-unavailable', 'timed-out'],
  },
  'GET /evidence/inspector/find': {
    right: 'evidence.read',
    summary: 'Calls of a day with a number: whole, or the last four digits, which pages show. Each search is in the audit log.',
    query: z.object({ number: z.string().regex(/^(\d{4}|\+?\d{7,20})$/), date: z.iso.date() }),
    answer: z.object({
      calls: z.array(
        z.object({
          callId: CallId,
          at: z.iso.datetime(),
          direction: z.enum(['inbound', 'outbound']),
          callerMasked: z.string(),
          called: z.string(),
          cause: z.string(),
        }),
      ),
      watermark: z.string(),
    }),
    failures: [],
  },
  'POST /evidence/inspector/draw': {
    right: 'evidence.read',
    summary: 'Draws an answered call of a period at random; the seed is shown, and the same seed draws the same call.',
    body: z.object({ from: z.iso.date(), to: z.iso.date() }).extend({ seed: z.string().min(1).max(64).optional() }),
    answer: z.object({
      seed: z.string(),
      drawnFrom: z.number(),
      call: InspectedCall.nullish(),
      watermark: z.string(),
    }),
    failures: [],
  },
  'GET /evidence/inspector/calls/:callId': {
    right: 'evidence.read',
    summary: 'One call with its routing reasons, recording, score and complaints.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    answer: InspectedCall.extend({ watermark: z.string() }),
    failures: ['not-found'],
  },
  'GET /evidence/demonstration': {
    right: 'evidence.read',
    summary: 'The steps of the live demonstration, with the expected results.',
    query: inLanguage,
    answer: z.object({
      steps: z.array(
        z.object({
          act: z.string(),
          see: z.string(),
        }),
      ),
    }),
    failures: [],
  },
  'GET /evidence/rules': {
    right: 'evidence.read',
    summary: 'The rule book: what every finding, duty and document rests on, its versions, and what the authority confirmed.',
    query: inLanguage,
    answer: z.object({ rules: z.array(Rule) }),
    failures: [],
  },
  'GET /evidence/open-points': {
    right: 'evidence.read',
    summary: 'Readings of rules that nobody has confirmed yet; an answer is entered in the register `confirmations`.',
    query: inLanguage,
    answer: z.object({
      all: z.record(z.string(), z.string()),
      open: z.array(
        z.object({
          id: z.string(),
          text: z.string(),
        }),
      ),
    }),
    failures: ['media-relay-unavailable', 'not-found', 'service-unavailable', 'timed-out'],
  },
} satisfies Endpoints;
export type EvidenceApi = typeof evidenceApi;
