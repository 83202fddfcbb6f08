import { CallCentreError, type FailureCode } from '../shared/domain/failure.js';
import { maskNumber } from '../shared/domain/phone-number.js';
import type { NumberHash } from '../shared/platform/number-hash.js';
import type { Audit } from '../shared/platform/route.js';
import type { FraudSettingsStore } from './fraud-ports.js';
import { isWatched } from './fraud-watch.js';
import type { Attempt, AttemptStore, ConsentStore, NumberRegister, RefusalStore, SettingsStore, WayOut } from './ports.js';
import { mayDial, mayShow, type DialRefusal, type Permission } from './refusal.js';

const DAY_MS = 86_400_000;

export interface DialWish {
  readonly callId: string;
  readonly agentId: string;
  readonly number: string;
  readonly purpose: string;
  /** In the order of preference. */
  readonly ways: readonly WayOut[];
  /** The call in which the person asked to be called. */
  readonly askedIn?: string | undefined;
}

export interface DialPermit extends WayOut {
  /** Of the stored consent, or `call:<id>` of the call in which the person asked for it. */
  readonly consentId: string;
}

/** Decides at the moment of dialling, and writes down what it decided. Fails with an `outbound-...` code that says which rule it was. */
export interface OutboundDesk {
  permit(wish: DialWish): Promise<DialPermit>;
}

const codes: Readonly<Record<DialRefusal, FailureCode>> = {
  'purpose-not-allowed': 'outbound-purpose',
  stopped: 'outbound-stopped',
  'number-not-usable': 'outbound-number',
  'refused-by-person': 'outbound-do-not-call',
  'no-consent': 'outbound-consent',
  'outside-window': 'outbound-hours',
  'too-often': 'outbound-too-often',
};

export function createOutboundDesk({
  refusals,
  consents,
  attempts,
  settings,
  fraudSettings,
  register,
  audit,
  hashNumber,
  localTime,
  now,
}: {
  readonly refusals: RefusalStore;
  readonly consents: ConsentStore;
  readonly attempts: AttemptStore;
  readonly settings: SettingsStore;
  readonly fraudSettings: Pick<FraudSettingsStore, 'read'>;
  readonly register: NumberRegister;
  readonly audit: Audit;
  readonly hashNumber: NumberHash;
  /** At the called number's place: China has one zone. */
  readonly localTime: (at: Date) => { readonly date: string; readonly minuteOfDay: number };
  readonly now: () => Date;
}): OutboundDesk {
  /** Two wishes for one number wait for each other, or both would pass below the cap. */
  const turns = new Map<string, Promise<unknown>>();

  async function usableWay(ways: readonly WayOut[], today: string): Promise<(WayOut & { readonly clientId: string }) | undefined> {
    for (const way of ways) {
      const [number, callsOut] = await Promise.all([register.number(way.from), register.trunkCallsOut(way.trunkId)]);
      if (callsOut && mayShow(number, today)) return { ...way, clientId: number?.clientId ?? '' };
    }
    return undefined;
  }

  async function decide(wish: DialWish, numberHash: string): Promise<DialPermit> {
    const at = now();
    const { date, minuteOfDay } = localTime(at);
    const [way, refused, consent, tries, { window, quiet }, stops, { watchedPrefixes }] = await Promise.all([
      usableWay(wish.ways, date),
      refusals.inForce(numberHash),
      consents.inForce(numberHash, wish.purpose, at),
      attempts.triesOf(numberHash, new Date(at.getTime() - DAY_MS)),
      settings.read(),
      settings.stops(),
      fraudSettings.read(),
    ]);
    const consentId = wish.askedIn === undefined ? consent?.id : `call:${wish.askedIn}`;
    const stopped = stops.some(
      ({ scope, value }) =>
        scope === 'platform' ||
        (scope === 'number' && value === way?.from) ||
        (scope === 'client' && value === way?.clientId) ||
        (scope === 'agent' && value === wish.agentId),
    );
    const question = { purpose: wish.purpose, stopped, refused: refused !== undefined, consented: consentId !== undefined };
    const rules = mayDial({ ...question, minuteOfDay, window, quiet, tries, now: at });
    const permission: Permission = rules.allowed && way === undefined ? { allowed: false, reason: 'number-not-usable' } : rules;
    const attempt: Attempt = {
      callId: wish.callId,
      at,
      agentId: wish.agentId,
      numberHash,
      numberMasked: maskNumber(wish.number),
      purpose: wish.purpose,
      allowed: permission.allowed,
      ...(permission.allowed ? {} : { reason: permission.reason }),
      ...(way === undefined ? {} : { from: way.from, trunkId: way.trunkId }),
      ...(consentId === undefined ? {} : { consentId }),
      ...(isWatched(wish.number, watchedPrefixes) ? { watched: true } : {}),
    };
    await attempts.put(attempt);
    if (permission.allowed && way !== undefined && consentId !== undefined) return { trunkId: way.trunkId, from: way.from, consentId };
    const reason = permission.allowed ? 'no-consent' : permission.reason;
    await audit({ who: wish.agentId, what: 'outbound.refused', object: `call:${wish.callId}`, success: false, reason });
    throw new CallCentreError(codes[reason], `The rules of calling out refuse this call: ${reason}.`);
  }

  return {
    async permit(wish) {
      const numberHash = hashNumber(wish.number);
      if (numberHash === undefined) throw new CallCentreError('invalid-request', 'This is not a telephone number.');
      const turn = (turns.get(numberHash) ?? Promise.resolve()).then(() => decide(wish, numberHash));
      const over = turn.catch(() => undefined);
      turns.set(numberHash, over);
      void over.then(() => {
        if (turns.get(numberHash) === over) turns.delete(numberHash);
      });
      return turn;
    },
  };
}
