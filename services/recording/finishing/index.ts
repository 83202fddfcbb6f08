import { join } from 'node:path';
import type { Connection } from 'mongoose';
import { readProcessConfig } from '../../shared/platform/settings/config.js';
import { createLogger } from '../../shared/platform/processes/logger.js';
import { connectMongo } from '../../shared/platform/stores/mongo.js';
import { AFTER_CALLS, makeNice } from '../../shared/platform/processes/niceness.js';
import { createObjectClient } from '../../shared/platform/stores/objects.js';
import { remembered } from '../../shared/platform/stores/remembered.js';
import { systemClock } from '../../shared/platform/processes/system-clock.js';
import { createValkeyBus } from '../../shared/platform/events/valkey-bus.js';
import type { CallReads } from '../../shared/records/call.js';
import { createAesSealer } from '../archive/adapters/aes-sealer.js';
import { createPieceShelf, createSealedShelf, readSealed } from '../archive/adapters/call-folder.js';
import { createCallIndex } from '../archive/adapters/call-index.js';
import { createMongoRetention } from '../archive/adapters/mongo-keeping.js';
import { createMongoRecordings } from '../archive/adapters/mongo-recordings.js';
import { createOpusEncoder } from '../archive/adapters/opus-encoder.js';
import { createPcapFolder } from '../archive/adapters/pcap-folder.js';
import { createS3Archive } from '../archive/adapters/s3-archive.js';
import { DistantSpool, type FromFinishing, type ToFinishing } from '../archive/adapters/spool-link.js';
import { Archiver } from '../archive/archiver.js';
import { FinishingQueue } from '../archive/finishing.js';
import { PieceEncoder } from '../archive/opus-pieces.js';
import { callFolder } from '../capture/adapters/spool-folders.js';
import { createMongoLedger } from '../ledger/adapters/mongo-ledger.js';
import { masterKeys } from '../adapters/keeping.js';

/** A changed retention setting takes effect after this time at the latest. */
const RETENTION_MEMORY_MS = 5_000;

/** The archiving process, started by the recorder. It runs until the recorder stops it or ends. */
export async function runFinishing(callReads: (mongo: Connection) => CallReads): Promise<void> {
  const config = readProcessConfig();
  const log = createLogger(config.LOG_LEVEL, { roles: 'recorder-finishing', pid: process.pid });
  // The recorder stops this process in good order. It ignores a signal to all processes of a terminal.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
  await makeNice(process.pid, AFTER_CALLS);
  const mongo = await connectMongo(config);
  const bus = createValkeyBus({ url: config.VALKEY_URL, log });
  const retention = createMongoRetention(mongo);
  const now = (): Date => new Date();
  const encoder = createOpusEncoder();
  const tell = (message: FromFinishing): void => void process.send?.(message);

  const spoolFolder = join(config.PROOFLINE_HOME, 'spool', 'recordings');
  const spool = new DistantSpool(tell, (callId) => callFolder(spoolFolder, callId));
  const queue = new FinishingQueue({
    spool,
    captures: createPcapFolder(config.RTPENGINE_PCAP_DIR),
    bus,
    log,
    clock: systemClock,
    encoding: (folder) => {
      const shelf = createPieceShelf(folder);
      return (assembly) => new PieceEncoder(assembly, encoder, shelf);
    },
    shelf: (callId) => createSealedShelf(spool, callId),
    readSealed,
    archiver: new Archiver({
      archive: createS3Archive(createObjectClient(config), config.S3_BUCKET, config.S3_REGION),
      recordings: createMongoRecordings(mongo),
      calls: createCallIndex(callReads(mongo)),
      sealer: createAesSealer(masterKeys(config)),
      retention: remembered(RETENTION_MEMORY_MS, () => retention.get()),
      ledger: createMongoLedger(mongo),
      bus,
      log,
      now,
    }),
    done: (callId) => tell({ kind: 'done', callId }),
    failing: (count) => tell({ kind: 'failing', count }),
  });

  process.on('message', (message: ToFinishing) => {
    switch (message.kind) {
      case 'finish':
        queue.finish(message.callId);
        return;
      case 'advance':
        queue.advance(message.calls);
        return;
      case 'answer':
        spool.answered(message);
        return;
      case 'stop':
        void stop();
    }
  });

  async function stop(): Promise<void> {
    await queue.stop();
    await bus.close();
    await mongo.close();
    process.exit(0);
  }
}
