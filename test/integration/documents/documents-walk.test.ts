import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { MongoClient, type Collection, type Document } from 'mongodb';
import { commandFields, statementFields } from '../../../infra/embedded/documents/commands/command-fields.js';
import { startDocumentStore, type DocumentStore } from '../../../infra/embedded/documents/index.js';
import { refusal, temporaryFolder } from './documents-support.js';

// Every operator, stage and option that MongoDB 8 has is done or refused by name, and what is refused stands on the store's page. The names come
// from MongoDB's reference; a name that is neither in the list of what is done nor on the page fails here.

const page = readFileSync('docs/embedded-documents.md', 'utf8');
const isListed = (name: string): boolean => page.includes(`\`${name}\``);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: DocumentStore;
let client: MongoClient;
let rows: Collection;

beforeAll(async () => {
  folder = await temporaryFolder();
  store = await startDocumentStore({ folder: folder.path, minFreeBytes: 0 });
  client = await new MongoClient(store.uri).connect();
  rows = client.db('walk').collection('rows');
  await rows.insertOne({ a: 4, b: 'Text', c: [1, 2, 3], at: new Date('2026-11-27T13:14:15.016Z'), d: { e: 1 } });
});

afterAll(async () => {
  await client.close();
  await store.close();
  await folder[Symbol.asyncDispose]();
});

const names = (text: string): string[] => text.split(/\s+/).filter((name) => name !== '');

interface Walk {
  readonly what: string;
  /** All names of MongoDB's reference. */
  readonly all: string;
  /** An example of each name that is done, with what it must find or give. */
  readonly done: Readonly<Record<string, readonly [example: unknown, expected: unknown]>>;
  readonly run: (name: string, example: unknown) => Promise<unknown>;
}

/** The field `z` of the first document that a pipeline gives. */
async function valueOf(pipeline: Document[]): Promise<unknown> {
  const [found] = await rows.aggregate<{ readonly z?: unknown }>(pipeline).toArray();
  return found?.z;
}

