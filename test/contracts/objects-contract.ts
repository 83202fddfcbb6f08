// What the product relies on in any S3 store; each test file opens one.
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { CopyDestinationOptions, CopySourceOptions, RETENTION_MODES, type Client } from 'minio';
import { collect, readAll, refusal, settled } from '../integration/objects/objects-support.js';

export interface OpenedStore {
  readonly client: Client;
  close(): Promise<void>;
}

/** The tests of the contract, on the store that `open` gives. */
export function objectStoreContract(open: () => Promise<OpenedStore>): void {
  const bucket = `contract-${randomUUID()}`;
  const locked = `contract-${randomUUID()}`;
  let client: Client;
  let close = async (): Promise<void> => undefined;

  beforeAll(async () => {
    const opened = await open();
    client = opened.client;
    close = () => opened.close();
    await client.makeBucket(bucket);
    await client.makeBucket(locked, 'us-east-1', { ObjectLocking: true });
  }, 120_000);
  afterAll(() => close(), 60_000);

  const put = (key: string, text = key): ReturnType<Client['putObject']> => client.putObject(bucket, key, Buffer.from(text));
  const read = async (name: string, key: string, versionId?: string): Promise<string> =>
    (await readAll(await client.getObject(name, key, versionId === undefined ? {} : { versionId }))).toString();
  const names = async (prefix: string, recursive = true): Promise<string[]> =>
    (await collect<{ name?: string; prefix?: string }>(client.listObjectsV2(bucket, prefix, recursive))).map(
      ({ name, prefix: group }) => name ?? group ?? '',
    );
  const inDays = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();
  const setRetention = (key: string, mode: RETENTION_MODES, days: number, versionId: string, governanceBypass = false) =>
    client.putObjectRetention(locked, key, { mode, retainUntilDate: inDays(days), versionId, governanceBypass });

  describe('buckets', () => {
    test('exist once and are found', async () => {
      expect(await client.bucketExists(bucket)).toBe(true);
      expect(await client.bucketExists('no-such-bucket-anywhere')).toBe(false);
      // In the region us-east-1 Amazon's S3 answers 200 to the owner (CreateBucket, Errors); neither answer changes anything.
      expect(['BucketAlreadyOwnedByYou', 'none']).toContain(await refusal(client.makeBucket(bucket)));
      expect((await client.listBuckets()).map(({ name }) => name)).toEqual(expect.arrayContaining([bucket, locked]));
    });

    test('are removed only when empty', async () => {
      const name = `contract-${randomUUID()}`;
      await client.makeBucket(name);
      await client.putObject(name, 'x', Buffer.from('x'));
      expect(await refusal(client.removeBucket(name))).toBe('BucketNotEmpty');
      await client.removeObject(name, 'x');
      await client.removeBucket(name);
      expect(await client.bucketExists(name)).toBe(false);
    });
  });

  describe('objects', () => {
    test.each(['plain', 'with space', '中文/录音 1.wav', "odd !*'()&=+@:,;$ ~", 'a//b', 'percent%2Fsign'])(
      'keep their key: %s',
      async (key) => {
        await put(`keys/${key}`);
        expect(await read(bucket, `keys/${key}`)).toBe(`keys/${key}`);
        expect(await names(`keys/${key}`)).toEqual([`keys/${key}`]);
        await client.removeObject(bucket, `keys/${key}`);
        expect(await refusal(client.statObject(bucket, `keys/${key}`))).toBe('NotFound');
      },
    );

    test('carry type and metadata', async () => {
      await client.putObject(bucket, 'meta', Buffer.from('12345'), 5, { 'Content-Type': 'audio/wav', 'X-Amz-Meta-Sha': 'abc' });
      expect(await client.statObject(bucket, 'meta')).toMatchObject({
        size: 5,
        etag: createHash('md5').update('12345').digest('hex'),
        metaData: { 'content-type': 'audio/wav', sha: 'abc' },
      });
    });

    test('may be empty', async () => {
      await put('empty', '');
      expect(await read(bucket, 'empty')).toBe('');
    });

    test('are read in ranges', async () => {
      await put('range', '0123456789');
      expect(String(await readAll(await client.getPartialObject(bucket, 'range', 2, 3)))).toBe('234');
      expect(String(await readAll(await client.getPartialObject(bucket, 'range', 7)))).toBe('789');
      expect(await refusal(client.getPartialObject(bucket, 'range', 10, 5))).toBe('InvalidRange');
    });

    test('in parts come back whole and by ranges across the parts', async () => {
      const data = randomBytes(17 * 1024 ** 2 + 11);
      await client.putObject(bucket, 'multipart', Readable.from(slices(data, 70_001)));
      expect((await readAll(await client.getObject(bucket, 'multipart'))).equals(data)).toBe(true);
      const range = await readAll(await client.getPartialObject(bucket, 'multipart', 5 * 1024 ** 2 - 3, 6 * 1024 ** 2));
      expect(range.equals(data.subarray(5 * 1024 ** 2 - 3, 11 * 1024 ** 2 - 3))).toBe(true);
      expect(await collect(client.listIncompleteUploads(bucket, '', true))).toEqual([]);
    });

    test('are copied with new or old metadata', async () => {
      await client.putObject(bucket, 'copy/from', Buffer.from('copied'), 6, { 'X-Amz-Meta-A': '1' });
      await client.copyObject(bucket, 'copy/to', `/${bucket}/copy/from`);
      expect(await read(bucket, 'copy/to')).toBe('copied');
      expect((await client.statObject(bucket, 'copy/to')).metaData).toMatchObject({ a: '1' });
      await client.copyObject(
        new CopySourceOptions({ Bucket: bucket, Object: 'copy/from' }),
        new CopyDestinationOptions({ Bucket: bucket, Object: 'copy/new', UserMetadata: { b: '2' }, MetadataDirective: 'REPLACE' }),
      );
      expect((await client.statObject(bucket, 'copy/new')).metaData).toEqual(expect.not.objectContaining({ a: '1' }));
    });

    test('have tags', async () => {
      await put('tagged');
      await client.setObjectTagging(bucket, 'tagged', { class: 'complaint' });
      expect(await client.getObjectTagging(bucket, 'tagged')).toEqual([{ Key: 'class', Value: 'complaint' }]);
      await client.removeObjectTagging(bucket, 'tagged', { versionId: '' });
      expect(await client.getObjectTagging(bucket, 'tagged')).toEqual([]);
    });

    test('are removed many at a time', async () => {
      await Promise.all(['m/1', 'm/2', 'm/3'].map((key) => put(key)));
      await client.removeObjects(bucket, ['m/1', 'm/3', 'm/never-was']);
      expect(await names('m/')).toEqual(['m/2']);
    });
  });

  describe('listing', () => {
    test('pages through more than a thousand keys in byte order', async () => {
      const keys = Array.from({ length: 1203 }, (_, index) => `page/${index}`);
      for (let at = 0; at < keys.length; at += 100) await Promise.all(keys.slice(at, at + 100).map((key) => put(key, '')));
      expect(await names('page/')).toEqual([...keys].sort());
    });

    test('groups by folder', async () => {
      await Promise.all(['tree/a/1', 'tree/a/2', 'tree/b/1', 'tree/c', 'tree/a.x'].map((key) => put(key)));
      expect((await names('tree/', false)).sort()).toEqual(['tree/a.x', 'tree/a/', 'tree/b/', 'tree/c']);
    });
  });

  describe('presigned URLs', () => {
    test('read, write and expire', async () => {
      const written = await fetch(await client.presignedPutObject(bucket, 'signed', 60), { method: 'PUT', body: 'by url' });
      expect(written.status).toBe(200);
      const url = await client.presignedGetObject(bucket, 'signed', 60, { 'response-content-type': 'text/plain' });
      const got = await fetch(url);
      expect([got.headers.get('content-type'), await got.text()]).toEqual(['text/plain', 'by url']);
      const named = { 'response-content-disposition': "attachment; filename*=UTF-8''%E5%BD%95%E9%9F%B3.wav" };
      const download = await fetch(await client.presignedGetObject(bucket, 'signed', 60, named));
      expect(download.headers.get('content-disposition')).toBe(named['response-content-disposition']);
      expect((await fetch(url.replace('signed?', 'range?'))).status).toBe(403);
      const yesterday = new Date(Date.now() - 86_400_000);
      expect((await fetch(await client.presignedGetObject(bucket, 'signed', 60, {}, yesterday))).status).toBe(403);
    });
  });

  describe('versions', () => {
    test('are all kept, hidden by a marker and brought back by removing it', async () => {
      const first = await client.putObject(locked, 'versioned', Buffer.from('one'));
      await client.putObject(locked, 'versioned', Buffer.from('two'));
      await client.removeObject(locked, 'versioned');
      expect(await refusal(client.statObject(locked, 'versioned'))).toBe('NotFound');
      expect(await read(locked, 'versioned', first.versionId ?? '')).toBe('one');
      type Listed = { versionId: string; isDeleteMarker?: boolean; isLatest: boolean };
      const listed = await collect<Listed>(client.listObjects(locked, 'versioned', true, { IncludeVersion: true }));
      expect(listed).toHaveLength(3);
      const marker = listed.find(({ isDeleteMarker }) => isDeleteMarker);
      await client.removeObject(locked, 'versioned', { versionId: marker?.versionId ?? '' });
      expect(await read(locked, 'versioned')).toBe('two');
    });
  });

  describe('Object Lock', () => {
    const stored = async (key: string): Promise<string> => (await client.putObject(locked, key, Buffer.from(key))).versionId ?? '';
    const destroy = (key: string, versionId: string, governanceBypass = false) =>
      refusal(client.removeObject(locked, key, { versionId, governanceBypass }));

    test('compliance: nobody shortens, lifts or deletes; extending is fine', async () => {
      const id = await stored('compliance');
      await setRetention('compliance', RETENTION_MODES.COMPLIANCE, 2, id);
      expect(await destroy('compliance', id)).toBe('AccessDenied');
      expect(await destroy('compliance', id, true)).toBe('AccessDenied');
      expect(await refusal(setRetention('compliance', RETENTION_MODES.COMPLIANCE, 1, id, true))).toBe('AccessDenied');
      expect(await refusal(setRetention('compliance', RETENTION_MODES.GOVERNANCE, 3, id, true))).toBe('AccessDenied');
      expect(await refusal(setRetention('compliance', RETENTION_MODES.COMPLIANCE, 3, id))).toBe('none');
      expect(await read(locked, 'compliance', id)).toBe('compliance');
    });

    test('governance: only with the bypass', async () => {
      const id = await stored('governance');
      await setRetention('governance', RETENTION_MODES.GOVERNANCE, 2, id);
      expect(await destroy('governance', id)).toBe('AccessDenied');
      expect(await refusal(setRetention('governance', RETENTION_MODES.GOVERNANCE, 1, id))).toBe('AccessDenied');
      expect(await refusal(setRetention('governance', RETENTION_MODES.GOVERNANCE, 3, id))).toBe('none');
      expect(await refusal(setRetention('governance', RETENTION_MODES.GOVERNANCE, 1, id, true))).toBe('none');
      expect(await destroy('governance', id, true)).toBe('none');
    });

    test('a legal hold stands by itself, bypass or not', async () => {
      const id = await stored('hold');
      await settled(() => client.setObjectLegalHold(locked, 'hold', { versionId: id, status: 'ON' }));
      expect(await client.getObjectLegalHold(locked, 'hold', { versionId: id })).toMatchObject({ Status: 'ON' });
      expect(await destroy('hold', id, true)).toBe('AccessDenied');
      await settled(() => client.setObjectLegalHold(locked, 'hold', { versionId: id, status: 'OFF' }));
      expect(await destroy('hold', id)).toBe('none');
    });

    test('a lock comes with its object, and with the digest of its body', async () => {
      const body = Buffer.from('locked as it comes');
      const until = inDays(2);
      const putLocked = (digest: Record<string, string>) =>
        client.makeRequestAsyncOmit(
          {
            method: 'PUT',
            bucketName: locked,
            objectName: 'at once',
            headers: { 'x-amz-object-lock-mode': 'COMPLIANCE', 'x-amz-object-lock-retain-until-date': until, ...digest },
          },
          body,
        );
      expect(await refusal(putLocked({ 'content-md5': createHash('md5').update('other').digest('base64') }))).toBe('BadDigest');
      expect(await refusal(client.statObject(locked, 'at once'))).toBe('NotFound');
      const { headers } = await putLocked({ 'content-md5': createHash('md5').update(body).digest('base64') });
      const id = String(headers['x-amz-version-id']);
      expect(await client.getObjectRetention(locked, 'at once', { versionId: id })).toMatchObject({ mode: 'COMPLIANCE' });
      expect(await destroy('at once', id, true)).toBe('AccessDenied');
      expect(await read(locked, 'at once', id)).toBe('locked as it comes');
    });

    test('a delete marker over a locked version is allowed and destroys nothing', async () => {
      const id = await stored('marked');
      await setRetention('marked', RETENTION_MODES.COMPLIANCE, 1, id);
      await client.removeObject(locked, 'marked');
      expect(await read(locked, 'marked', id)).toBe('marked');
    });

    test('default retention is given to new versions and can be overridden', async () => {
      await settled(() => client.setObjectLockConfig(locked, { mode: RETENTION_MODES.GOVERNANCE, unit: 'Days', validity: 1 }));
      const id = await stored('default');
      const given = await client.getObjectRetention(locked, 'default', { versionId: id });
      expect(given).toMatchObject({ mode: 'GOVERNANCE' });
      expect(await destroy('default', id)).toBe('AccessDenied');
      // The minio client turns lock headers of putObject into metadata, so the explicit lock is set by a copy.
      const Source = new CopySourceOptions({ Bucket: locked, Object: 'default' });
      const chosen = { Bucket: locked, Object: 'explicit', Mode: RETENTION_MODES.COMPLIANCE, RetainUntilDate: inDays(1) };
      await client.copyObject(Source, new CopyDestinationOptions(chosen));
      expect(await client.getObjectRetention(locked, 'explicit')).toMatchObject({ mode: 'COMPLIANCE' });
    });
  });
}

function* slices(data: Buffer, bytes: number): Generator<Buffer> {
  for (let at = 0; at < data.length; at += bytes) yield data.subarray(at, at + bytes);
}
