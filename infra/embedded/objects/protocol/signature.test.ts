// The worked examples of AWS's own documentation of Signature Version 4 for S3, and what must not pass.
import type { IncomingMessage } from 'node:http';
import { expect, test } from '@jest/globals';
import { decodeAwsChunked } from './aws-chunked.js';
import { readRequest, type S3Request } from './request.js';
import { authenticate, type ChunkSeed } from './signature.js';

const secretOf = (key: string) => (key === 'AKIAIOSFODNN7EXAMPLE' ? 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' : undefined);
const signedAt = Date.parse('2013-05-24T00:00:00Z');
const scope = 'AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
const emptyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const request = (method: string, url: string, headers: Record<string, string>): S3Request =>
  readRequest({ method, url, headers } as unknown as IncomingMessage);

interface Example {
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly signature: string;
}
const common = { host: 'examplebucket.s3.amazonaws.com', 'x-amz-date': '20130524T000000Z' };
const getObject: Example = {
  method: 'GET',
  url: '/test.txt',
  headers: { ...common, range: 'bytes=0-9', 'x-amz-content-sha256': emptyHash },
  signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
};
const examples: Record<string, Example> = {
  'GET Object': getObject,
  'PUT Object': {
    method: 'PUT',
    url: '/test$file.text',
    headers: {
      ...common,
      date: 'Fri, 24 May 2013 00:00:00 GMT',
      'x-amz-content-sha256': '44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072',
      'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    },
    signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
  },
  'GET Bucket Lifecycle': {
    method: 'GET',
    url: '/?lifecycle',
    headers: { ...common, 'x-amz-content-sha256': emptyHash },
    signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
  },
  'GET Bucket (List Objects)': {
    method: 'GET',
    url: '/?max-keys=2&prefix=J',
    headers: { ...common, 'x-amz-content-sha256': emptyHash },
    signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
  },
};
const signed = ({ method, url, headers, signature }: Example): S3Request => {
  const names = Object.keys(headers).sort().join(';');
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope},SignedHeaders=${names},Signature=${signature}`;
  return request(method, url, { ...headers, authorization });
};
const codeOf = (attempt: () => unknown): string => {
  try {
    attempt();
    return 'accepted';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test.each(Object.entries(examples))('accepts the documented %s', (_name, example) => {
  expect(authenticate(signed(example), secretOf, signedAt).accessKey).toBe('AKIAIOSFODNN7EXAMPLE');
});

test.each<[name: string, change: Partial<Example>, nowMs: number, code: string]>([
  ['another method', { method: 'DELETE' }, signedAt, 'SignatureDoesNotMatch'],
  ['another key', { url: '/test2.txt' }, signedAt, 'SignatureDoesNotMatch'],
  ['an added parameter', { url: '/test.txt?versionId=x' }, signedAt, 'SignatureDoesNotMatch'],
  ['another range', { headers: { ...getObject.headers, range: 'bytes=0-99' } }, signedAt, 'SignatureDoesNotMatch'],
  ['another host', { headers: { ...getObject.headers, host: 'elsewhere' } }, signedAt, 'SignatureDoesNotMatch'],
  ['a clock 16 minutes behind', {}, signedAt + 16 * 60_000, 'RequestTimeTooSkewed'],
  ['a clock 16 minutes ahead', {}, signedAt - 16 * 60_000, 'RequestTimeTooSkewed'],
  ['a clock 14 minutes off', {}, signedAt + 14 * 60_000, 'accepted'],
  ['a signature that is none', { signature: 'ab' }, signedAt, 'AuthorizationHeaderMalformed'],
])('judges %s', (_name, change, nowMs, code) => {
  expect(codeOf(() => authenticate(signed({ ...getObject, ...change }), secretOf, nowMs))).toBe(code);
});

test('refuses anonymous requests, other mechanisms, unknown keys and unsigned x-amz headers', () => {
  const get = (authorization?: string, more = {}) =>
    codeOf(() =>
      authenticate(
        request('GET', '/test.txt', { ...getObject.headers, ...(authorization ? { authorization } : {}), ...more }),
        secretOf,
        signedAt,
      ),
    );
  const whole = signed(getObject).headers.authorization ?? '';
  expect(get()).toBe('AccessDenied');
  expect(get('AWS AKIA:sig')).toBe('InvalidRequest');
  expect(get(whole.replace('AKIAIOSFODNN7EXAMPLE', 'NOBODY'))).toBe('InvalidAccessKeyId');
  expect(get(whole, { 'x-amz-bypass-governance-retention': 'true' })).toBe('AccessDenied');
  expect(get(whole.replace('/s3/', '/ec2/'))).toBe('AuthorizationHeaderMalformed');
});

const presigned = (changes: Record<string, string> = {}, path = '/test.txt', headers: Record<string, string> = {}): S3Request => {
  const query = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': scope,
    'X-Amz-Date': '20130524T000000Z',
    'X-Amz-Expires': '86400',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': 'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404',
    ...changes,
  };
  const text = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return request('GET', `${path}?${text.join('&')}`, { host: common.host, ...headers });
};

test.each<[name: string, url: S3Request, nowMs: number, code: string]>([
  ['as documented', presigned(), signedAt, 'accepted'],
  ['in its last second', presigned(), signedAt + 86_400_000, 'accepted'],
  ['a second later', presigned(), signedAt + 86_401_000, 'AccessDenied'],
  ['before its time', presigned(), signedAt - 16 * 60_000, 'AccessDenied'],
  ['with a longer life', presigned({ 'X-Amz-Expires': '90000' }), signedAt, 'SignatureDoesNotMatch'],
  ['with more than a week', presigned({ 'X-Amz-Expires': '604801' }), signedAt, 'AuthorizationQueryParametersError'],
  ['for another object', presigned({}, '/other.txt'), signedAt, 'SignatureDoesNotMatch'],
  ['with a header its signer never saw', presigned({}, '/test.txt', { 'x-amz-copy-source': 'b/secret' }), signedAt, 'AccessDenied'],
  ['with an extra parameter', presigned({ 'response-content-type': 'text/html' }), signedAt, 'SignatureDoesNotMatch'],
])('judges a presigned URL %s', (_name, url, nowMs, code) => {
  expect(codeOf(() => authenticate(url, secretOf, nowMs))).toBe(code);
});

const chunkedHeaders = {
  host: 's3.amazonaws.com',
  'x-amz-date': '20130524T000000Z',
  'x-amz-storage-class': 'REDUCED_REDUNDANCY',
  'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'content-encoding': 'aws-chunked',
  'content-length': '66824',
  'x-amz-decoded-content-length': '66560',
};
const chunks: readonly [bytes: number, signature: string][] = [
  [65_536, 'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648'],
  [1024, '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497'],
  [0, 'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9'],
];
const chunkedBody = Buffer.from(
  chunks.map(([bytes, signature]) => `${bytes.toString(16)};chunk-signature=${signature}\r\n${'a'.repeat(bytes)}\r\n`).join(''),
);

function chunkSeed(): ChunkSeed {
  const signature = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
  const { payload } = authenticate(
    signed({ method: 'PUT', url: '/examplebucket/chunkObject.txt', headers: chunkedHeaders, signature }),
    secretOf,
    signedAt,
  );
  if (payload.kind !== 'chunked') throw new Error('not chunked');
  return payload.seed;
}

async function decode(body: Buffer, pieceBytes: number): Promise<string> {
  const pieces = async function* (): AsyncGenerator<Buffer> {
    for (let at = 0; at < body.length; at += pieceBytes) yield body.subarray(at, at + pieceBytes);
  };
  let text = '';
  try {
    const options = { seed: chunkSeed(), signed: true, trailer: false, onTrailer: () => undefined };
    for await (const chunk of decodeAwsChunked(pieces(), options)) text += chunk.toString();
    return text;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

test.each([1_000_000, 65_536, 1000, 7])('decodes the documented chunked upload in pieces of %d bytes', async (pieceBytes) => {
  expect(await decode(chunkedBody, pieceBytes)).toBe('a'.repeat(66_560));
});

test.each<[name: string, body: Buffer, code: string]>([
  ['a changed byte', Buffer.concat([chunkedBody.subarray(0, 500), Buffer.from('b'), chunkedBody.subarray(501)]), 'SignatureDoesNotMatch'],
  ['a missing end', chunkedBody.subarray(0, 66_000), 'IncompleteBody'],
  ['a dropped chunk', chunkedBody.subarray(chunkedBody.indexOf('400;chunk')), 'SignatureDoesNotMatch'],
  ['a size that is no number', Buffer.from('zz;chunk-signature=0\r\n'), 'InvalidRequest'],
  ['a header without end', Buffer.alloc(20_000, '1'), 'InvalidRequest'],
])('refuses a chunked upload with %s', async (_name, body, code) => {
  expect(await decode(body, 4096)).toBe(code);
});
