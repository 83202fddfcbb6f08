// The small readers of the protocol: XML bodies, ranges, preconditions, keys, checksums, credentials files.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { judgeRead, requireWritable } from '../rules/conditions.js';
import { blockBytes, UploadDigest } from './digest.js';
import { allows, parseCredentials } from '../rules/policy.js';
import { rangeOf } from '../operations/read-operations.js';
import { readRequest } from './request.js';
import { S3Error, type S3ErrorCode } from './s3-error.js';
import { children, parseXml, textOf, xml, xmlDocument } from './xml.js';

test('XML: what is written is read back, whatever the key holds', () => {
  const key = 'a&b <c> "d" \t\u0001 é 😀 ]]>';
  const document = xmlDocument(xml('Delete', [xml('Object', [xml('Key', key)]), xml('Object', [xml('Key', '')]), undefined]));
  expect(children(parseXml(document, 'Delete'), 'Object').map((object) => textOf(object, 'Key'))).toEqual([key, '']);
});

test.each([
  ['nothing', ''],
  ['another root', '<Other/>'],
  ['two roots', '<Delete/><Delete/>'],
  ['an open element', '<Delete><Object>'],
  ['crossed elements', '<Delete><a><b></a></b></Delete>'],
  ['text around the root', 'x<Delete/>'],
  ['a DOCTYPE', '<!DOCTYPE d [<!ENTITY x "y">]><Delete>&x;</Delete>'],
  ['an unknown entity', '<Delete>&x;</Delete>'],
  ['a bare ampersand', '<Delete>a & b</Delete>'],
  ['depth', `<Delete>${'<a>'.repeat(50)}${'</a>'.repeat(50)}</Delete>`],
])('XML: refuses %s', (_name, text) => {
  expect(() => parseXml(text, 'Delete')).toThrow('XML');
});

test.each<[text: string | undefined, expected: [number, number] | 'whole' | 'refused']>([
  [undefined, 'whole'],
  ['bytes=0-0', [0, 0]],
  ['bytes=5-', [5, 9]],
  ['bytes=5-999', [5, 9]],
  ['bytes=-3', [7, 9]],
  ['bytes=-999', [0, 9]],
  ['bytes=10-', 'refused'],
  ['bytes=-0', 'refused'],
  ['bytes=5-4', 'whole'],
  ['bytes=0-1,3-4', 'whole'],
  ['lines=1-2', 'whole'],
  ['bytes=-', 'whole'],
])('range %s of ten bytes', (text, expected) => {
  if (expected === 'refused') expect(() => rangeOf(text, 10)).toThrow();
  else expect(rangeOf(text, 10)).toEqual(expected === 'whole' ? undefined : { start: expected[0], end: expected[1] });
});

const subject = { etag: 'abc', modifiedAt: '2026-01-01T00:00:00.700Z' };
const [sameSecond, before] = ['Thu, 01 Jan 2026 00:00:00 GMT', 'Wed, 31 Dec 2025 00:00:00 GMT'];
test.each<[conditions: Parameters<typeof judgeRead>[0], verdict: string]>([
  [{}, 'send'],
  [{ ifMatch: '"abc"' }, 'send'],
  [{ ifMatch: '"x", "abc"' }, 'send'],
  [{ ifMatch: '"x"' }, 'failed'],
  [{ ifMatch: '"abc"', ifUnmodifiedSince: before }, 'send'],
  [{ ifUnmodifiedSince: before }, 'failed'],
  [{ ifNoneMatch: 'W/"abc"' }, 'not-modified'],
  [{ ifNoneMatch: '"x"', ifModifiedSince: sameSecond }, 'send'],
  [{ ifModifiedSince: sameSecond }, 'not-modified'],
  [{ ifModifiedSince: before }, 'send'],
  [{ ifModifiedSince: 'not a date' }, 'send'],
])('reads with %j: %s', (conditions, verdict) => {
  expect(judgeRead(conditions, subject)).toBe(verdict);
});

