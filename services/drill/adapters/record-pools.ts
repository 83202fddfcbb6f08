import { PROOF_NUMBER } from '../../shared/domain/proof.js';
import type { Reads } from '../../shared/records/reads.js';
import type { DrillPool, DrillTopic } from '../drill.js';

export type DrillReads = Pick<Reads, 'calls' | 'recordings' | 'consents'>;

/** A deletion at the end of the retention period follows the rule, so nothing is missing. */
const deletedEarly = ({
  deletion,
  keepUntil,
}: {
  readonly deletion?: { readonly at: string } | undefined;
  readonly keepUntil: string;
}): boolean => deletion !== undefined && deletion.at < keepUntil;

/** Calls and consents that can be drawn. There are too many to read, so the store is asked for the one at an index. */
export async function recordPools(
  { calls, recordings, consents }: DrillReads,
  { sinceMs, now, timeOf }: { readonly sinceMs: number; readonly now: Date; readonly timeOf: (at: Date) => string },
): Promise<Readonly<Record<Extract<DrillTopic, 'call' | 'consent'>, DrillPool>>> {
  // Answered service calls from people. Calls that arrive while the drill begins do not shift the indexes.
  const ofCalls = {
    invitedAt: { $gte: new Date(sinceMs), $lt: now },
    called: { $ne: PROOF_NUMBER },
    class: { $ne: 'test' },
    answeredAt: { $ne: null },
  } as const;
  const ofConsents = { at: { $lt: now }, withdrawn: { $exists: false } };
  const [callCount, consentCount] = await Promise.all([calls.count(ofCalls), consents.count(ofConsents)]);
  return {
    call: {
      count: callCount,
      async at(place) {
        const [call] = await calls.find(ofCalls, {
          fields: ['callerMasked', 'called', 'invitedAt'],
          sort: { invitedAt: 1, _id: 1 },
          skip: place,
          limit: 1,
        });
        if (call === undefined) return undefined;
        const recording = await recordings.one(call._id, ['deletion', 'keepUntil']);
        return {
          subject: call._id,
          label: `${timeOf(call.invitedAt)} ${call.callerMasked} → ${call.called}`,
          gaps: recording === undefined ? ['no-recording'] : deletedEarly(recording) ? ['recording-deleted'] : [],
        };
      },
    },
    consent: {
      count: consentCount,
      async at(place) {
        const [consent] = await consents.find(ofConsents, {
          fields: ['at', 'numberMasked', 'original'],
          sort: { at: 1, _id: 1 },
          skip: place,
          limit: 1,
        });
        if (consent === undefined) return undefined;
        return {
          subject: consent._id,
          label: `${timeOf(consent.at)} ${consent.numberMasked}`,
          gaps: consent.original === undefined ? ['no-original'] : [],
        };
      },
    },
  };
}
