import { randomUUID } from 'node:crypto';
import { Doc } from '../bson/document.js';
import { encode } from '../bson/encode.js';
import { MongoError } from '../bson/errors.js';
import { isNumeric, toInteger, toNumber } from '../bson/numeric.js';
import { isBson } from '../bson/validate.js';
import { compileFilter, type Filter } from '../query/filter.js';
import type { Environment } from './environment.js';

export interface IndexField {
  readonly path: string;
  readonly descending: boolean;
}

export interface IndexInfo {
  readonly id: number;
  readonly name: string;
  readonly fields: readonly IndexField[];
  /** The first part of each path. */
  readonly roots: readonly string[];
  readonly unique: boolean;
  readonly sparse: boolean;
  readonly partial: Filter | undefined;
  readonly expireAfterSeconds: number | undefined;
  /** True once any document had an array on one of the paths. */
  readonly multikey: boolean;
  /** True once an array was on a path after the first: such an index gives no order even within one value of its first field. */
  readonly arraysLater: boolean;
  /** True once an entry was too long and ends in a hash: order among such entries is lost. */
  readonly shortened: boolean;
  /** The specification as createIndexes gave it, for listIndexes. */
  readonly spec: Doc;
}

export interface CollectionInfo {
  readonly database: string;
  readonly name: string;
  readonly namespace: string;
  readonly id: number;
  readonly uuid: string;
  readonly options: Doc;
  readonly validator: Filter | undefined;
  readonly indexes: readonly IndexInfo[];
}

const epochKey = Buffer.from('epoch');
const nextIdKey = Buffer.from('next-id');
const prefix = 'collection/';

/** Which collections and indexes there are; cached, and read again when another thread or an undone commit changed it. */
export class Catalog {
  readonly #environment: Environment;
  readonly #owned: boolean;
  #collections = new Map<string, CollectionInfo>();
  #epoch: bigint | undefined;

  /** `owned`: nobody else changes the catalogue, so it need not be checked before each use. */
  constructor(environment: Environment, owned = false) {
    this.#environment = environment;
    this.#owned = owned;
  }

  find(namespace: string): CollectionInfo | undefined {
    this.#load();
    return this.#collections.get(namespace);
  }

  /** @throws MongoError NamespaceNotFound */
  get(namespace: string): CollectionInfo {
    const found = this.find(namespace);
    if (found === undefined) throw new MongoError('NamespaceNotFound', `ns does not exist: ${namespace}`);
    return found;
  }

  list(database?: string): CollectionInfo[] {
    this.#load();
    return [...this.#collections.values()].filter((info) => database === undefined || info.database === database);
  }

  /** Forgets the cache: after a change, and after a commit was undone. */
  invalidate(): void {
    this.#epoch = undefined;
  }

  create(database: string, name: string, options: Doc): CollectionInfo {
    checkName(database, name);
    const spec = Doc.of({ v: 2, key: Doc.of({ _id: 1 }), name: '_id_' });
    const stored = Doc.of({
      id: this.nextId(),
      uuid: randomUUID(),
      options,
      indexes: [Doc.of({ id: 0, spec, multikey: false, arraysLater: false, shortened: false })],
    });
    return this.#store(`${database}.${name}`, stored);
  }

  drop(namespace: string): void {
    this.#environment.meta.remove(Buffer.from(prefix + namespace));
    this.#advance();
  }

  /** Moves a collection to another name; the target must be free. */
  rename(from: string, to: string): void {
    const info = this.get(from);
    const dot = to.indexOf('.');
    checkName(to.slice(0, dot), to.slice(dot + 1));
    this.save({ ...info, namespace: to }, {});
    this.drop(from);
  }

  /** Replaces indexes or options of a collection. */
  save(info: CollectionInfo, change: { readonly indexes?: readonly IndexInfo[]; readonly options?: Doc }): CollectionInfo {
    const indexes = (change.indexes ?? info.indexes).map((index) =>
      Doc.of({
        id: index.id,
        spec: index.spec,
        multikey: index.multikey,
        arraysLater: index.arraysLater,
        shortened: index.shortened,
      }),
    );
    return this.#store(info.namespace, Doc.of({ id: info.id, uuid: info.uuid, options: change.options ?? info.options, indexes }));
  }

  nextId(): number {
    const id = (this.#environment.meta.get(nextIdKey)?.readUInt32BE() ?? 0) + 1;
    const bytes = Buffer.allocUnsafe(4);
    bytes.writeUInt32BE(id);
    this.#environment.meta.put(nextIdKey, bytes);
    return id;
  }

  #store(namespace: string, stored: Doc): CollectionInfo {
    this.#environment.meta.put(Buffer.from(prefix + namespace), encode(stored));
    this.#advance();
    return this.get(namespace);
  }

  #advance(): void {
    const bytes = Buffer.allocUnsafe(8);
    bytes.writeBigUInt64BE(this.#readEpoch() + 1n);
    this.#environment.meta.put(epochKey, bytes);
    this.invalidate();
  }

  #readEpoch(): bigint {
    return this.#environment.meta.get(epochKey)?.readBigUInt64BE() ?? 0n;
  }

