import { EJSON } from 'bson';
import {
  MongoClient,
  MongoServerError,
  type AnyBulkWriteOperation,
  type BulkWriteResult,
  type Collection,
  type CommandStartedEvent,
  type Db,
  type Document,
  type IndexSpecification,
} from 'mongodb';
import { difference } from './unified-match.js';

// Runs files of the unified test format (MongoDB's driver specifications), as far as the CRUD specification uses it, through the product's
// driver: https://github.com/mongodb/specifications/blob/master/source/unified-test-format/unified-test-format.md

interface Requirement {
  readonly minServerVersion?: string;
  readonly maxServerVersion?: string;
  readonly topologies?: readonly string[];
  readonly serverless?: string;
}

interface ExpectedError {
  readonly isClientError?: boolean;
  readonly errorContains?: string;
  readonly errorCode?: number;
  readonly errorResponse?: Document;
}

interface Operation {
  readonly object: string;
  readonly name: string;
  readonly arguments?: Document;
  readonly expectResult?: unknown;
  readonly expectError?: ExpectedError;
}

interface UnifiedTest {
  readonly description: string;
  readonly runOnRequirements?: readonly Requirement[];
  readonly skipReason?: string;
  readonly operations: readonly Operation[];
  readonly expectEvents?: readonly { readonly client: string; readonly events: readonly Document[] }[];
  readonly outcome?: readonly CollectionData[];
}

interface CollectionData {
  readonly collectionName: string;
  readonly databaseName: string;
  readonly documents: Document[];
}

interface UnifiedFile {
  readonly description: string;
  readonly runOnRequirements?: readonly Requirement[];
  readonly createEntities: readonly Readonly<Record<string, Document>>[];
  readonly initialData?: readonly CollectionData[];
  readonly tests: readonly UnifiedTest[];
}

export interface Outcome {
  readonly name: string;
  readonly result: 'passed' | 'failed' | 'skipped';
  /** Why it failed or was skipped. */
  readonly says?: string;
}

/** The server under test. */
export interface Target {
  readonly uri: string;
  readonly version: string;
  readonly topology: string;
}

const asNumbers = (version: string): number[] => version.split('.').map(Number);
function compare(one: string, other: string): number {
  const [a, b] = [asNumbers(one), asNumbers(other)];
  for (let place = 0; place < 3; place += 1) if ((a[place] ?? 0) !== (b[place] ?? 0)) return (a[place] ?? 0) - (b[place] ?? 0);
  return 0;
}

const isMet = ({ version, topology }: Target, requirements: readonly Requirement[] | undefined): boolean =>
  requirements === undefined ||
  requirements.some(
    ({ minServerVersion = '0', maxServerVersion = '999', topologies, serverless }) =>
      compare(version, minServerVersion) >= 0 &&
      compare(version, maxServerVersion) <= 0 &&
      (topologies === undefined || topologies.includes(topology)) &&
      serverless !== 'require',
  );

/** Whether a test asks the driver itself to refuse; ours leaves that to servers since 4.4, and gets no answer from them. */
const isOfDriver = (description: string): boolean => /^unacknowledged-.*-hint-clientError$/.test(description);

export async function runUnified(text: string, target: Target): Promise<Outcome[]> {
  const file = EJSON.parse(text, { relaxed: true }) as UnifiedFile;
  const outcomes: Outcome[] = [];
  for (const each of file.tests) {
    const name = `${file.description}: ${each.description}`;
    if (each.skipReason !== undefined) outcomes.push({ name, result: 'skipped', says: 'skipped by the specification' });
    else if (!isMet(target, file.runOnRequirements) || !isMet(target, each.runOnRequirements))
      outcomes.push({ name, result: 'skipped', says: 'for servers of another version or kind' });
    else if (JSON.stringify(each.operations).includes('"failPoint"'))
      outcomes.push({ name, result: 'skipped', says: 'needs the fail points of a server that was built for tests' });
    else if (isOfDriver(file.description))
      outcomes.push({ name, result: 'skipped', says: 'a matter of the driver: it sends a hint without waiting for the answer' });
    else {
      const says = await problemOf(file, each, target).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
      outcomes.push(says === undefined ? { name, result: 'passed' } : { name, result: 'failed', says });
    }
  }
  return outcomes;
}

