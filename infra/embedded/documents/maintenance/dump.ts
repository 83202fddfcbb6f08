import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, EJSON } from 'bson';
import { Doc } from '../bson/document.js';
import { encode } from '../bson/encode.js';
import { Catalog, type CollectionInfo } from '../engine/catalog.js';
import { Counters } from '../engine/counters.js';
import { Environment } from '../engine/environment.js';
import { Records } from '../engine/records.js';
import type { Progress } from './check.js';

/**
 * Writes every collection as `mongodump` does (DATABASE/COLLECTION.bson and .metadata.json), for `mongorestore DIR` into a real MongoDB.
 * Returns the number of documents. The store may be running; each collection is read as it is at that time.
 */
export async function dumpFolder(folder: string, target: string, progress: Progress): Promise<number> {
  const environment = new Environment(folder, true);
  try {
    const catalog = new Catalog(environment);
    const records = new Records(environment, catalog, new Counters(environment));
    let total = 0;
    for (const collection of catalog.list()) {
      const count = await dumpCollection(records, collection, join(target, collection.database));
      progress(`${collection.namespace}: ${count} documents`);
      total += count;
    }
    return total;
  } finally {
    await environment.close();
  }
}

async function dumpCollection(records: Records, collection: CollectionInfo, folder: string): Promise<number> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // mongodump's own escaping of names in paths.
  const name = encodeURIComponent(collection.name);
  const metadata = Doc.of({
    options: collection.options,
    indexes: collection.indexes.map((index) => index.spec),
    uuid: collection.uuid.replaceAll('-', ''),
    collectionName: collection.name,
    type: 'collection',
  });
  writeFileSync(join(folder, `${name}.metadata.json`), EJSON.stringify(deserialize(encode(metadata)), { relaxed: false }), { mode: 0o600 });
  const file = createWriteStream(join(folder, `${name}.bson`), { mode: 0o600 });
  let count = 0;
  for (const { doc } of records.all(collection)) {
    if (!file.write(encode(doc))) await once(file, 'drain');
    count += 1;
  }
  file.end();
  await once(file, 'finish');
  return count;
}