  #load(): void {
    if (this.#owned && this.#epoch !== undefined) return;
    const epoch = this.#readEpoch();
    if (epoch === this.#epoch) return;
    const entries = this.#environment.meta.read(
      { start: Buffer.from(prefix), end: Buffer.from(`${prefix}\xff`, 'latin1') },
      1_000_000,
      false,
    );
    this.#collections = new Map(
      entries.map(({ key, value }) => {
        if (!isBson(value)) throw new MongoError('InternalError', 'The catalogue of the collections is damaged; restore the last backup');
        const info = collectionOf(key.toString('utf8').slice(prefix.length), Doc.fromBytes(value));
        return [info.namespace, info];
      }),
    );
    this.#epoch = epoch;
  }
}

function collectionOf(namespace: string, stored: Doc): CollectionInfo {
  const dot = namespace.indexOf('.');
  const options = stored.get('options');
  const indexes = stored.get('indexes');
  const uuid = stored.get('uuid');
  const optionsDoc = options instanceof Doc ? options : Doc.empty();
  const validator = optionsDoc.get('validator');
  return {
    database: namespace.slice(0, dot),
    name: namespace.slice(dot + 1),
    namespace,
    id: toInteger(stored.get('id')) ?? 0,
    uuid: typeof uuid === 'string' ? uuid : '',
    options: optionsDoc,
    validator: validator instanceof Doc && validator.size > 0 ? compileFilter(validator) : undefined,
    indexes: (Array.isArray(indexes) ? indexes : []).flatMap((index) => (index instanceof Doc ? [storedIndex(index)] : [])),
  };
}

function storedIndex(stored: Doc): IndexInfo {
  const spec = stored.get('spec');
  return indexOf(toInteger(stored.get('id')) ?? 0, spec instanceof Doc ? spec : Doc.empty(), {
    multikey: stored.get('multikey') === true,
    // Assumed for an index that was made before this was recorded.
    arraysLater: stored.get('arraysLater') !== false,
    shortened: stored.get('shortened') === true,
  });
}

/** An index from its specification. @throws MongoError CannotCreateIndex for kinds this store does not have. */
export function indexOf(id: number, spec: Doc, flags: Pick<IndexInfo, 'multikey' | 'arraysLater' | 'shortened'>): IndexInfo {
  const key = spec.get('key');
  const name = spec.get('name');
  const partial = spec.get('partialFilterExpression');
  const expire = spec.get('expireAfterSeconds');
  if (!(key instanceof Doc) || key.size === 0) throw new MongoError('CannotCreateIndex', 'Index keys cannot be empty.');
  return {
    id,
    name: typeof name === 'string' ? name : '',
    roots: key.keys().map((path) => path.split('.')[0] ?? ''),
    fields: [...key.entries()].map(([path, direction]) => {
      if (!isNumeric(direction) || toNumber(direction) === 0) {
        throw new MongoError(
          'CannotCreateIndex',
          `Index type of '${path}' is not supported by this store; only ascending (1) and descending (-1) are`,
        );
      }
      if (path.includes('$**') || path.startsWith('$'))
        throw new MongoError('CannotCreateIndex', 'Wildcard indexes are not supported by this store');
      return { path, descending: toNumber(direction) < 0 };
    }),
    unique: spec.get('unique') === true || name === '_id_',
    sparse: spec.get('sparse') === true,
    partial: partial instanceof Doc ? compileFilter(partial) : undefined,
    expireAfterSeconds: isNumeric(expire) ? toNumber(expire) : undefined,
    ...flags,
    spec,
  };
}

function checkName(database: string, name: string): void {
  if (name === '' || name.includes('$') || name.includes('\0') || name.startsWith('.') || `${database}.${name}`.length > 255) {
    throw new MongoError('InvalidNamespace', 'Invalid collection name');
  }
  if (database === '' || /[/\\. "$*<>:|?\0]/.test(database)) throw new MongoError('InvalidNamespace', 'Invalid database name');
}
