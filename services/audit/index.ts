import { hash } from 'node:crypto';
import type { Connection } from 'mongoose';
import type { EventBus } from '../shared/events/catalogue.js';
import type { Config } from '../shared/platform/settings/config.js';
import type { Logger } from '../shared/platform/processes/logger.js';
import type { ObjectClient } from '../shared/platform/stores/objects.js';
import type { Audit, AuditEntry, Route } from '../shared/platform/http/route.js';
import { createScheduler } from '../shared/platform/processes/scheduler.js';
import type { Service } from '../shared/platform/processes/service.js';
import { siteTimeIn } from '../shared/platform/processes/site-time.js';
import { createMongoAuditStore } from './adapters/mongo-audit-store.js';
import { createS3AnchorStore } from './adapters/s3-anchor-store.js';
import { createAuditWriter } from './audit-service.js';
import type { Anchor, ChainVerdict, Sha256Hex } from './chain.js';
import { checkWhole } from './check.js';
import { createAuditRoutes } from './http.js';
import { createAuditKeeper } from './keeper.js';

const HOUR_MS = 3_600_000;
/** The check runs at night, when nobody waits for the store. */
const CHECK_FROM_HOUR = 2;
const MOST_RESTORES = 1_000;
const MOST_JUMPS = 10_000;
const sha256Hex: Sha256Hex = (text) => hash('sha256', text);

export interface AuditDependencies {
  readonly config: Pick<Config, 'SITE_TIME_ZONE'>;
  readonly mongo: Connection;
  readonly objects: ObjectClient;
  readonly bucket: string;
  /** How long rows are kept. The configuration refuses less than the legal minimum. */
  readonly keepDays: number;
  /** Heads of the chain in the sealed sheets of the days. */
  readonly sealedHeads: () => Promise<readonly Anchor[]>;
  readonly bus: EventBus;
  readonly log: Logger;
  readonly now?: () => Date;
}

export interface AuditTrail {
  readonly audit: Audit;
  /** The newest row, for parts that record it elsewhere. */
  readonly head: () => Promise<Pick<Anchor, 'number' | 'hash'> | undefined>;
  readonly routes: Route[];
  readonly service: Service;
}

/**
 * The audit log: its writer, its routes, and the service that anchors each hour's head outside the database and checks the whole chain each
 * day.
 */
export function createAudit({
  config,
  mongo,
  objects,
  bucket,
  keepDays,
  sealedHeads,
  bus,
  log,
  now = () => new Date(),
}: AuditDependencies): AuditTrail {
  const store = createMongoAuditStore(mongo);
  const anchors = createS3AnchorStore({ objects, bucket, keepDays });
  const writer = createAuditWriter({ store, sha256Hex, now });
  const audit: Audit = (entry) => writer.append(entry);
  const check = (): Promise<ChainVerdict> => checkWhole({ store, anchors, sealedHeads, sha256Hex });
  const keeper = createAuditKeeper({ store, anchors, audit, check, broken, keepDays, log, now });
  const scheduler = createScheduler({
    name: 'audit-jobs',
    jobs: [
      { name: 'audit-anchor', timetable: { everyMs: HOUR_MS }, run: () => keeper.anchor() },
      {
        name: 'audit-check',
        timetable: { dailyFromHour: CHECK_FROM_HOUR },
        async run() {
          await keeper.checkDay();
          await keeper.letGo();
        },
      },
    ],
    mongo,
    siteTimeOf: siteTimeIn(config.SITE_TIME_ZONE),
    log,
    now,
  });

  async function broken(): Promise<void> {
    await bus.publish('notice.raised', {
      at: now().toISOString(),
      code: 'audit-chain-broken',
      text: {
        en: 'The daily check found the audit log changed or cut. See the audit page; do not restart anything before somebody has looked into it.',
        'zh-CN': '每日校验发现审计记录被改动或缺失。请查看审计页面；在查明之前请勿重启任何服务。',
      },
    });
  }

  return {
    audit,
    head: async () => store.newest(),
    routes: createAuditRoutes({ store, check, audit }),
    service: {
      name: 'audit',
      start: () => scheduler.start(),
      async stop() {
        await scheduler.stop();
        await writer.drained();
        await keeper.anchor().catch((error: unknown) => log.warn({ err: error }, 'the last head could not be anchored'));
      },
    },
  };
}

/** One row of the chain by a tool, while no product runs that would write it. */
export const appendAudit = (mongo: Connection, entry: AuditEntry): Promise<void> =>
  createAuditWriter({ store: createMongoAuditStore(mongo), sha256Hex, now: () => new Date() }).append(entry);

/** The restores of the whole system from a backup, in order. The tool that restores writes each into the chain. */
export const createRestoreReader = (mongo: Connection) => async (): Promise<{ readonly at: string; readonly backup: string }[]> => {
  const rows = await createMongoAuditStore(mongo).search({ what: 'backup.restored', limit: MOST_RESTORES });
  return rows
    .filter(({ success }) => success)
    .map(({ at, object = '' }) => ({ at, backup: object.replace(/^backup:/, '') }))
    .reverse();
};

/** The jumps of the clock as the chain has them, in order; of very many the newest. */
export const createJumpReader =
  (mongo: Connection) => async (): Promise<{ readonly number: number; readonly at: string; readonly byMs: number }[]> => {
    const rows = await createMongoAuditStore(mongo).search({ what: 'clock.jumped', limit: MOST_JUMPS });
    return rows.map(({ number, object = '', reason = '' }) => ({ number, at: object, byMs: Number.parseInt(reason, 10) })).reverse();
  };

/** For `npm run audit -- --check`. */
export async function checkAudit({
  mongo,
  objects,
  bucket,
  keepDays,
  sealedHeads,
}: Pick<AuditDependencies, 'mongo' | 'objects' | 'bucket' | 'keepDays' | 'sealedHeads'>): Promise<ChainVerdict> {
  const anchors = createS3AnchorStore({ objects, bucket, keepDays });
  return checkWhole({ store: createMongoAuditStore(mongo), anchors, sealedHeads, sha256Hex });
}
