import type { Audit } from '../shared/platform/http/route.js';
import type { FraudSettingsStore } from './fraud/fraud-ports.js';
import type { GateFeed } from './gate/gate-ports.js';
import type { AttemptStore, ConsentStore, RefusalStore, RuleStore, StopStore } from './ports.js';
import { isOfThePerson } from './refusals/refusal.js';

// Stores that announce each change to the gates of all processes before the author of the change gets an answer.

export function announcedRefusals(refusals: RefusalStore, feed: GateFeed): RefusalStore {
  const changed = (numberHash: string): Promise<void> => feed.publish({ topic: 'refusal', hashes: [numberHash] });
  return {
    ...refusals,
    async put(refusal) {
      await refusals.put(refusal);
      await changed(refusal.numberHash);
    },
    async withdraw(numberHash, withdrawn) {
      const done = await refusals.withdraw(numberHash, withdrawn);
      await changed(numberHash);
      return done;
    },
    async forget(numberHash) {
      await refusals.forget(numberHash);
      await changed(numberHash);
    },
  };
}

/**
 * A refusal to be called withdraws all earlier consents, whichever way they came: calling again needs a new consent, and no old consent
 * becomes valid when the refusal is taken back.
 */
export function revokingRefusals(refusals: RefusalStore, consents: ConsentStore, audit: Audit): RefusalStore {
  return {
    ...refusals,
    async put(refusal) {
      await refusals.put(refusal);
      if (!isOfThePerson(refusal.reason)) return;
      const { at, by, reason, source } = refusal;
      for (const id of await consents.withdrawAll(refusal.numberHash, { at, by, reason: `${reason}: ${source}` }))
        await audit({ who: by, what: 'consent.withdrawn', object: `consent:${id}`, success: true, reason });
    },
  };
}

export function announcedConsents(consents: ConsentStore, feed: GateFeed): ConsentStore {
  return {
    ...consents,
    async put(consent) {
      await consents.put(consent);
      await feed.publish({ topic: 'consent', hashes: [consent.numberHash] });
    },
    async putMany(many) {
      await consents.putMany(many);
      await feed.publish({ topic: 'consent', hashes: [...new Set(many.map(({ numberHash }) => numberHash))] });
    },
    async withdrawAll(numberHash, withdrawn) {
      const ids = await consents.withdrawAll(numberHash, withdrawn);
      if (ids.length > 0) await feed.publish({ topic: 'consent', hashes: [numberHash] });
      return ids;
    },
    async withdraw(id, withdrawn) {
      const done = await consents.withdraw(id, withdrawn);
      await feed.publish({ topic: 'consent', hashes: (await consents.byIds([id])).map(({ numberHash }) => numberHash) });
      return done;
    },
  };
}

/** A consent that is withdrawn during a call does not end the call, but its row says when; no further call rests on that consent. */
export const markingConsents = (consents: ConsentStore, attempts: Pick<AttemptStore, 'consentsTakenBack'>): ConsentStore => ({
  ...consents,
  async withdraw(id, withdrawn) {
    const done = await consents.withdraw(id, withdrawn);
    if (done) await attempts.consentsTakenBack([id], withdrawn.at);
    return done;
  },
  async withdrawAll(numberHash, withdrawn) {
    const ids = await consents.withdrawAll(numberHash, withdrawn);
    if (ids.length > 0) await attempts.consentsTakenBack(ids, withdrawn.at);
    return ids;
  },
});

export const announcedRules = (rules: RuleStore, feed: GateFeed): RuleStore => ({
  ...rules,
  async change(part, who) {
    const next = await rules.change(part, who);
    await feed.publish({ topic: 'rules', hashes: [] });
    return next;
  },
});

export const announcedStops = (stops: StopStore, feed: GateFeed): StopStore => ({
  ...stops,
  async stop(stop) {
    await stops.stop(stop);
    await feed.publish({ topic: 'stops', hashes: [] });
  },
  async lift(id) {
    const done = await stops.lift(id);
    await feed.publish({ topic: 'stops', hashes: [] });
    return done;
  },
});

export const announcedFraudSettings = (settings: FraudSettingsStore, feed: GateFeed): FraudSettingsStore => ({
  ...settings,
  async write(next) {
    await settings.write(next);
    await feed.publish({ topic: 'watched', hashes: [] });
  },
});
