import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { toNumber, isNumeric } from '../bson/numeric.js';
import { continueScram, startScram, type Credential } from '../wire/scram.js';
import type { Connection } from '../wire/server.js';
import { adminCommands } from './admin.js';
import { bulkWrite } from './bulk-write.js';
import { checkFields } from './command-fields.js';
import type { Command, Parts } from './context.js';
import { readCommands } from './read.js';
import { serverCommands } from './server.js';
import { writeCommands } from './write.js';

const commands = new Map<string, Command>(
  Object.entries({ ...serverCommands, ...readCommands, ...writeCommands, bulkWrite, ...adminCommands }),
);

/** What a client may ask before it has signed in. */
const open = new Set([
  'hello',
  'isMaster',
  'ismaster',
  'ping',
  'buildInfo',
  'buildinfo',
  'saslStart',
  'saslContinue',
  'endSessions',
  'connectionStatus',
]);

/** Known commands of MongoDB that this store does not have: refused by name, so that nobody looks for a typo. */
const refused = new Set([
  'mapReduce',
  'startTransaction',
  'commitTransaction',
  'abortTransaction',
  'createUser',
  'usersInfo',
  'shardCollection',
  'replSetGetStatus',
  'compact',
  'validate',
  'createSearchIndexes',
  'currentOp',
  'killOp',
  'setParameter',
  'cloneCollectionAsCapped',
  'convertToCapped',
  'geoSearch',
]);

/** Finds and runs the command of a message. */
export function dispatcher(parts: Parts, credential: Credential | undefined): (command: Doc, connection: Connection) => Doc | Promise<Doc> {
  return (command, connection) => {
    const name = command.firstKey() ?? '';
    const database = command.get('$db');
    if (typeof database !== 'string' || database === '') throw new MongoError('FailedToParse', 'OP_MSG requests require a $db argument');
    if (credential !== undefined && !connection.authenticated && !open.has(name)) {
      throw new MongoError('Unauthorized', `Command ${name} requires authentication`);
    }
    if (name === 'saslStart') return startScram(credential, connection, command);
    if (name === 'saslContinue') return continueScram(credential, connection, command);
    const run = commands.get(name);
    if (run === undefined) {
      if (refused.has(name)) throw new MongoError('CommandNotSupported', `The command ${name} is not supported by this store`);
      throw new MongoError('CommandNotFound', `no such command: '${name}'`);
    }
    checkConcerns(command);
    checkFields(name, command);
    refuseBypass(parts, database, name, command);
    const request = { name, database, command, connectionId: connection.id };
    parts.usage.count(request);
    const speculative = name === 'hello' || name === 'isMaster' || name === 'ismaster' ? command.get('speculativeAuthenticate') : undefined;
    const reply = run(parts, request);
    if (
      speculative instanceof Doc &&
      credential !== undefined &&
      reply instanceof Doc &&
      speculative.get('mechanism') === 'SCRAM-SHA-256'
    ) {
      reply.append('speculativeAuthenticate', startScram(credential, connection, speculative));
    }
    return reply;
  };
}

/** Validation cannot be bypassed here: a bypass is refused where a validator would decide. */
function refuseBypass(parts: Parts, database: string, name: string, command: Doc): void {
  if (command.get('bypassDocumentValidation') !== true) return;
  const target = command.get(name);
  const collections = typeof target === 'string' ? [parts.records.catalog.find(`${database}.${target}`)] : parts.records.catalog.list();
  if (collections.some((collection) => collection?.validator !== undefined))
    throw new MongoError('InvalidOptions', 'bypassDocumentValidation is not supported by this store');
}

/** Promises about copies and snapshots that one machine cannot keep are refused, not ignored. */
function checkConcerns(command: Doc): void {
  const write = command.get('writeConcern');
  const w = write instanceof Doc ? write.get('w') : undefined;
  if (isNumeric(w) && toNumber(w) > 1)
    throw new MongoError('BadValue', 'A write concern above 1 needs a replica set; this store is one machine');
  const read = command.get('readConcern');
  if (read instanceof Doc && read.get('level') === 'snapshot')
    throw new MongoError('InvalidOptions', 'Read concern snapshot is not supported by this store');
}