test('writes may ask that there is no object, or a certain one', () => {
  expect(() => requireWritable({ ifNoneMatch: '*' }, undefined)).not.toThrow();
  expect(() => requireWritable({ ifNoneMatch: '*' }, subject)).toThrow('preconditions');
  expect(() => requireWritable({ ifMatch: '"abc"' }, subject)).not.toThrow();
  expect(() => requireWritable({ ifMatch: '"x"' }, subject)).toThrow('preconditions');
  expect(() => requireWritable({ ifMatch: '"x"' }, undefined)).toThrow('key does not exist');
});

test.each<[url: string, code: S3ErrorCode]>([
  ['/b/../etc/passwd', 'InvalidURI'],
  ['/b/%2e%2e/x', 'InvalidURI'],
  ['/b/a/./c', 'InvalidURI'],
  ['/b/a%00b', 'InvalidURI'],
  ['/b/%ff', 'InvalidURI'],
  ['/b/%zz', 'InvalidURI'],
  ['http://elsewhere/b/k', 'InvalidURI'],
  [`/b/${'k'.repeat(1025)}`, 'KeyTooLongError'],
  [`/b/${'%C3%A9'.repeat(513)}`, 'KeyTooLongError'],
])('address %s is refused', (url, code) => {
  expect(() => readRequest({ method: 'GET', url, headers: {} } as IncomingMessage)).toThrow(new S3Error(code));
});

test('digests: check values of the CRC catalogue, and one CRC a block however the bytes arrive', () => {
  const digest = (algorithm: 'crc32' | 'crc32c' | 'sha1', text: string) => {
    const upload = new UploadDigest(algorithm);
    upload.update(Buffer.from(text));
    return Buffer.from(upload.finish().checksum?.value ?? '', 'base64').toString('hex');
  };
  expect(digest('crc32', '123456789')).toBe('cbf43926');
  expect(digest('crc32c', '123456789')).toBe('e3069283');
  expect(digest('sha1', 'abc')).toBe(createHash('sha1').update('abc').digest('hex'));
  const data = Buffer.alloc(blockBytes * 2 + 5, 'z');
  const whole = new UploadDigest(undefined);
  whole.update(data);
  const pieces = new UploadDigest(undefined);
  for (let at = 0; at < data.length; at += 4099) pieces.update(data.subarray(at, at + 4099));
  const digests = pieces.finish();
  expect(digests).toEqual(whole.finish());
  expect(Buffer.from(digests.blockCrcs, 'base64')).toHaveLength(12);
});

test('credentials: three named policies, lists of actions, buckets', () => {
  const [writer, hold] = parseCredentials([
    { accessKey: 'writer', secretKey: 'long enough', policy: 'writer' },
    { accessKey: 'hold', secretKey: 'long enough', policy: ['s3:Get*', 's3:PutObjectLegalHold'], buckets: ['recordings'] },
  ]);
  if (!writer || !hold) throw new Error('two credentials were given');
  expect(
    ['s3:PutObject', 's3:GetObjectVersion', 's3:DeleteObject', 's3:BypassGovernanceRetention', 's3:PutLifecycleConfiguration'].map(
      (action) => allows(writer, action, 'b'),
    ),
  ).toEqual([true, true, false, false, false]);
  expect([
    allows(hold, 's3:PutObjectLegalHold', 'recordings'),
    allows(hold, 's3:PutObjectLegalHold', 'other'),
    allows(hold, 's3:PutObject', 'recordings'),
  ]).toEqual([true, false, false]);
});

test.each([
  ['no list', {}],
  ['an empty list', []],
  ['a short secret', [{ accessKey: 'abc', secretKey: 'SECRET', policy: 'admin' }]],
  ['an unknown policy', [{ accessKey: 'abc', secretKey: 'SECRET-SECRET', policy: 'root' }]],
  ['no policy', [{ accessKey: 'abc', secretKey: 'SECRET-SECRET' }]],
])('credentials: %s is refused without naming a secret', (_name, value) => {
  expect(() => parseCredentials(value)).toThrow(/^(?!.*SECRET).+$/);
});