const date = '$at';
const walks: readonly Walk[] = [
  {
    what: 'query operator',
    all: `$eq $gt $gte $in $lt $lte $ne $nin $and $not $nor $or $exists $type $expr $jsonSchema $mod $regex $text $where $all $elemMatch $size
      $bitsAllClear $bitsAllSet $bitsAnyClear $bitsAnySet $geoIntersects $geoWithin $near $nearSphere $comment`,
    done: {
      $eq: [{ a: { $eq: 4 } }, 1],
      $gt: [{ a: { $gt: 4 } }, 0],
      $gte: [{ a: { $gte: 4 } }, 1],
      $in: [{ a: { $in: [4] } }, 1],
      $lt: [{ a: { $lt: 4 } }, 0],
      $lte: [{ a: { $lte: 4 } }, 1],
      $ne: [{ a: { $ne: 4 } }, 0],
      $nin: [{ a: { $nin: [4] } }, 0],
      $and: [{ $and: [{ a: 4 }, { a: 5 }] }, 0],
      $not: [{ a: { $not: { $gt: 3 } } }, 0],
      $nor: [{ $nor: [{ a: 4 }] }, 0],
      $or: [{ $or: [{ a: 5 }, { a: 4 }] }, 1],
      $exists: [{ z: { $exists: true } }, 0],
      $type: [{ a: { $type: 'string' } }, 0],
      $expr: [{ $expr: { $eq: ['$a', 5] } }, 0],
      $mod: [{ a: { $mod: [3, 1] } }, 1],
      $regex: [{ b: { $regex: '^t' } }, 0],
      $all: [{ c: { $all: [1, 9] } }, 0],
      $elemMatch: [{ c: { $elemMatch: { $gt: 2 } } }, 1],
      $size: [{ c: { $size: 2 } }, 0],
      $comment: [{ a: 4, $comment: 'why' }, 1],
    },
    run: (name, example) => rows.countDocuments(example ?? { [isTopLevel(name) ? name : 'a']: { [name]: 1 } }),
  },
  {
    what: 'update operator',
    all: '$currentDate $inc $min $max $mul $rename $set $setOnInsert $unset $addToSet $pop $pull $push $pullAll $bit',
    done: {
      $currentDate: [{ $currentDate: { a: true } }, { a: expect.any(Date) }],
      $inc: [{ $inc: { a: 2 } }, { a: 3 }],
      $min: [{ $min: { a: 0 } }, { a: 0 }],
      $max: [{ $max: { a: 9 } }, { a: 9 }],
      $mul: [{ $mul: { a: 7 } }, { a: 7 }],
      $rename: [{ $rename: { a: 'z' } }, { z: 1 }],
      $set: [{ $set: { a: 5 } }, { a: 5 }],
      $setOnInsert: [{ $setOnInsert: { a: 5 } }, { a: 1 }],
      $unset: [{ $unset: { c: '' } }, { a: 1 }],
      $addToSet: [{ $addToSet: { c: 2 } }, { c: [1, 2] }],
      $pop: [{ $pop: { c: 1 } }, { c: [1] }],
      $pull: [{ $pull: { c: 1 } }, { c: [2] }],
      $push: [{ $push: { c: { $each: [0], $position: 0, $slice: 2, $sort: -1 } } }, { c: [2, 1] }],
      $pullAll: [{ $pullAll: { c: [1, 2] } }, { c: [] }],
    },
    run: async (name, example) => {
      const one = client.db('walk').collection('updated');
      await one.replaceOne({}, { a: 1, c: [1, 2] }, { upsert: true });
      await one.updateOne({}, example ?? { [name]: { a: { or: 1 } } });
      return one.findOne({});
    },
  },
  {
    what: 'stage',
    all: `$addFields $bucket $bucketAuto $changeStream $changeStreamSplitLargeEvent $collStats $count $densify $documents $facet $fill $geoNear
      $graphLookup $group $indexStats $limit $listSessions $lookup $match $merge $out $planCacheStats $project $redact $replaceRoot $replaceWith
      $sample $search $searchMeta $set $setWindowFields $skip $sort $sortByCount $unionWith $unset $unwind $vectorSearch`,
    done: {
      $addFields: [{ z: 1 }, [{ z: 1 }]],
      $bucket: [{ groupBy: '$a', boundaries: [0, 5] }, [{ _id: 0, count: 1 }]],
      $count: ['n', [{ n: 1 }]],
      $facet: [{ n: [{ $count: 'm' }] }, [{ n: [{ m: 1 }] }]],
      $group: [{ _id: '$b' }, [{ _id: 'Text' }]],
      $limit: [1, [{ a: 4 }]],
      $lookup: [{ from: 'rows', localField: 'a', foreignField: 'a', as: 'z' }, [{ z: [{ a: 4 }] }]],
      $match: [{ a: 5 }, []],
      $merge: [{ into: 'merged' }, []],
      $out: ['out', []],
      $project: [{ _id: 0, a: 1 }, [{ a: 4 }]],
      $replaceRoot: [{ newRoot: '$d' }, [{ e: 1 }]],
      $replaceWith: ['$d', [{ e: 1 }]],
      $set: [{ z: 1 }, [{ z: 1 }]],
      $setWindowFields: [{ sortBy: { a: 1 }, output: { z: { $rank: {} } } }, [{ z: 1 }]],
      $skip: [1, []],
      $sort: [{ a: 1 }, [{ a: 4 }]],
      $sortByCount: ['$b', [{ _id: 'Text', count: 1 }]],
      $unset: ['b', [{ a: 4 }]],
      $unwind: ['$c', [{ c: 1 }, { c: 2 }, { c: 3 }]],
    },
    run: (name, example) => rows.aggregate([{ [name]: example ?? {} }]).toArray(),
  },
  {
    what: 'accumulator',
    all: `$accumulator $addToSet $avg $bottom $bottomN $count $first $firstN $last $lastN $max $maxN $median $mergeObjects $min $minN $percentile
      $push $stdDevPop $stdDevSamp $sum $top $topN`,
    done: {
      $addToSet: ['$a', [4]],
      $avg: ['$a', 4],
      $count: [{}, 1],
      $first: ['$a', 4],
      $last: ['$a', 4],
      $max: ['$a', 4],
      $min: ['$a', 4],
      $push: ['$a', [4]],
      $sum: ['$a', 4],
    },
    run: (name, example) => valueOf([{ $group: { _id: null, z: { [name]: example ?? '$a' } } }]),
  },
  {
    what: 'expression',
    all: `$abs $acos $acosh $add $allElementsTrue $and $anyElementTrue $arrayElemAt $arrayToObject $asin $asinh $atan $atan2 $atanh $avg
      $binarySize $bitAnd $bitNot $bitOr $bitXor $bsonSize $ceil $cmp $concat $concatArrays $cond $convert $cos $cosh $dateAdd $dateDiff
      $dateFromParts $dateFromString $dateSubtract $dateToParts $dateToString $dateTrunc $dayOfMonth $dayOfWeek $dayOfYear $degreesToRadians
      $divide $eq $exp $filter $first $firstN $floor $function $getField $gt $gte $hour $ifNull $in $indexOfArray $indexOfBytes $indexOfCP
      $isArray $isNumber $isoDayOfWeek $isoWeek $isoWeekYear $last $lastN $let $literal $ln $log $log10 $lt $lte $ltrim $map $max $maxN $median
      $mergeObjects $meta $millisecond $min $minN $minute $mod $month $multiply $ne $not $objectToArray $or $percentile $pow $radiansToDegrees
      $rand $range $reduce $regexFind $regexFindAll $regexMatch $replaceAll $replaceOne $reverseArray $round $rtrim $sampleRate $second
      $setDifference $setEquals $setField $setIntersection $setIsSubset $setUnion $sin $sinh $size $slice $sortArray $split $sqrt $stdDevPop
      $stdDevSamp $strcasecmp $strLenBytes $strLenCP $substr $substrBytes $substrCP $subtract $sum $switch $tan $tanh $toBool $toDate $toDecimal
      $toDouble $toHashedIndexKey $toInt $toLong $toLower $toObjectId $toString $toUpper $toUUID $trim $trunc $tsIncrement $tsSecond $type
      $unsetField $week $year $zip`,
    done: {
      $add: [['$a', 1], 5],
      $and: [['$a', false], false],
      $arrayElemAt: [['$c', -1], 3],
      $concat: [['$b', '!'], 'Text!'],
      $cond: [[{ $gt: ['$a', 3] }, 'more', 'less'], 'more'],
      $dateDiff: [{ startDate: new Date('2026-11-26T23:59:59Z'), endDate: date, unit: 'day' }, 1],
      $dateToString: [{ date, format: '%H:%M' }, '13:14'],
      $dateTrunc: [{ date, unit: 'hour' }, new Date('2026-11-27T13:00:00Z')],
      $dayOfMonth: [date, 27],
      $dayOfWeek: [date, 6],
      $divide: [['$a', 8], 0.5],
      $eq: [['$a', 5], false],
      $filter: [{ input: '$c', cond: { $gt: ['$$this', 1] } }, [2, 3]],
      $getField: [{ field: 'e', input: '$d' }, 1],
      $gt: [['$a', 3], true],
      $gte: [['$a', 5], false],
      $hour: [date, 13],
      $ifNull: [['$none', 7], 7],
      $in: [[9, '$c'], false],
      $isArray: ['$c', true],
      $let: [{ vars: { x: '$a' }, in: { $add: ['$$x', 1] } }, 5],
      $literal: ['$a', '$a'],
      $lt: [['$a', 3], false],
      $lte: [['$a', 4], true],
      $map: [{ input: '$c', in: { $add: ['$$this', 1] } }, [2, 3, 4]],
      $mergeObjects: [['$d', { f: 2 }], { e: 1, f: 2 }],
      $minute: [date, 14],
      $mod: [['$a', 3], 1],
      $month: [date, 11],
      $multiply: [['$a', 2], 8],
      $ne: [['$a', 4], false],
      $not: [['$a'], false],
      $or: [[false, '$a'], true],
      $rand: [{}, expect.any(Number)],
      $round: [2.5, 2],
      $second: [date, 15],
      $setField: [
        { field: { $literal: '$f.g' }, input: '$d', value: 2 },
        { e: 1, '$f.g': 2 },
      ],
      $size: ['$c', 3],
      $subtract: [['$a', 1], 3],
      $switch: [{ branches: [{ case: false, then: 1 }], default: 2 }, 2],
      $toDate: ['2026-01-01T00:00:00Z', new Date('2026-01-01T00:00:00Z')],
      $toDouble: ['1.5', 1.5],
      $toInt: ['7', 7],
      $toLower: ['$b', 'text'],
      $toString: ['$a', '4'],
      $toUpper: ['$b', 'TEXT'],
      $type: ['$b', 'string'],
      $unsetField: [{ field: 'e', input: '$d' }, {}],
      $year: [date, 2026],
    },
    run: (name, example) => valueOf([{ $project: { z: { [name]: example ?? ['$a'] } } }]),
  },
];

