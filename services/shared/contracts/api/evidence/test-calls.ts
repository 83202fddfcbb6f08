import { z } from 'zod';
import { ProofEcho, ProofWay, proofEnds, TrunkTest, TrunkTestOrder } from '../../trunks/trunk-test.js';
import { commandFailures, type Endpoints, fileOr } from '../endpoint.js';
import { CallId, asTrunkId } from '../../ids.js';

/** One stage of a test call: what should happen, whether it did, and how long it took. */
export const ProofStage = z.object({
  name: z.enum([
    'call-ended',
    'seat-ready',
    'call-answered',
    'seat-rings',
    'seat-answers',
    'caller-hears-agent',
    'agent-hears-caller',
    'recording-stored',
    'tones-in-channels',
    'hash-equal',
    'voice-measured',
    'ledger-whole',
    'witnesses-agree',
    'lock-holds',
    'played-by-console',
    'carrier-answers',
    'echo-heard',
  ]),
  ok: z.boolean(),
  ms: z.number(),
  /** A figure or a reason, in words without personal data. This text is signed. */
  detail: z.string(),
  /** The same text in Chinese; missing when it comes from another program. */
  detailZh: z.string().optional(),
});
export type ProofStage = z.infer<typeof ProofStage>;

export const ProofCall = z.object({
  proofId: z.string(),
  at: z.iso.datetime(),
  callId: CallId.optional(),
  ok: z.boolean(),
  totalMs: z.number(),
  stages: z.array(ProofStage),
  /** `button`, `command` or `canary`. */
  origin: z.string(),
  /** The trunks by which the call left and came back in. Without it and `echo`: over the loopback of the machine, and no line of a carrier. */
  over: ProofWay.optional(),
  /** Out by a trunk to its carrier's echo number. */
  echo: ProofEcho.optional(),
  /** Enabled trunks that were dead at the end of the call, which then does not count as available. Missing when this was not known. */
  linesDown: z.array(z.string()).optional(),
});
export type ProofCall = z.infer<typeof ProofCall>;

export const testCallsApi = {
  'POST /proof-call': {
    right: 'evidence.proof-call',
    summary:
      'Places a proof call through the running product and answers with each stage, its time and its verdict: over the machine’s loopback, or, with `trunkId`, out over that trunk: to the carrier’s echo number (`end=echo`), or back in on the route of its last test (`end=trunk`).',
    query: z.object({ trunkId: asTrunkId(z.string().max(40)).optional(), end: z.enum(proofEnds).optional() }),
    answer: z.object({
      over: ProofWay.optional(),
      echo: ProofEcho.optional(),
      proofId: z.string(),
      at: z.string(),
      ok: z.boolean(),
      totalMs: z.number(),
      stages: z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          ms: z.number(),
          detail: z.string(),
          detailZh: z.string().optional(),
        }),
      ),
      origin: z.string(),
      callId: CallId.optional(),
      linesDown: z.array(z.string()).optional(),
    }),
    failures: [...commandFailures, 'no-echo-number', 'not-supported'],
  },
  'GET /proof-call/ways': {
    right: 'evidence.proof-call',
    summary:
      'The routes over real lines that a proof call may take: pairs of trunks whose last test went out over one and came in over the other, and trunks with the carrier’s echo number on their sheet.',
    answer: z.object({
      ways: z.array(ProofWay.extend({ testedAt: z.iso.datetime(), ok: z.boolean() })),
      echoes: z.array(ProofEcho),
    }),
    failures: ['service-unavailable', 'timed-out'],
  },
  'GET /trunk-tests': {
    right: 'flows.edit',
    summary: 'The newest test of each trunk, also the one that runs, line by line.',
    answer: z.object({ tests: z.array(TrunkTest) }),
    failures: ['service-unavailable', 'timed-out'],
  },
  'POST /trunks/:id/test': {
    right: 'system.edit',
    summary:
      'Starts a trunk test: OPTIONS, registration, a call to `number` (the carrier’s echo or test number on the register of destinations, by default the one on the trunk’s sheet, or one of our numbers that is not in service and comes back in over the trunk `inBy`), identity, media, digits, hold and quality. Read its lines at `GET /trunk-tests`.',
    params: z.object({ id: TrunkTestOrder.shape.trunkId }),
    body: TrunkTestOrder.pick({ number: true, inBy: true }),
    answer: z.object({ testId: z.string() }),
    failures: ['invalid-request', 'no-echo-number', 'service-unavailable', 'timed-out', 'wrong-state'],
  },
  'POST /practice-call': {
    right: 'calls.practise',
    summary:
      'A practice caller dials the number over the trunk and, once an agent answers, echoes what the agent says. Answers with the status of the INVITE and the id of the call.',
    body: z.object({ number: z.string().min(1).max(20) }),
    answer: z.object({
      status: z.number(),
      callId: CallId.optional(),
    }),
    failures: ['service-unavailable', 'timed-out', 'wrong-state'],
  },
  'GET /proof-call/:proofId/sheet.:form': {
    right: 'evidence.proof-call',
    summary: 'The signed sheet of a proof call: `pdf` for paper, `json` with the statement, its Ed25519 signature and the public key.',
    params: z.object({ proofId: z.string().max(64), form: z.enum(['pdf', 'json']) }),
    query: z.object({ language: z.enum(['zh-CN', 'en']).default('zh-CN') }),
    answer: fileOr(z.object({ statement: z.string(), signature: z.string(), publicKey: z.string() }), 'application/pdf'),
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'GET /proof-call': {
    right: 'system.read',
    summary: 'The newest proof calls with their stages.',
    query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) }),
    answer: z.object({
      proofs: z.array(ProofCall),
    }),
    failures: [],
  },
} satisfies Endpoints;
export type TestCallsApi = typeof testCallsApi;
