import { fraudPatterns, type FraudPattern, type FraudSettings } from '../../shared/domain/calls/fraud.js';
import type { DialRefusal } from '../refusals/refusal.js';
import type { AgentId } from '../../shared/domain/ids.js';

/** Domestic numbers that are written with the country code are not foreign. */
const OWN_COUNTRY = /^(\+|00)86/;

export function isWatched(number: string, prefixes: readonly string[]): boolean {
  const domestic = number.replace(OWN_COUNTRY, '');
  return prefixes.some((prefix) => domestic.startsWith(prefix));
}

/** An ended call in either direction. */
export interface CallFact {
  readonly kind: 'call';
  readonly atMs: number;
  readonly out: boolean;
  /** Our number. */
  readonly number: string;
  /** The hash of the outside party's number (missing for a withheld one), and the masked number. */
  readonly other: string | undefined;
  readonly otherMasked: string;
  readonly answered: boolean;
  /** From the answer to the end. */
  readonly lastedMs: number;
  readonly refusedByKey: boolean;
}

/** An outbound request and the decision of the rules. */
export interface TryFact {
  readonly kind: 'try';
  readonly atMs: number;
  readonly agentId: AgentId;
  readonly number: string | undefined;
  readonly reason: DialRefusal | undefined;
  readonly watched: boolean;
}

/** A complaint about having been called, concerning a call of one of our numbers. */
export interface ComplaintFact {
  readonly kind: 'complaint';
  readonly atMs: number;
  readonly number: string;
}

export type Fact = CallFact | TryFact | ComplaintFact;

export interface Subject {
  readonly kind: 'number' | 'agent' | 'caller';
  readonly value: string;
  /** For readers: the number of a caller has its middle hidden. */
  readonly shown: string;
}

export interface Finding {
  readonly pattern: FraudPattern;
  readonly subject: Subject;
  /** The count, and the total. */
  readonly count: number;
  readonly of: number;
  readonly limit: number;
  readonly stops: boolean;
}

interface Pattern {
  /** The facts of each subject; undefined when a fact says nothing about it. */
  readonly subject: (fact: Fact) => Subject | undefined;
  readonly hit: (fact: Fact, settings: FraudSettings) => boolean;
  /** Equal facts count once. */
  readonly distinct?: (fact: Fact) => string;
  readonly share?: true;
}

const ofNumber = (number: string | undefined): Subject | undefined =>
  number === undefined || number === '' ? undefined : { kind: 'number', value: number, shown: number };
const callOut = (fact: Fact): Subject | undefined => (fact.kind === 'call' && fact.out ? ofNumber(fact.number) : undefined);
const callIn = (fact: Fact): Subject | undefined => (fact.kind === 'call' && !fact.out ? ofNumber(fact.number) : undefined);
const tryOfAgent = (fact: Fact): Subject | undefined =>
  fact.kind === 'try' && fact.agentId !== '' ? { kind: 'agent', value: fact.agentId, shown: fact.agentId } : undefined;
const answeredOut = (fact: Fact): Subject | undefined => (fact.kind === 'call' && fact.answered ? callOut(fact) : undefined);
const isShort = (fact: Fact, { shortCallMs }: FraudSettings): boolean =>
  fact.kind === 'call' && fact.answered && fact.lastedMs < shortCallMs;
const refusedFor =
  (...reasons: readonly DialRefusal[]) =>
  (fact: Fact): boolean =>
    fact.kind === 'try' && fact.reason !== undefined && reasons.includes(fact.reason);
const other = (fact: Fact): string => (fact.kind === 'call' ? (fact.other ?? '') : '');

