import { consentInForce } from './consents/consent.js';
import type { AttemptStore, Consent, ConsentStore, NumberRegister, RefusalStore, StopStore, WaysOut } from './ports.js';
import { showFault } from './refusals/refusal.js';
import type { CallId } from '../shared/domain/ids.js';

const stopIdOf = (campaignId: string): string => `campaign:${campaignId}`;

/**
 * Answers what campaigns ask about the outbound rules, in addition to the gate, which decides each call: the port `CallingOut` of
 * services/campaigns.
 */
export function createCampaignRules({
  attempts,
  refusals,
  consents,
  stops,
  register,
  waysOut,
  today,
  now,
}: {
  readonly attempts: Pick<AttemptStore, 'isUnused'>;
  readonly refusals: Pick<RefusalStore, 'ofNumbers'>;
  readonly consents: Pick<ConsentStore, 'ofNumbers'>;
  readonly stops: StopStore;
  readonly register: NumberRegister;
  readonly waysOut: WaysOut;
  readonly today: () => string;
  readonly now: () => Date;
}) {
  return {
    async standing(
      numberHashes: readonly string[],
      { purpose, from }: { readonly purpose: string; readonly from: string },
    ): Promise<ReadonlyMap<string, 'refused' | 'no-consent'>> {
      const [refused, agreed, shown] = await Promise.all([
        refusals.ofNumbers(numberHashes),
        consents.ofNumbers(numberHashes),
        register.number(from),
      ]);
      const against = new Map<string, 'refused' | 'no-consent'>();
      const byNumber = new Map<string, Consent[]>();
      for (const consent of agreed)
        if (consent.withdrawn === undefined) byNumber.set(consent.numberHash, [...(byNumber.get(consent.numberHash) ?? []), consent]);
      for (const hash of numberHashes)
        if (consentInForce(byNumber.get(hash) ?? [], purpose, shown?.clientId ?? '', now()) === undefined) against.set(hash, 'no-consent');
      for (const { numberHash, inForceSince } of refused) if (inForceSince !== undefined) against.set(numberHash, 'refused');
      return against;
    },
    async numberFault(from: string): Promise<string | undefined> {
      const number = await register.number(from);
      const fault = showFault(number, today());
      if (fault !== undefined) return fault;
      const ways = (await waysOut()).filter((way) => way.from === from);
      const faults = await Promise.all(ways.map(({ trunkId }) => register.trunkFault(trunkId, from, { forwards: false, today: today() })));
      return faults.length === 0 ? 'trunk-not-permitted' : faults.every((each) => each !== undefined) ? faults[0] : undefined;
    },
    async stop(campaignId: string, why: { readonly reason: string; readonly by: string; readonly byName: string }): Promise<void> {
      const id = stopIdOf(campaignId);
      if ((await stops.stops()).some((stop) => stop.id === id)) return;
      await stops.stop({ id, scope: 'campaign', value: campaignId, ...why, at: now() });
    },
    async lift(campaignId: string): Promise<void> {
      await stops.lift(stopIdOf(campaignId));
    },
    isUnsent: (callId: CallId): Promise<boolean> => attempts.isUnused(callId),
  };
}
