import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/stores/records.js';
import { attemptRecord, consentExtract, fraudAlarmRecord, refusalExtract } from '../shared/records/outbound.js';
import type { CollectionOf } from '../shared/records/record.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoFraudSettings, FRAUD_ALARMS, type StoredAlarm } from './adapters/mongo-fraud.js';
import { ATTEMPTS, CONSENTS, type StoredAttempt, type StoredConsent } from './adapters/mongo-outbound.js';
import { REFUSALS, type StoredRefusal } from './adapters/mongo-refusals.js';

/** What other slices read of outbound calling: requested legs, alarms, refusals, consents and the rules of the fraud watch. */
export const createOutboundReads = (
  mongo: Connection,
): Pick<Reads, 'attempts' | 'fraudAlarms' | 'refusals' | 'consents' | 'fraudSettings'> => ({
  attempts: createReads(mongo, ATTEMPTS as CollectionOf<StoredAttempt>, attemptRecord),
  fraudAlarms: createReads(mongo, FRAUD_ALARMS as CollectionOf<StoredAlarm>, fraudAlarmRecord),
  refusals: createReads(mongo, REFUSALS as CollectionOf<StoredRefusal>, refusalExtract),
  consents: createReads(mongo, CONSENTS as CollectionOf<StoredConsent>, consentExtract),
  fraudSettings: () => createMongoFraudSettings(mongo).read(),
});
