import { CallCentreError, type FailureCode } from '../shared/domain/failure.js';
import type { DialPermit, LeaveWay } from '../shared/domain/dial-permit.js';
import { planned } from '../shared/domain/numbering-plan.js';
import { maskNumber, normaliseNumber } from '../shared/domain/phone-number.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import type { Audit } from '../shared/platform/route.js';
import type { FraudSettingsStore } from './fraud-ports.js';
import { isWatched } from './fraud-watch.js';
import { mayLeave, type Destination } from './leaving.js';
import type { PermitBook } from './permit-book.js';
import type {
  Attempt,
  AttemptStore,
  Ceilings,
  ConsentStore,
  DayCounts,
  NumberRegister,
  RefusalStore,
  SettingsStore,
  WayOut,
} from './ports.js';
import { mayShow, type DialRefusal, type Permission } from './refusal.js';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** A leg that somebody, or a flow, wants to have dialled. */
export interface LeaveRequest {
  readonly callId: string;
  readonly way: LeaveWay;
  readonly number: string;
  /** Nobody's for a step of a flow and the overflow of a queue. */
  readonly agentId?: string | undefined;
  /** Of a call out. */
  readonly purpose?: string | undefined;
  /** The ways out of the house, in the order of preference. */
  readonly ways: readonly WayOut[];
  /** Of a leg that joins a caller: the number of ours that the caller had called, which is shown where the destination names no other. */
  readonly called?: string | undefined;
  /** The call in which the person asked to be called, and whether its trunk vouches for the caller's number. */
  readonly askedIn?: { readonly callId: string; readonly vouched: boolean; readonly automatic: boolean } | undefined;
}

/** A leg that was dialled, when it is over. */
export interface EndedLeg {
  readonly attemptId: string;
  readonly trunkId: string;
  readonly dialledAt: Date;
  readonly answeredAt: Date | undefined;
  readonly endedAt: Date;
  /** Why it was not answered, or ended by us. */
  readonly failure: string | undefined;
}

/**
 * The one way out: asked at the moment of dialling for each leg outside, and writes down what it decided. Fails with an `outbound-...` code
 * that says which rule refused.
 */
export interface Gate {
  permit(request: LeaveRequest): Promise<DialPermit>;
  /** The leg was not dialled after all. */
  unused(permit: DialPermit): Promise<void>;
  ended(leg: EndedLeg): Promise<void>;
}

export const refusalCodes: Readonly<Record<DialRefusal, FailureCode>> = {
  'purpose-not-allowed': 'outbound-purpose',
  stopped: 'outbound-stopped',
  'number-not-usable': 'outbound-number',
  'refused-by-person': 'outbound-do-not-call',
  'no-consent': 'outbound-consent',
  'outside-window': 'outbound-hours',
  'too-often': 'outbound-too-often',
  'not-dialable': 'outbound-not-dialable',
  'kind-not-allowed': 'outbound-kind',
  'not-registered': 'outbound-destination',
  'caller-not-vouched': 'outbound-unproven',
  'over-ceiling': 'outbound-ceiling',
};

export interface GateNeeds {
  readonly refusals: Pick<RefusalStore, 'inForce'>;
  readonly consents: Pick<ConsentStore, 'inForce'>;
  readonly attempts: Pick<AttemptStore, 'put' | 'triesOf' | 'countOf' | 'settle'>;
  readonly settings: Pick<SettingsStore, 'read' | 'stops' | 'leaving'>;
  readonly fraudSettings: Pick<FraudSettingsStore, 'read'>;
  readonly counts: DayCounts;
  readonly register: NumberRegister;
  readonly permits: PermitBook;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  readonly newId: () => string;
  /** At the called number's place: China has one zone. */
  readonly localTime: (at: Date) => { readonly date: string; readonly minuteOfDay: number; readonly midnight: Date };
  readonly now: () => Date;
}

type UsableWay = WayOut & { readonly clientId: string };
/** What the stores say about a request. */
interface Facts {
  readonly at: Date;
  readonly date: string;
  readonly way: UsableWay | undefined;
  readonly permission: Permission;
  readonly consentId: string | undefined;
  readonly watched: boolean;
  readonly ceilings: Ceilings;
}

const spelt = (number: string): string => normaliseNumber(number) ?? number;

/** A leg that joins a caller shows the number that its destination names, else the one that was called, and never another in its place. */
function waysOf({ ways, called }: LeaveRequest, destination: Destination | undefined): readonly WayOut[] {
  if (called === undefined) return ways;
  const shown = spelt(destination?.shown ?? called);
  return ways.filter(({ from }) => spelt(from) === shown);
}

