import { createGate, type Gate } from '../../../services/outbound/gate/gate.js';
import { createPermitBook, type PermitBook } from '../../../services/outbound/gate/permit-book.js';
import { shippedRules } from '../../../services/outbound/leaving/leaving-rules.js';
import type { Attempt, AttemptStore, Claims, RefusalStore, Stop } from '../../../services/outbound/ports.js';
import type { Refusal } from '../../../services/outbound/refusals/refusal.js';
import type { DialPermit } from '../../../services/shared/domain/calls/dial-permit.js';
import { silentLogger } from '../../../services/shared/platform/processes/logger.js';
import { orderedId } from '../../../services/shared/domain/ids.js';
import { numberHasher } from '../../../services/shared/platform/reach/number-hash.js';
import type { Process } from '../scheduler.js';
import { DESTINATIONS, SIM_ZONE_OFFSET_MS } from '../site.js';
import type { World } from '../world.js';

type DocumentStore = <T>(work: () => T) => Promise<T>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const DATE_LENGTH = 10;
const NEXT_YEAR = '2027-12-31';
/** Everybody who is called has agreed to it, except one in this many. */
const WITHOUT_CONSENT = 7;

export const siteDate = (at: Date): string => new Date(at.getTime() + SIM_ZONE_OFFSET_MS).toISOString().slice(0, DATE_LENGTH);

/** The stores that the gate reads and writes, and the register of numbers and destinations. The gate itself is the product's. */
export class Outbound {
  readonly hashNumber = numberHasher('the key of the simulation');
  readonly attempts = new Map<string, Attempt>();
  readonly refusals = new Map<string, Refusal>();
  readonly destinations = new Map<string, { readonly validUntil: string }>(
    DESTINATIONS.map((number) => [number, { validUntil: NEXT_YEAR }]),
  );
  stops: Stop[] = [];
  /** Whose consent was taken back, and when. */
  readonly withdrawn = new Map<string, number>();
  #claimed: { readonly numberHash: string; readonly permitId: string; readonly atMs: number; readonly isTry: boolean }[] = [];
  /** Every permit, and when it was given. */
  readonly permits = new Map<string, { readonly permit: DialPermit; readonly atMs: number }>();

  constructor(private readonly world: World) {}

  /** The stores as one process reaches them. */
  stores(process: Process): { readonly attempts: AttemptStore; readonly refusals: RefusalStore; readonly store: DocumentStore } {
    const store: DocumentStore = (work) => this.world.stores.document(process, work);
    const attempts: AttemptStore = {
      put: (attempt) => store(() => void this.attempts.set(attempt.attemptId, attempt)),
      refusedByKey: (callId, refusedAt) => store(() => this.#change(callId, { refusedAt })),
      consentsTakenBack: () => Promise.reject(new Error('not asked in a simulation')),
      triesOf: (numberHash, since) =>
        store(() =>
          [...this.attempts.values()]
            .filter(
              ({ at, way, allowed, unused, freeReason, ...of }) =>
                of.numberHash === numberHash &&
                allowed &&
                unused !== true &&
                at >= since &&
                (way.startsWith('call') || freeReason !== undefined),
            )
            .map(({ at }) => at)
            .reverse(),
        ),
      countOf: (numberHash, since) =>
        store(
          () =>
            [...this.attempts.values()].filter(
              ({ at, allowed, unused, ...of }) => of.numberHash === numberHash && allowed && unused !== true && at >= since,
            ).length,
        ),
      lastedTo: (numberHash, since) =>
        store(() =>
          [...this.attempts.values()]
            .filter((attempt) => attempt.numberHash === numberHash && attempt.at >= since)
            .reduce(
              (sum, { answeredAt, endedAt }) => sum + Math.max(0, (endedAt?.getTime() ?? 0) - (answeredAt?.getTime() ?? Infinity)),
              0,
            ),
        ),
      isUnused: (attemptId) => store(() => this.attempts.get(attemptId)?.unused === true),
      settle: (attemptId, outcome) =>
        store(() => {
          this.#change(attemptId, outcome);
          return this.attempts.get(attemptId)?.numberHash;
        }),
      list: () => Promise.reject(new Error('not asked in a simulation')),
      answeredOut: () => Promise.reject(new Error('not asked in a simulation')),
    };

    const refusals: RefusalStore = {
      put: (refusal) =>
        store(() => {
          if (!this.refusals.has(refusal.numberHash)) this.refusals.set(refusal.numberHash, refusal);
        }),
      inForce: (numberHash) => store(() => this.refusals.get(numberHash)),
      ofNumbers: () => Promise.reject(new Error('not asked in a simulation')),
      list: () => Promise.reject(new Error('not asked in a simulation')),
      withdraw: () => Promise.reject(new Error('not asked in a simulation')),
      forget: () => Promise.reject(new Error('not asked in a simulation')),
    };

    return { attempts, refusals, store };
  }

  #change(attemptId: string, change: Partial<Attempt>): void {
    const known = this.attempts.get(attemptId);
    if (known !== undefined) this.attempts.set(attemptId, { ...known, ...change });
  }