async function problemOf(file: UnifiedFile, unified: UnifiedTest, { uri }: Target): Promise<string | undefined> {
  const plain = await new MongoClient(uri).connect();
  const entities = new Map<string, MongoClient | Db | Collection>();
  const events = new Map<string, CommandStartedEvent[]>();
  try {
    for (const { databaseName, collectionName, documents } of file.initialData ?? []) {
      const rows = plain.db(databaseName).collection(collectionName);
      await rows.drop().catch(() => false);
      if (documents.length > 0) await rows.insertMany(documents.map((document) => ({ ...document })));
      else await plain.db(databaseName).createCollection(collectionName);
    }
    for (const entity of file.createEntities) await create(entity, entities, events, uri);
    for (const operation of unified.operations) {
      const problem = await problemOfOperation(operation, entities, plain);
      if (problem !== undefined) return `${operation.name}: ${problem}`;
    }
    for (const { client, events: expected } of unified.expectEvents ?? []) {
      const problem = problemOfEvents(expected, events.get(client) ?? []);
      if (problem !== undefined) return problem;
    }
    for (const { databaseName, collectionName, documents } of unified.outcome ?? []) {
      const found = await plain.db(databaseName).collection(collectionName).find().sort({ _id: 1 }).toArray();
      const differs = difference(documents, found, { isRoot: false });
      if (differs !== undefined) return `afterwards: ${differs}`;
    }
    return undefined;
  } finally {
    for (const entity of entities.values()) if (entity instanceof MongoClient) await entity.close();
    await plain.close();
  }
}

const unobserved = new Set(['hello', 'ismaster', 'endSessions', 'configureFailPoint']);

async function create(
  entity: Readonly<Record<string, Document>>,
  entities: Map<string, MongoClient | Db | Collection>,
  events: Map<string, CommandStartedEvent[]>,
  uri: string,
): Promise<void> {
  const { client, database, collection } = entity;
  if (client !== undefined) {
    const { id, uriOptions = {} } = client as { id: string; uriOptions?: Document };
    const made = new MongoClient(uri, { ...uriOptions, monitorCommands: true });
    const seen: CommandStartedEvent[] = [];
    made.on('commandStarted', (event) => unobserved.has(event.commandName) || seen.push(event));
    events.set(id, seen);
    entities.set(id, await made.connect());
  } else if (database !== undefined) {
    const { id, client: of, databaseName, databaseOptions } = database as Record<string, string> & { databaseOptions?: Document };
    entities.set(id ?? '', (entities.get(of ?? '') as MongoClient).db(databaseName, databaseOptions));
  } else if (collection !== undefined) {
    const { id, database: of, collectionName, collectionOptions } = collection as Record<string, string> & { collectionOptions?: Document };
    entities.set(id ?? '', (entities.get(of ?? '') as Db).collection(collectionName ?? '', collectionOptions));
  } else throw new Error(`entities of the kind ${Object.keys(entity).join()} are not known here`);
}

async function problemOfOperation(
  { object, name, arguments: given = {}, expectResult, expectError }: Operation,
  entities: ReadonlyMap<string, MongoClient | Db | Collection>,
  plain: MongoClient,
): Promise<string | undefined> {
  let result: unknown;
  try {
    if (name === 'failPoint') result = await plain.db('admin').command(given['failPoint'] as Document);
    else result = await run(entities.get(object), name, given);
  } catch (error) {
    if (expectError === undefined) throw error;
    return problemOfError(error, expectError);
  }
  if (expectError !== undefined) return 'no error';
  return expectResult === undefined ? undefined : difference(expectResult, result);
}

function problemOfError(error: unknown, expected: ExpectedError): string | undefined {
  const { message } = error as Error;
  if (expected.isClientError !== undefined && expected.isClientError === error instanceof MongoServerError)
    return `the error is ${message}`;
  if (expected.errorContains !== undefined && !message.toLowerCase().includes(expected.errorContains.toLowerCase())) return message;
  const { code, errorResponse } = error as { code?: number; errorResponse?: Document };
  if (expected.errorCode !== undefined && code !== expected.errorCode) return `the code is ${code ?? 'missing'}`;
  return expected.errorResponse === undefined ? undefined : difference(expected.errorResponse, errorResponse);
}