export function createGate(needs: GateNeeds): Gate {
  const { refusals, consents, attempts, settings, fraudSettings, counts, register, permits, audit, hashNumber, newId, localTime, now } =
    needs;
  /** Two requests for one number wait for each other, or both would pass below the cap. */
  const turns = new Map<string, Promise<unknown>>();

  async function usableWay(ways: readonly WayOut[], today: string): Promise<UsableWay | undefined> {
    for (const way of ways) {
      const [number, fault] = await Promise.all([register.number(way.from), register.trunkFault(way.trunkId, way.from)]);
      if (fault === undefined && mayShow(number, today)) return { ...way, clientId: number?.clientId ?? '' };
    }
    return undefined;
  }

  async function look(request: LeaveRequest, numberHash: string): Promise<Facts> {
    const at = now();
    const { date, minuteOfDay, midnight } = localTime(at);
    const { agentId, purpose = '', askedIn } = request;
    const number = planned(request.number)?.text ?? '';
    const destination = await register.destination(number);
    const [way, ofCalled, refused, consent, tries, { window, quiet }, stops, { watchedPrefixes }, leaving, today] = await Promise.all([
      usableWay(waysOf(request, destination), date),
      request.called === undefined ? undefined : register.number(spelt(request.called)),
      refusals.inForce(numberHash),
      consents.inForce(numberHash, purpose, at),
      attempts.triesOf(numberHash, new Date(at.getTime() - DAY_MS)),
      settings.read(),
      settings.stops(),
      fraudSettings.read(),
      settings.leaving(),
      attempts.countOf(numberHash, midnight),
    ]);
    const clientId = ofCalled?.clientId ?? way?.clientId ?? '';
    const watched = isWatched(request.number, watchedPrefixes);
    const stopped = stops.some(
      ({ scope, value }) =>
        scope === 'platform' ||
        (scope === 'number' && value === way?.from) ||
        (scope === 'client' && (value === way?.clientId || value === clientId)) ||
        (scope === 'agent' && value === agentId),
    );
    const consentId = askedIn === undefined ? consent?.id : `call:${askedIn.callId}`;
    const rules = mayLeave({
      way: request.way,
      number: request.number,
      today: date,
      allowedKinds: leaving.allowedKinds,
      watched,
      stopped,
      refused: refused !== undefined,
      destination,
      clientId,
      callback: askedIn,
      purpose,
      consented: consentId !== undefined,
      minuteOfDay,
      window,
      quiet,
      tries,
      now: at,
    });
    const permission: Permission = !rules.allowed
      ? rules
      : way === undefined
        ? { allowed: false, reason: 'number-not-usable' }
        : today >= leaving.ceilings.numberCallsADay
          ? { allowed: false, reason: 'over-ceiling' }
          : rules;
    return { at, date, way, permission, consentId, watched, ceilings: leaving.ceilings };
  }

  async function decide(request: LeaveRequest, numberHash: string): Promise<DialPermit> {
    const { callId, agentId } = request;
    const facts = await look(request, numberHash);
    const { at, way, consentId, ceilings } = facts;
    // Counted last: a request that another rule refuses takes nothing from the day.
    const over = facts.permission.allowed && way !== undefined && (await counts.take(facts.date, way.trunkId, ceilings));
    const permission: Permission = over ? { allowed: false, reason: 'over-ceiling' } : facts.permission;
    const number = planned(request.number)?.text ?? request.number.replace(/[^+\d]/g, '');
    // A call's own leg has its id; one call may have many other legs.
    const attemptId = request.way === 'call-out' || request.way === 'callback' ? callId : newId();
    const attempt: Attempt = {
      attemptId,
      callId,
      at,
      way: request.way,
      agentId: agentId ?? '',
      numberHash,
      numberMasked: maskNumber(number),
      purpose: request.purpose ?? '',
      allowed: permission.allowed,
      ...(permission.allowed ? {} : { reason: permission.reason }),
      ...(way === undefined ? {} : { from: way.from, trunkId: way.trunkId }),
      ...(consentId === undefined ? {} : { consentId }),
      ...(facts.watched ? { watched: true } : {}),
    };
    await attempts.put(attempt);
    const { numberMasked } = attempt;
    const entry = { who: agentId ?? 'system:calls', object: `call:${callId}` };
    if (!permission.allowed || way === undefined) {
      const reason = permission.allowed ? 'number-not-usable' : permission.reason;
      await audit({ ...entry, what: 'outbound.refused', success: false, reason, after: { way: request.way, numberMasked } });
      throw new CallCentreError(refusalCodes[reason], `The rules of calling out refuse this call: ${reason}.`);
    }
    const { trunkId, from } = way;
    const after = { way: request.way, permitId: attemptId, numberMasked, numberHash, trunkId, from };
    await audit({ ...entry, what: 'outbound.permitted', success: true, after });
    const longestMs = ceilings.longestMinutes * MINUTE_MS;
    return permits.issue({ permitId: attemptId, way: request.way, trunkId, from, number, numberMasked, numberHash, consentId, longestMs });
  }

  return {
    async permit(request) {
      // What is no number has no hash; its attempts stand together under none.
      const numberHash = hashNumber(request.number) ?? '';
      const turn = (turns.get(numberHash) ?? Promise.resolve()).then(() => decide(request, numberHash));
      const over = turn.catch(() => undefined);
      turns.set(numberHash, over);
      void over.then(() => {
        if (turns.get(numberHash) === over) turns.delete(numberHash);
      });
      return turn;
    },
    async unused(permit) {
      if (permits.void(permit)) await attempts.settle(permit.permitId, { unused: true });
    },
    async ended({ attemptId, trunkId, dialledAt, answeredAt, endedAt, failure }) {
      const lastedMs = answeredAt === undefined ? 0 : Math.max(0, endedAt.getTime() - answeredAt.getTime());
      await Promise.all([
        attempts.settle(attemptId, {
          endedAt,
          ...(answeredAt === undefined ? {} : { answeredAt }),
          ...(failure === undefined ? {} : { failure }),
        }),
        counts.add(localTime(dialledAt).date, trunkId, lastedMs),
      ]);
    },
  };
}