const isTopLevel = (name: string): boolean => ['$jsonSchema', '$text', '$where'].includes(name);

describe.each(walks)('every $what of MongoDB', ({ all, done, run }) => {
  test.each(names(all))('%s is done, or refused and listed', async (name) => {
    const example = done[name];
    if (example === undefined) {
      const { code } = await refusal(run(name, undefined));
      expect(code).toEqual(expect.any(Number));
      expect(isListed(name)).toBe(true);
      return;
    }
    const [given, expected] = example;
    const found = await run(name, given);
    if (typeof found === 'object' && found !== null) expect(found).toMatchObject(expected as object);
    else expect(found).toEqual(expected);
  });
});

/** What MongoDB 8 takes in each command, from its reference; `generic` fields are those of every command. */
const optionsOf: Readonly<Record<string, string>> = {
  find: `filter sort projection hint skip limit batchSize singleBatch max min returnKey showRecordId tailable oplogReplay noCursorTimeout
    awaitData allowPartialResults collation allowDiskUse let`,
  aggregate: 'pipeline explain allowDiskUse cursor bypassDocumentValidation collation hint let',
  getMore: 'collection batchSize',
  count: 'query limit skip hint collation',
  distinct: 'key query collation hint',
  insert: 'documents ordered bypassDocumentValidation',
  update: 'updates ordered bypassDocumentValidation let',
  delete: 'deletes ordered let',
  findAndModify: 'query sort remove update new fields upsert bypassDocumentValidation collation arrayFilters hint let',
  bulkWrite: 'ops nsInfo ordered bypassDocumentValidation errorsOnly cursor let',
  create: `timeseries clusteredIndex changeStreamPreAndPostImages capped expireAfterSeconds size max storageEngine validator validationLevel
    validationAction indexOptionDefaults viewOn pipeline collation encryptedFields`,
  collMod:
    'index validator validationLevel validationAction viewOn pipeline expireAfterSeconds timeseries changeStreamPreAndPostImages dryRun',
  createIndexes: 'indexes commitQuorum',
  dropIndexes: 'index',
  listCollections: 'filter nameOnly authorizedCollections',
  listDatabases: 'filter nameOnly authorizedDatabases',
};

