import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from 'minio';
import { admin, clientOf, refusal, temporaryStore } from '../integration/objects/objects-support.js';
import { startCeph, type Ceph } from './support/ceph.js';

// What the embedded object store refuses, Ceph's gateway refuses too, with the same S3 code: requests around Object Lock, side by side.

interface Side {
  readonly client: Client;
  readonly plain: string;
  readonly locked: string;
}
interface Ask {
  readonly method: string;
  readonly bucketName: string;
  readonly objectName?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

let ceph: Ceph;
let embedded: Awaited<ReturnType<typeof temporaryStore>>;
let sides: readonly [ours: Side, theirs: Side];

beforeAll(async () => {
  ceph = await startCeph();
  embedded = await temporaryStore();
  sides = [await prepare(clientOf(embedded.endpoint, admin)), await prepare(clientOf(ceph.endpoint, ceph))];
}, 180_000);
afterAll(async () => {
  await (embedded as typeof embedded | undefined)?.[Symbol.asyncDispose]();
  await (ceph as Ceph | undefined)?.[Symbol.asyncDispose]();
}, 60_000);

async function prepare(client: Client): Promise<Side> {
  const side = { client, plain: `plain-${randomUUID()}`, locked: `locked-${randomUUID()}` };
  await client.makeBucket(side.plain);
  await client.makeBucket(side.locked, 'us-east-1', { ObjectLocking: true });
  for (const bucket of [side.plain, side.locked]) await client.putObject(bucket, 'object', Buffer.from('as it was'));
  return side;
}

/** The S3 error code, or 'none'. */
const ask = ({ client }: Side, request: Ask, body = ''): Promise<string> =>
  refusal(
    client.makeRequestAsyncOmit(
      { ...request, headers: { 'content-md5': createHash('md5').update(body).digest('base64'), ...request.headers } },
      body,
      [200, 204],
    ),
  );

const xml = (root: string, inner: string): string => `<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${inner}</${root}>`;
const rule = (inner: string, enabled = 'Enabled'): string =>
  xml(
    'ObjectLockConfiguration',
    `<ObjectLockEnabled>${enabled}</ObjectLockEnabled><Rule><DefaultRetention>${inner}</DefaultRetention></Rule>`,
  );
const retention = (mode: string, days: number): string =>
  xml('Retention', `<Mode>${mode}</Mode><RetainUntilDate>${new Date(Date.now() + days * 86_400_000).toISOString()}</RetainUntilDate>`);
const hold = (status: string): string => xml('LegalHold', `<Status>${status}</Status>`);

const lockOf = (bucketName: string): Ask => ({ method: 'PUT', bucketName, query: 'object-lock' });
const objectOf = (bucketName: string, query: string, method = 'PUT'): Ask => ({ method, bucketName, objectName: 'object', query });

const attempts: Readonly<Record<string, (side: Side) => Promise<string>>> = {
  'a lock for a bucket that was made without': (side) => ask(side, lockOf(side.plain), rule('<Mode>GOVERNANCE</Mode><Days>1</Days>')),
  'days and years at once': (side) => ask(side, lockOf(side.locked), rule('<Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years>')),
  'no days': (side) => ask(side, lockOf(side.locked), rule('<Mode>GOVERNANCE</Mode><Days>0</Days>')),
  'years below nought': (side) => ask(side, lockOf(side.locked), rule('<Mode>GOVERNANCE</Mode><Years>-1</Years>')),
  'a mode that there is not': (side) => ask(side, lockOf(side.locked), rule('<Mode>governance</Mode><Years>1</Years>')),
  'a lock that is off': (side) => ask(side, lockOf(side.locked), rule('<Mode>GOVERNANCE</Mode><Years>1</Years>', 'Disabled')),
  'the lock of a bucket without': (side) => ask(side, { ...lockOf(side.plain), method: 'GET' }),
  'suspended versions under a lock': (side) =>
    ask(
      side,
      { method: 'PUT', bucketName: side.locked, query: 'versioning' },
      xml('VersioningConfiguration', '<Status>Suspended</Status>'),
    ),
  'retention in a bucket without a lock': (side) => ask(side, objectOf(side.plain, 'retention'), retention('GOVERNANCE', 1)),
  'the retention of a bucket without a lock': (side) => ask(side, objectOf(side.plain, 'retention', 'GET')),
  'retention of a mode that there is not': (side) => ask(side, objectOf(side.locked, 'retention'), retention('abc', 1)),
  'a hold in a bucket without a lock': (side) => ask(side, objectOf(side.plain, 'legal-hold'), hold('ON')),
  'the hold of a bucket without a lock': (side) => ask(side, objectOf(side.plain, 'legal-hold', 'GET')),
  'a hold that is neither on nor off': (side) => ask(side, objectOf(side.locked, 'legal-hold'), hold('abc')),
  'retention for a shorter time': async (side) => {
    await ask(side, objectOf(side.locked, 'retention'), retention('GOVERNANCE', 4));
    return ask(side, objectOf(side.locked, 'retention'), retention('GOVERNANCE', 2));
  },
  'no such bucket': (side) => ask(side, { ...lockOf(`absent-${randomUUID()}`), method: 'GET' }),
  'no such object': (side) => refusal(side.client.getObject(side.plain, 'absent')),
  'no such version': (side) => refusal(side.client.getObject(side.plain, 'object', { versionId: randomUUID() })),
  'a range behind the end': (side) => refusal(side.client.getPartialObject(side.plain, 'object', 100, 5)),
  'a digest that is not the body’s': (side) =>
    ask(side, { ...objectOf(side.plain, ''), headers: { 'content-md5': createHash('md5').update('other').digest('base64') } }, 'body'),
  'a digest that is none': (side) => ask(side, { ...objectOf(side.plain, ''), headers: { 'content-md5': 'abc' } }, 'body'),
  'an upload in parts that there is not': (side) => ask(side, objectOf(side.plain, 'uploadId=absent', 'DELETE')),
  'a full bucket removed': (side) => refusal(side.client.removeBucket(side.plain)),
};

/** Where Ceph's gateway differs from Amazon's reference (GetObject, Errors): our code and theirs. */
const different: Readonly<Record<string, readonly string[]>> = { 'no such version': ['NoSuchVersion', 'NoSuchKey'] };

describe('asked of both', () => {
  test.each(Object.keys(attempts))('%s', async (name) => {
    const codes = await Promise.all(sides.map(async (side) => attempts[name]?.(side)));
    expect(codes).not.toContain('none');
    const [ours] = codes;
    expect(codes).toEqual(different[name] ?? [ours, ours]);
  });
});
