import { localTime } from '../../shared/domain/time/local-time.js';
import type { PackFacts } from '../documents/pack-facts.js';
import type { Gathered } from './gather.js';
import type { PackDependencies } from './pack-needs.js';

const NEWEST_REFUSALS = 20;

/** The facts about outbound calls in documents, with the calls that the seed drew. */
export async function outboundFacts(
  { traffic, rows, blocked, alarms, outboundSample }: Gathered,
  seed: string,
  { site, zone }: Pick<PackDependencies, 'site' | 'zone'>,
): Promise<PackFacts['outbound']> {
  const [doNotCall, refusals, consents, fraudSettings, accounts, recorded] = await Promise.all([
    site.doNotCall(),
    site.refusals(NEWEST_REFUSALS),
    site.consents(),
    site.fraudSettings(),
    site.accountNames(),
    site.recorded(outboundSample.map(({ callId }) => callId)),
  ]);
  return {
    calls: traffic.outbound,
    attempts: rows['attempts'] ?? 0,
    blocked,
    consents,
    doNotCall,
    refusals: refusals.map(({ at, ...rest }) => ({ at: localTime(at.getTime(), zone), ...rest })),
    alarms: alarms.map((alarm) =>
      alarm.subjectKind === 'agent' ? { ...alarm, subject: accounts[alarm.subject] ?? alarm.subject } : alarm,
    ),
    fraudSettings,
    seed,
    sample: outboundSample.map(({ callId, atMs, numberMasked, purpose, consentId }) => ({
      callId,
      at: localTime(atMs, zone),
      numberMasked,
      recording: recorded.has(callId),
      purpose,
      consent: consentId,
    })),
  };
}
