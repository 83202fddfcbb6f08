import { randomBytes } from 'node:crypto';
import type { Connection } from 'mongoose';
import { seedInForce, type SeedSources } from '../shared/domain/licence/seed.js';
import { localDate } from '../shared/domain/time/local-time.js';
import type { Audit, Route } from '../shared/platform/http/route.js';
import { renderDocx } from '../shared/platform/paper/docx-renderer.js';
import { rasterise } from '../shared/platform/paper/resvg-rasteriser.js';
import type { Config } from '../shared/platform/settings/config.js';
import { productVersion } from '../shared/platform/settings/product-version.js';
import { newId } from '../shared/platform/stores/new-id.js';
import { createMongoDrills } from './adapters/mongo-drills.js';
import { createMongoSeeds } from './adapters/mongo-seeds.js';
import type { DrillReads } from './adapters/record-pools.js';
import { createDrillHttp } from './http.js';
import type { EquipmentNow, LicenceFileReader } from './ports.js';
import { systemClock } from '../shared/platform/processes/system-clock.js';

export interface DrillDependencies {
  readonly config: Config;
  readonly mongo: Connection;
  readonly reads: DrillReads;
  readonly audit: Audit;
  readonly licenceFile: LicenceFileReader;
  readonly equipmentNow: EquipmentNow;
  /** The hash of the newest day sheet that was sent outside. */
  readonly newestWitnessed: SeedSources['newestWitnessed'];
}

/** The seed in force that an inspector named, for every draw of the house. */
export function createNamedSeed({ mongo }: Pick<DrillDependencies, 'mongo'>): SeedSources['namedSeed'] {
  const seeds = createMongoSeeds(mongo, newId);
  return async () => seedInForce(await seeds.newest(), new Date());
}

export function createDrillRoutes({ config, mongo, reads, ...needs }: DrillDependencies): Route[] {
  const zone = config.SITE_TIME_ZONE;
  return createDrillHttp({
    ...needs,
    drills: createMongoDrills(mongo),
    drillReads: reads,
    keepSeed: createMongoSeeds(mongo, newId).add,
    namedSeed: createNamedSeed({ mongo }),
    newSeed: () => randomBytes(8).toString('hex'),
    calendar: { today: () => localDate(systemClock.nowMs(), zone) },
    now: () => new Date(),
    zone,
    renderDocx: (document, letterhead) => renderDocx(document, letterhead, rasterise),
    version: productVersion(),
  });
}
