import { Doc } from '../bson/document.js';
import { maxDocumentBytes } from '../bson/encode.js';
import { sessionTimeoutMinutes } from '../engine/sessions.js';
import { maxMessageBytes } from '../wire/frame.js';
import type { Command } from './context.js';
import { maxWriteBatchSize } from './write.js';

/**
 * Presents itself as a router (`isdbgrid`): drivers then use sessions and retryable writes, and do not look for other members.
 * Wire version 25 is MongoDB 8.0, the first with the bulkWrite command.
 */
const hello: Command = (_parts, request) =>
  Doc.of({
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    msg: 'isdbgrid',
    maxBsonObjectSize: maxDocumentBytes,
    maxMessageSizeBytes: maxMessageBytes,
    maxWriteBatchSize,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: sessionTimeoutMinutes,
    connectionId: request.connectionId,
    minWireVersion: 0,
    maxWireVersion: 25,
    readOnly: false,
    saslSupportedMechs: request.command.has('saslSupportedMechs') ? ['SCRAM-SHA-256'] : undefined,
    ok: 1,
  });

const ok: Command = () => Doc.of({ ok: 1 });

const buildInfo: Command = () =>
  Doc.of({
    version: '8.0.0',
    versionArray: [8, 0, 0, 0],
    gitVersion: 'embedded',
    modules: ['proofline-embedded'],
    bits: 64,
    debug: false,
    maxBsonObjectSize: maxDocumentBytes,
    storageEngines: ['lmdb'],
    ok: 1,
  });

const serverStatus: Command = (parts) => {
  const memory = process.memoryUsage();
  const uptimeMs = Date.now() - parts.startedAt.getTime();
  return Doc.of({
    host: 'embedded',
    version: '8.0.0',
    process: 'mongos',
    pid: process.pid,
    uptime: Math.floor(uptimeMs / 1000),
    uptimeMillis: BigInt(uptimeMs),
    localTime: new Date(),
    connections: Doc.of({ current: parts.connectionCount() }),
    mem: Doc.of({ bits: 64, resident: Math.round(memory.rss / 1024 / 1024) }),
    storageEngine: Doc.of({ name: 'lmdb', persistent: true }),
    ok: 1,
  });
};

const top: Command = ({ usage }) => Doc.of({ totals: usage.totals, ok: 1 });

const dbStats: Command = (parts, { database }) => {
  const collections = parts.records.catalog.list(database);
  let objects = 0;
  let dataSize = 0;
  for (const collection of collections) {
    const { count, bytes } = parts.records.counters.of(collection.id);
    objects += count;
    dataSize += bytes;
  }
  const indexes = collections.reduce((total, collection) => total + collection.indexes.length, 0);
  return Doc.of({
    db: database,
    collections: collections.length,
    objects,
    avgObjSize: objects === 0 ? 0 : dataSize / objects,
    dataSize,
    storageSize: parts.dataBytes(),
    indexes,
    ok: 1,
  });
};

const connectionStatus: Command = () =>
  Doc.of({ authInfo: Doc.of({ authenticatedUsers: [], authenticatedUserRoles: [], authenticatedUserPrivileges: [] }), ok: 1 });

/** Commands about the server itself, and what drivers and mongosh send when they connect. */
export const serverCommands: Readonly<Record<string, Command>> = {
  hello,
  isMaster: hello,
  ismaster: hello,
  ping: ok,
  endSessions: ok,
  refreshSessions: ok,
  killSessions: ok,
  logout: ok,
  buildInfo,
  buildinfo: buildInfo,
  serverStatus,
  top,
  dbStats,
  dbstats: dbStats,
  connectionStatus,
  whatsmyuri: () => Doc.of({ you: '127.0.0.1:0', ok: 1 }),
  getParameter: () => Doc.of({ featureCompatibilityVersion: Doc.of({ version: '8.0' }), ok: 1 }),
  getCmdLineOpts: () => Doc.of({ argv: [], parsed: Doc.empty(), ok: 1 }),
  getLog: () => Doc.of({ totalLinesWritten: 0, log: [], ok: 1 }),
  hostInfo: () => Doc.of({ system: Doc.empty(), os: Doc.empty(), extra: Doc.empty(), ok: 1 }),
};
