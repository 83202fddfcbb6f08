import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import { toInteger } from '../bson/numeric.js';
import { replyOf, type Batch } from '../engine/cursors.js';
import { checkFields } from './command-fields.js';
import { collectionName, namespaceOf, type Command, type Parts, type Request } from './context.js';
import { writeResults } from './output.js';
import { refuseCollation } from './write.js';

const firstBatch = (batch: Batch): Doc => replyOf(batch, 'firstBatch');

const find: Command = (parts, { database, command }) => {
  refuseCollation(command);
  // A short read is answered in the same turn: this is the path of every findOne.
  const batch = parts.queries.start(database, command);
  return batch instanceof Promise ? batch.then(firstBatch) : firstBatch(batch);
};

const aggregate: Command = async (parts, request) => {
  const { command, database } = request;
  refuseCollation(command);
  if (command.get('explain') === true) return parts.queries.answer(database, Doc.of({ explain: command, verbosity: 'queryPlanner' }));
  if (!command.has('cursor'))
    throw new MongoError('FailedToParse', "The 'cursor' option is required, except for aggregate with the explain argument");
  const stages = command.get('pipeline');
  const last = Array.isArray(stages) ? stages.at(-1) : undefined;
  const output = last instanceof Doc ? last.firstKey() : undefined;
  if (Array.isArray(stages) && last instanceof Doc && (output === '$out' || output === '$merge')) {
    const concern = command.get('readConcern');
    if (concern instanceof Doc && concern.get('level') === 'linearizable')
      throw new MongoError('InvalidOptions', `${output} cannot be used with the read concern linearizable`);
    await writeResults(parts, request, stages.slice(0, -1), output, last.get(output) ?? null);
    return firstBatch({ namespace: namespaceOf(request), documents: [], cursorId: 0n });
  }
  return firstBatch(await parts.queries.start(database, command));
};

const getMore: Command = async (parts, { database, command }) => {
  const id = command.get('getMore');
  const collection = command.get('collection');
  const batch = await parts.queries.next(cursorId(id), toInteger(command.get('batchSize')));
  if (typeof collection === 'string' && batch.namespace !== `${database}.${collection}` && !collection.startsWith('$cmd')) {
    throw new MongoError('Unauthorized', 'Requested getMore on another namespace than the cursor belongs to');
  }
  return replyOf(batch, 'nextBatch');
};

function cursorId(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  throw new MongoError('TypeMismatch', 'a cursor id is an Int64');
}

const killCursors: Command = async (parts, { command }) => {
  const ids = command.get('cursors');
  const killed: bigint[] = [];
  const missing: bigint[] = [];
  for (const value of Array.isArray(ids) ? ids : []) {
    const id = cursorId(value);
    if (await parts.queries.kill(id).catch(() => false)) killed.push(id);
    else missing.push(id);
  }
  return Doc.of({ cursorsKilled: killed, cursorsNotFound: missing, cursorsAlive: [], cursorsUnknown: [], ok: 1 });
};

const count: Command = (parts, request) => {
  refuseCollation(request.command);
  const query = request.command.get('query');
  const isWhole = (!(query instanceof Doc) || query.size === 0) && !request.command.has('limit') && !request.command.has('skip');
  return isWhole ? wholeCount(parts, request) : parts.queries.answer(request.database, request.command);
};

function wholeCount(parts: Parts, request: Request): Doc {
  const collection = parts.records.catalog.find(`${request.database}.${collectionName(request)}`);
  return Doc.of({ n: collection === undefined ? 0 : parts.records.counters.of(collection.id).count, ok: 1 });
}

const distinct: Command = (parts, { database, command }) => {
  refuseCollation(command);
  return parts.queries.answer(database, command);
};

const explain: Command = (parts, { database, command }) => {
  const inner = command.get('explain');
  if (inner instanceof Doc) {
    checkFields(inner.firstKey() ?? '', inner);
    refuseCollation(inner);
  }
  return parts.queries.answer(database, command);
};

/** Commands that only read. */
export const readCommands: Readonly<Record<string, Command>> = { find, aggregate, getMore, killCursors, count, distinct, explain };