describe('every option of a command', () => {
  const all = Object.entries(optionsOf).flatMap(([command, options]) => names(options).map((option) => [command, option] as const));

  test.each(all)('%s.%s is known', (command, option) => {
    const { done = [], refused = [] } = commandFields[command] ?? {};
    expect([...done, ...refused]).toContain(option);
    if (refused.includes(option)) expect(isListed(option)).toBe(true);
  });

  test('the constants of an update statement are refused and listed', () => {
    expect(statementFields['updates']?.refused).toEqual(['c']);
    expect(isListed('c')).toBe(true);
  });

  test('an option that asks for what is not done is refused by its name', async () => {
    const { code, message } = await refusal(client.db('walk').command({ find: 'rows', returnKey: true }));
    expect(code).toBe(72);
    expect(message).toContain("'returnKey'");
    expect(await client.db('walk').command({ find: 'rows', returnKey: false })).toMatchObject({ ok: 1 });
  });

  test('a field that nobody knows is refused, in a statement too', async () => {
    expect((await refusal(client.db('walk').command({ find: 'rows', filer: {} }))).code).toBe(40415);
    expect(
      (await refusal(client.db('walk').command({ update: 'rows', updates: [{ q: {}, u: { $set: { a: 4 } }, upset: true }] }))).code,
    ).toBe(40415);
  });
});
