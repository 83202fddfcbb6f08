import { usualFraudSettings } from '../../services/shared/domain/calls/fraud.js';
import { numberHasher } from '../../services/shared/platform/reach/number-hash.js';
import { createGate, type GateNeeds, type LeaveRequest } from '../../services/outbound/gate/gate.js';
import type { Destination } from '../../services/outbound/leaving/leaving.js';
import { createPermitBook } from '../../services/outbound/gate/permit-book.js';
import { shippedRules, type LeavingRules } from '../../services/outbound/leaving/leaving-rules.js';
import type { Attempt, Consent, Stop } from '../../services/outbound/ports.js';
import type { Refusal } from '../../services/outbound/refusals/refusal.js';
import type { TrunkFault } from '../../services/shared/domain/calls/calling-out.js';
import { silentLogger } from '../../services/shared/platform/processes/logger.js';

export const NOW = new Date('2026-03-10T02:00:00Z');
const hashNumber = numberHasher('key');
const hashOf = (number: string): string => hashNumber(number) ?? '';
export const out: LeaveRequest = {
  callId: 'c1',
  way: 'call-out',
  agentId: 'anna',
  number: '13800000001',
  purpose: 'enquiry',
  ways: [
    { trunkId: 'inbound-trunk', from: '95100' },
    { trunkId: 'carrier', from: '4001000' },
    { trunkId: 'carrier', from: '95100' },
  ],
};
export const transfer: LeaveRequest = {
  callId: 'c1',
  way: 'transfer',
  agentId: 'anna',
  number: '02160000001',
  ways: out.ways,
  called: '95100',
};
export const callback: LeaveRequest = {
  ...out,
  way: 'callback',
  purpose: 'prompt-return',
  askedIn: { callId: 'c0', vouched: true, automatic: true },
};
export const row = {
  kind: '95',
  state: 'in-use',
  validUntil: '',
  outboundReason: '',
  clientId: 'C001',
  commitmentLetter: true,
  contracted: true,
  licensed: true,
};
const consent: Consent = {
  id: 'consent-7',
  numberHash: hashOf('13800000001'),
  numberMasked: '138****0001',
  purposes: ['enquiry'],
  channel: 'web',
  givenAt: NOW,
  evidence: 'form 7',
  by: 'boss',
  at: NOW,
};
export const registered: Destination = { clientId: '', validUntil: '2026-12-31', shown: undefined };
export const ceilings = {
  numberCallsADay: 9,
  numberMinutesADay: 9,
  callsADay: 9,
  minutesADay: 9,
  trunkCallsADay: 9,
  trunkMinutesADay: 9,
  longestMinutes: 60,
};

/** What differs from a house where all is in order. */
export interface Office {
  readonly consents?: readonly Consent[];
  readonly stops?: readonly Stop[];
  readonly refusal?: Refusal;
  readonly destination?: Destination;
  readonly trunkFault?: TrunkFault;
  readonly leaving?: Partial<LeavingRules>;
  readonly dayIsFull?: boolean;
  readonly needs?: Partial<GateNeeds>;
  readonly stores?: Partial<GateNeeds['stores']>;
}

/** A gate over stores in memory. */
export function office(change: Office = {}) {
  const attempts: Attempt[] = [];
  const stops = [...(change.stops ?? [])];
  const settled: [string, object][] = [];
  const audited: string[] = [];
  const time = { nowMs: NOW.getTime() };
  const permits = createPermitBook({ nowMs: () => time.nowMs });
  let serial = 0;
  const gate = createGate({
    stores: {
      refused: async () => change.refusal !== undefined,
      consent: async (numberHash, purpose) =>
        (change.consents ?? [consent]).find(
          (each) => each.numberHash === numberHash && (each.purposes as readonly string[]).includes(purpose),
        ),
      triesOf: async (hash) => attempts.filter(({ numberHash, allowed }) => numberHash === hash && allowed).map(({ at }) => at),
      countOf: async (hash) => attempts.filter(({ numberHash, allowed }) => numberHash === hash && allowed).length,
      lastedTo: async () => 0,
      rules: async () => ({ ...shippedRules, ceilings, ...change.leaving }),
      stops: async () => [...stops],
      watchedPrefixes: async () => usualFraudSettings.watchedPrefixes,
      dayCount: async () => ({ calls: change.dayIsFull === true ? ceilings.callsADay : 0, lastedMs: 0, trunkCalls: 0, trunkLastedMs: 0 }),
      register: {
        number: async (number) => (number === '95100' ? { ...row, direction: 'both' } : { ...row, direction: 'inbound-only' }),
        trunkFault: async (trunkId) => change.trunkFault ?? (trunkId === 'inbound-trunk' ? 'trunk-inbound-only' : undefined),
        destination: async (number) => (number === '02160000001' ? change.destination : undefined),
      },
      ...change.stores,
    },
    memory: { position: () => undefined, catchUp: async () => undefined },
    attempts: {
      put: async (attempt) => void attempts.push(attempt),
      async settle(attemptId, outcome) {
        settled.push([attemptId, outcome]);
        return attempts.find((attempt) => attempt.attemptId === attemptId)?.numberHash;
      },
    },
    stops: { stops: async () => [...stops] },
    claims: claimsInMemory(),
    counts: { count: async () => undefined, moved: async () => undefined, giveBack: async () => undefined, add: async () => undefined },
    permits,
    audit: async ({ what, reason = '' }) => void audited.push(`${what}:${reason}`),
    hashNumber,
    newId: () => `n${(serial += 1)}`,
    localTime: () => ({ date: '2026-03-10', minuteOfDay: 600, midnight: new Date('2026-03-09T16:00:00Z') }),
    now: () => NOW,
    later(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    log: silentLogger,
    ...change.needs,
  });
  return { gate, attempts, settled, audited, permits, time, stops };
}

/** Counts as the live state's script does, for one process. */
export function claimsInMemory(): GateNeeds['claims'] {
  const taken = new Map<string, string[]>();
  return {
    holds: async () => true,
    lasted: async () => undefined,
    moved: async ({ least, ceilings: { trunkCallsADay } }) => least.trunkCalls < trunkCallsADay,
    async take({ numberHash, permitId, mostADay, caps, least, ceilings: { callsADay } }) {
      const of = taken.get(numberHash) ?? [];
      if (caps.some(({ tries }) => of.length >= tries)) return 'too-often';
      if (of.length >= mostADay || least.calls >= callsADay) return 'over-ceiling';
      taken.set(numberHash, [...of, permitId]);
      return undefined;
    },
    giveBack: async () => undefined,
    async release({ numberHash, permitId }) {
      const [before, kept] = [taken.get(numberHash) ?? [], (taken.get(numberHash) ?? []).filter((each) => each !== permitId)];
      taken.set(numberHash, kept);
      return kept.length < before.length;
    },
  };
}

export const stop = (scope: Stop['scope'], value: string): Stop => ({
  id: 's',
  scope,
  value,
  reason: 'complaints',
  by: 'boss',
  byName: 'Boss',
  at: NOW,
});
export const refusal: Refusal = { numberHash: '', numberMasked: '', reason: 'asked-by-voice', source: '', at: NOW, by: '' };