function problemOfEvents(expected: readonly Document[], seen: readonly CommandStartedEvent[]): string | undefined {
  if (seen.length !== expected.length) return `${seen.length} commands were sent: ${seen.map(({ commandName }) => commandName).join(' ')}`;
  for (const [index, { commandStartedEvent }] of expected.entries()) {
    const { command, commandName, databaseName } = seen[index] ?? {};
    const differs = difference(commandStartedEvent, { command: undefined, commandName, databaseName });
    const { command: asked } = commandStartedEvent as { readonly command?: Document };
    const ofCommand = asked === undefined ? undefined : difference(asked, command);
    if (asked === undefined ? differs !== undefined : ofCommand !== undefined) return `command ${index + 1}: ${ofCommand ?? differs ?? ''}`;
  }
  return undefined;
}

/** The arguments of an operation; each kind has its own. */
interface Arguments {
  readonly filter?: Document;
  readonly update: Document;
  readonly replacement: Document;
  readonly document: Document;
  readonly documents: Document[];
  readonly requests: AnyBulkWriteOperation[];
  readonly pipeline: Document[];
  readonly fieldName: string;
  readonly keys: IndexSpecification;
  readonly collection: string;
  readonly validator: Document;
}

async function run(target: MongoClient | Db | Collection | undefined, name: string, given: Document): Promise<unknown> {
  const {
    filter = {},
    update,
    replacement,
    document,
    documents,
    requests,
    pipeline,
    fieldName,
    keys,
    collection,
    validator,
    ...rest
  } = given as Arguments;
  const options = withReturnDocument(rest);
  const rows = target as Collection;
  const database = target as Db;
  switch (name) {
    case 'find':
      return rows.find(filter, options).toArray();
    case 'aggregate':
      return rows.aggregate(pipeline, options).toArray();
    case 'countDocuments':
      return rows.countDocuments(filter, options);
    case 'estimatedDocumentCount':
      return rows.estimatedDocumentCount(options);
    case 'distinct':
      return rows.distinct(fieldName, filter, options);
    case 'insertOne':
      return rows.insertOne(document, options);
    case 'insertMany':
      return rows.insertMany(documents, options);
    case 'updateOne':
      return rows.updateOne(filter, update, options);
    case 'updateMany':
      return rows.updateMany(filter, update, options);
    case 'replaceOne':
      return rows.replaceOne(filter, replacement, options);
    case 'deleteOne':
      return rows.deleteOne(filter, options);
    case 'deleteMany':
      return rows.deleteMany(filter, options);
    case 'findOneAndUpdate':
      return rows.findOneAndUpdate(filter, update, options);
    case 'findOneAndReplace':
      return rows.findOneAndReplace(filter, replacement, options);
    case 'findOneAndDelete':
      return rows.findOneAndDelete(filter, options);
    case 'bulkWrite':
      return bulkResult(await rows.bulkWrite(requests, options));
    case 'createIndex':
      return rows.createIndex(keys, options, {});
    case 'createCollection':
      return (await database.createCollection(collection, { ...options, pipeline })).collectionName;
    case 'dropCollection':
      return database.dropCollection(collection);
    case 'modifyCollection':
      return database.command({ collMod: collection, validator });
    default:
      throw new Error(`${name} is not known here`);
  }
}

const withReturnDocument = ({ returnDocument, ...rest }: Document): Document =>
  returnDocument === undefined ? rest : { ...rest, returnDocument: String(returnDocument).toLowerCase() };

const bulkResult = ({
  deletedCount,
  insertedCount,
  insertedIds,
  matchedCount,
  modifiedCount,
  upsertedCount,
  upsertedIds,
}: BulkWriteResult): Document => ({ deletedCount, insertedCount, insertedIds, matchedCount, modifiedCount, upsertedCount, upsertedIds });
