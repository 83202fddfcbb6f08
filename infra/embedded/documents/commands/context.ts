import { Doc } from '../bson/document.js';
import { MongoError } from '../bson/errors.js';
import type { CollectionInfo } from '../engine/catalog.js';
import type { Queries } from '../engine/queries.js';
import type { Modifier } from '../engine/modifier.js';
import type { Records } from '../engine/records.js';
import type { Writer } from '../engine/writer.js';
import type { Sessions } from '../engine/sessions.js';
import type { Usage } from './usage.js';

/** The parts of the store that commands work with. */
export interface Parts {
  readonly records: Records;
  readonly modifier: Modifier;
  readonly writer: Writer;
  readonly queries: Queries;
  readonly sessions: Sessions;
  readonly usage: Usage;
  readonly startedAt: Date;
  /** Bytes of the data file, for the statistics. */
  dataBytes(): number;
  connectionCount(): number;
}

/** One command as it arrived. */
export interface Request {
  readonly name: string;
  readonly database: string;
  readonly command: Doc;
  readonly connectionId: number;
}

export type Command = (parts: Parts, request: Request) => Doc | Promise<Doc>;

/** The collection a command names. @throws MongoError InvalidNamespace when the name is not a string. */
export function collectionName(request: Request): string {
  const name = request.command.get(request.name);
  if (typeof name !== 'string' || name === '')
    throw new MongoError('InvalidNamespace', `collection name has invalid type for ${request.name}`);
  return name;
}

export function namespaceOf(request: Request): string {
  return `${request.database}.${collectionName(request)}`;
}

/** The collection, made when it is missing; inside a commit. */
export function ensureCollection(parts: Parts, database: string, name: string, options: Doc): CollectionInfo {
  return parts.records.catalog.find(`${database}.${name}`) ?? parts.records.catalog.create(database, name, options);
}

/** A list of documents in a command. */
export function documentsIn(command: Doc, field: string): Doc[] {
  const value = command.get(field);
  if (!Array.isArray(value)) throw new MongoError('TypeMismatch', `BSON field '${field}' must be an array`);
  return value.map((item) => {
    if (!(item instanceof Doc)) throw new MongoError('TypeMismatch', `BSON field '${field}' must hold documents`);
    return item;
  });
}