const patterns: Readonly<Record<FraudPattern, Pattern>> = {
  burst: { subject: callOut, hit: () => true, distinct: other },
  'short-calls': { subject: answeredOut, hit: isShort, share: true },
  unreached: { subject: callOut, hit: (fact) => fact.kind === 'call' && !fact.answered, share: true },
  refusals: { subject: callOut, hit: (fact) => fact.kind === 'call' && fact.refusedByKey },
  complaints: {
    subject: (fact) => (fact.kind === 'complaint' ? ofNumber(fact.number) : undefined),
    hit: () => true,
  },
  destinations: {
    subject: (fact) => (fact.kind === 'try' && fact.reason === undefined ? ofNumber(fact.number) : undefined),
    hit: (fact) => fact.kind === 'try' && fact.watched,
  },
  night: { subject: tryOfAgent, hit: refusedFor('outside-window') },
  'too-often': { subject: tryOfAgent, hit: refusedFor('too-often') },
  blocked: {
    subject: tryOfAgent,
    hit: refusedFor('refused-by-person', 'no-consent', 'purpose-not-allowed', 'not-dialable', 'kind-not-allowed', 'not-registered'),
  },
  'one-caller': {
    subject: (fact) =>
      fact.kind === 'call' && !fact.out && fact.other !== undefined
        ? { kind: 'caller', value: fact.other, shown: fact.otherMasked }
        : undefined,
    hit: () => true,
  },
  'short-calls-in': {
    subject: (fact) => (fact.kind === 'call' && fact.answered ? callIn(fact) : undefined),
    hit: isShort,
    share: true,
  },
};

export interface Judgement {
  readonly facts: readonly Fact[];
  readonly settings: FraudSettings;
  readonly nowMs: number;
  /** When a person last settled an alarm of this pattern about this subject. Facts before that do not count again. */
  readonly settledMs: (pattern: FraudPattern, subject: Subject) => number;
}

/** What is out of the ordinary now. Complaints are judged by `judgeComplaints`, which knows how many calls each number made. */
export function judge(judgement: Judgement): Finding[] {
  return fraudPatterns.filter((pattern) => pattern !== 'complaints').flatMap((pattern) => findingsOf(pattern, judgement));
}

/**
 * COMPLEX @param callsOut outbound calls of each number in the month
 */
export function judgeComplaints(judgement: Judgement, callsOut: ReadonlyMap<string, number>): Finding[] {
  const { limit, atLeast } = judgement.settings.rules.complaints;
  return findingsOf('complaints', judgement, atLeast)
    .map((finding) => ({ ...finding, of: callsOut.get(finding.subject.value) ?? 0, limit }))
    .filter(({ count, of }) => 100 * count >= limit * of);
}

function findingsOf(pattern: FraudPattern, { facts, settings, nowMs, settledMs }: Judgement, enough?: number): Finding[] {
  const { on, withinMinutes, limit, atLeast, stops } = settings.rules[pattern];
  if (!on) return [];
  const { subject: subjectOf, hit, distinct, share = false } = patterns[pattern];
  const sinceMs = pattern === 'complaints' ? 0 : nowMs - withinMinutes * 60_000;
  const groups = new Map<string, { readonly subject: Subject; readonly settledMs: number; of: number; hits: number; seen: Set<string> }>();
  for (const fact of facts) {
    if (fact.atMs < sinceMs) continue;
    const subject = subjectOf(fact);
    if (subject === undefined) continue;
    const group = groups.get(subject.value) ?? { subject, settledMs: settledMs(pattern, subject), of: 0, hits: 0, seen: new Set() };
    groups.set(subject.value, group);
    if (fact.atMs <= group.settledMs) continue;
    group.of += 1;
    if (!hit(fact, settings)) continue;
    group.hits += 1;
    if (distinct !== undefined) group.seen.add(distinct(fact));
  }
  return [...groups.values()].flatMap(({ subject, of, hits, seen }) => {
    const count = distinct === undefined ? hits : seen.size;
    const reached = share ? of >= atLeast && 100 * count >= limit * of : count >= (enough ?? limit);
    return reached && count > 0 ? [{ pattern, subject, count, of, limit, stops: stops && subject.kind !== 'caller' }] : [];
  });
}