  /** The live state's script, which takes one request after the other. */
  #claims(process: Process): Claims {
    const { world } = this;
    return {
      take: ({ numberHash, permitId, at, midnight, mostADay, caps }) =>
        process.later(world.latency(), () => {
          const legs = this.#claimed.filter((leg) => leg.numberHash === numberHash && leg.atMs >= midnight.getTime());
          const tries = this.#claimed.filter((leg) => leg.numberHash === numberHash && leg.isTry);
          const within = (ms: number): number => tries.filter(({ atMs }) => atMs > at.getTime() - ms).length;
          if (caps.some(({ withinMs, tries: most }) => within(withinMs) >= most)) return 'too-often';
          if (legs.length >= mostADay) return 'over-ceiling';
          this.#claimed.push({ numberHash, permitId, atMs: at.getTime(), isTry: caps.length > 0 });
          return undefined;
        }),
      holds: () => process.later(world.latency(), () => true),
      lasted: () => process.later(world.latency(), () => undefined),
      moved: () => process.later(world.latency(), () => true),
      release: ({ permitId }) =>
        process.later(world.latency(), () => {
          const before = this.#claimed.length;
          this.#claimed = this.#claimed.filter((leg) => leg.permitId !== permitId);
          return this.#claimed.length < before;
        }),
      giveBack: () => process.later(world.latency(), () => undefined),
    };
  }

  /** The gate of one process, with the book of its permits. */
  of(process: Process): { readonly gate: Gate; readonly book: PermitBook } {
    const { world } = this;
    const { attempts, refusals, store } = this.stores(process);
    const clock = { nowMs: () => process.clock.nowMs() };
    const issuing = createPermitBook(clock);
    const book: PermitBook = {
      ...issuing,
      issue: (facts) => {
        const permit = issuing.issue(facts);
        this.permits.set(permit.permitId, { permit, atMs: clock.nowMs() });
        return permit;
      },
    };
    const gate = createGate({
      stores: {
        refused: async (numberHash) => (await refusals.inForce(numberHash)) !== undefined,
        consent: (numberHash) =>
          store(() =>
            this.withdrawn.has(numberHash) || Number.parseInt(numberHash.slice(0, 4), 16) % WITHOUT_CONSENT === 0
              ? undefined
              : { id: `consent-${numberHash}` },
          ),
        triesOf: attempts.triesOf,
        countOf: attempts.countOf,
        lastedTo: attempts.lastedTo,
        rules: () =>
          store(() => ({
            ...shippedRules,
            window: { fromMinute: 0, toMinute: 24 * 60 },
            ceilings: {
              numberCallsADay: 50,
              numberMinutesADay: 100_000,
              callsADay: 10_000,
              minutesADay: 100_000,
              trunkCallsADay: 10_000,
              trunkMinutesADay: 100_000,
              longestMinutes: world.profile.longestLegMs / MINUTE_MS,
            },
          })),
        stops: () => store(() => this.stops),
        watchedPrefixes: () => store(() => []),
        dayCount: () => store(() => ({ calls: 0, lastedMs: 0, trunkCalls: 0, trunkLastedMs: 0 })),
        register: {
          number: () =>
            store(() => ({
              kind: '400',
              state: 'in-use',
              direction: 'both',
              validUntil: '',
              commitmentLetter: true,
              outboundReason: '',
              clientId: '',
              contracted: true,
              licensed: true,
            })),
          trunkFault: () => store(() => undefined),
          destination: (number) =>
            store(() => {
              const row = this.destinations.get(number);
              return row === undefined ? undefined : { clientId: '', validUntil: row.validUntil, shown: undefined };
            }),
        },
      },
      // Decides by what the stores have at the moment; what a process remembers of them is proved with the real feed.
      memory: { position: () => undefined, catchUp: async () => undefined },
      attempts,
      stops: { stops: () => store(() => this.stops) },
      claims: this.#claims(process),
      counts: {
        count: () => store(() => undefined),
        moved: () => store(() => undefined),
        giveBack: () => store(() => undefined),
        add: () => store(() => undefined),
      },
      permits: book,
      audit: async () => undefined,
      hashNumber: this.hashNumber,
      newId: () => orderedId(process.clock.nowMs(), (bytes) => world.random.bytes(bytes)),
      localTime: (at) => {
        const local = new Date(at.getTime() + SIM_ZONE_OFFSET_MS);
        const midnight = new Date(Math.floor(local.getTime() / DAY_MS) * DAY_MS - SIM_ZONE_OFFSET_MS);
        return { date: siteDate(at), minuteOfDay: local.getUTCHours() * 60 + local.getUTCMinutes(), midnight };
      },
      now: () => new Date(process.clock.nowMs()),
      later: (ms, run) => process.clock.after(ms, run),
      log: silentLogger,
    });
    return { gate, book };
  }
}
