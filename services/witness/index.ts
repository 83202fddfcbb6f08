import { createHash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { EventBus } from '../shared/events/catalogue.js';
import type { SeedSources } from '../shared/domain/licence/seed.js';
import type { Witnessed } from '../shared/domain/licence/witnessed.js';
import { localDate } from '../shared/domain/time/local-time.js';
import type { Route } from '../shared/platform/http/route.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { Service } from '../shared/platform/processes/service.js';
import type { Config } from '../shared/platform/settings/config.js';
import { createMongoWitnesses } from './adapters/mongo-witnesses.js';
import { createWitnessHttp } from './http.js';
import type { LicenceFileReader, MailCarrier, SheetsFrom, SheetSigner } from './ports.js';
import { createSheetWitness, sentOf } from './sheet-witness.js';
import { newestOutside } from './witness-service.js';
import { createWitnessRounds } from './witness-rounds.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';

export interface WitnessDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly sheets: SheetsFrom;
  readonly messages: MailCarrier;
  readonly licenceFile: LicenceFileReader;
  readonly openSigner: () => Promise<SheetSigner>;
}

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Sends the sealed day sheets of the last days to outside witnesses, and again whatever is still owed. */
export function createSheetWitnesses({ mongo, openSigner, ...needs }: WitnessDependencies): Service {
  const witness = createSheetWitness(needs, { store: createMongoWitnesses(mongo), openKey: openSigner, sha256Hex });
  const zone = needs.config.SITE_TIME_ZONE;
  return createWitnessRounds({ witness, today: () => localDate(systemClock.nowMs(), zone), now: () => new Date(), log: needs.log });
}

/** What left the house about the day sheets from a day on, in order. */
export const createWitnessedSince = ({ mongo }: Pick<WitnessDependencies, 'mongo'>): ((day: string) => Promise<readonly Witnessed[]>) =>
  createMongoWitnesses(mongo).from;

/** The hash of the newest day sheet that somebody outside holds. */
export function createNewestWitnessed({
  mongo,
  messages,
}: Pick<WitnessDependencies, 'mongo'> & {
  readonly messages: Pick<MailCarrier, 'states'>;
}): SeedSources['newestWitnessed'] {
  const { newest } = createMongoWitnesses(mongo);
  return async () => newestOutside(await newest(), sentOf(messages));
}

export const createWitnessRoutes = ({ config, mongo }: Pick<WitnessDependencies, 'config' | 'mongo'>): Route[] =>
  createWitnessHttp({
    authorities: config.WITNESS_TSA_URLS.length,
    outsiders: config.WITNESS_MAIL_TO.length,
    line: config.WITNESS_HTTPS_URL !== undefined,
    newest: createMongoWitnesses(mongo).newest,
  });
