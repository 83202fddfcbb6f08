import type { Connection } from 'mongoose';
import { createReads } from '../shared/platform/records.js';
import { attemptRecord, consentExtract, fraudAlarmRecord, refusalExtract } from '../shared/records/outbound.js';
import type { Reads } from '../shared/records/reads.js';
import { createMongoFraudSettings, FRAUD_ALARMS, type StoredAlarm } from './adapters/mongo-fraud.js';
import { ATTEMPTS, CONSENTS, type StoredAttempt, type StoredConsent } from './adapters/mongo-outbound.js';
import { REFUSALS, type StoredRefusal } from './adapters/mongo-refusals.js';

/** What other slices read of calling out: legs that were to leave, alarms, refusals, consents and the rules of the fraud watch. */
export const createOutboundReads = (
  mongo: Connection,
): Pick<Reads, 'attempts' | 'fraudAlarms' | 'refusals' | 'consents' | 'fraudSettings'> => ({
  attempts: createReads<typeof attemptRecord, StoredAttempt>(mongo, ATTEMPTS, attemptRecord),
  fraudAlarms: createReads<typeof fraudAlarmRecord, StoredAlarm>(mongo, FRAUD_ALARMS, fraudAlarmRecord),
  refusals: createReads<typeof refusalExtract, StoredRefusal>(mongo, REFUSALS, refusalExtract),
  consents: createReads<typeof consentExtract, StoredConsent>(mongo, CONSENTS, consentExtract),
  fraudSettings: () => createMongoFraudSettings(mongo).read(),
});
