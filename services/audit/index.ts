import { createHash } from 'node:crypto';
import type { Client } from 'minio';
import type { Connection } from 'mongoose';
import type { Logger } from '../shared/platform/logger.js';
import type { Audit, Route } from '../shared/platform/route.js';
import type { Service } from '../shared/platform/service.js';
import { createMongoAuditStore } from './adapters/mongo-audit-store.js';
import { createS3AnchorStore } from './adapters/s3-anchor-store.js';
import { createAuditWriter } from './audit-service.js';
import { checkChain, type ChainVerdict } from './chain.js';
import { createAuditRoutes } from './http.js';

const ANCHOR_EVERY_MS = 3_600_000;
const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

export interface AuditDependencies {
  readonly mongo: Connection;
  readonly objects: Client;
  readonly bucket: string;
  readonly log: Logger;
  readonly now?: () => Date;
}

/** The trail: its writer, its routes, and the service that writes down each hour's head outside the database. */
export function createAudit({ mongo, objects, bucket, log, now = () => new Date() }: AuditDependencies): {
  audit: Audit;
  routes: Route[];
  service: Service;
} {
  const store = createMongoAuditStore(mongo);
  const anchors = createS3AnchorStore(objects, bucket);
  const writer = createAuditWriter({ store, sha256Hex, now });
  const audit: Audit = (entry) => writer.append(entry);
  let timer: NodeJS.Timeout | undefined;
  let anchored = 0;

  async function anchor(): Promise<void> {
    try {
      const head = await store.newest();
      if (head === undefined || head.number === anchored) return;
      await anchors.write({ number: head.number, hash: head.hash, at: now().toISOString() });
      anchored = head.number;
    } catch (error) {
      log.warn({ err: error }, 'the head of the audit chain could not be anchored; tried again in an hour');
    }
  }

  return {
    audit,
    routes: createAuditRoutes({ store, anchors, audit, sha256Hex }),
    service: {
      name: 'audit',
      async start() {
        timer = setInterval(() => void anchor(), ANCHOR_EVERY_MS);
      },
      async stop() {
        clearInterval(timer);
        await writer.drained();
        await anchor();
      },
    },
  };
}

/** For `npm run audit -- --check`. */
export async function checkAudit({
  mongo,
  objects,
  bucket,
}: Pick<AuditDependencies, 'mongo' | 'objects' | 'bucket'>): Promise<ChainVerdict> {
  return checkChain(createMongoAuditStore(mongo).inOrder(), await createS3AnchorStore(objects, bucket).all(), { sha256Hex });
}
