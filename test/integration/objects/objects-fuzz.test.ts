import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { expect, test } from '@jest/globals';
import { collect, readAll, refusal, temporaryStore } from './objects-support.js';

const secondsOfFuzz = 4;

/** Sends the bytes unchanged; resolves with the status line of the answer, or '' when the server just closes. */
async function raw(port: number, bytes: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  socket.end(bytes);
  const answer = await Promise.race([readAll(socket).catch(() => Buffer.alloc(0)), delay(2000, Buffer.from('silence'), { ref: false })]);
  socket.destroy();
  return answer.toString('latin1').split('\r\n')[0] ?? '';
}

test('whatever is sent, the answer is a refusal of the protocol and the store goes on', async () => {
  await using running = await temporaryStore();
  const { client, endpoint, log } = running;
  const port = Number(new URL(endpoint).port);
  await client.makeBucket('fuzz');
  await client.putObject('fuzz', 'kept', Buffer.from('kept'));
  const signedUrl = await client.presignedUrl('GET', 'fuzz', 'kept', 60);
  const [path = '', query = ''] = signedUrl.slice(endpoint.length).split('?');

  const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH');
  const target = fc.oneof(
    fc.string().map((text) => `/${encodeURIComponent(text)}`),
    fc.constantFrom(
      '/',
      '/fuzz',
      '/fuzz/kept',
      '/fuzz/../../etc/passwd',
      '/fuzz/%00',
      '/%ff',
      '/fuzz?policy',
      '/fuzz/kept?uploadId=1&partNumber=99999',
      '*',
    ),
    fc.constant(`${path}?${query}`),
  );
  const header = fc.tuple(
    fc.constantFrom(
      'authorization',
      'x-amz-date',
      'x-amz-content-sha256',
      'content-length',
      'x-amz-decoded-content-length',
      'range',
      'x-amz-copy-source',
      'transfer-encoding',
      'expect',
      'content-md5',
    ),
    fc.oneof(
      fc.string({ unit: 'grapheme-ascii', maxLength: 60 }),
      fc.constantFrom(
        'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
        '-1',
        '99999999999999999999',
        'chunked',
        '100-continue',
        'bytes=9-1',
        'AWS4-HMAC-SHA256 Credential=a/b/c/s3/aws4_request, SignedHeaders=host, Signature=00',
      ),
    ),
  );
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.constant(Buffer.from('<Delete>'.repeat(200))),
    fc.constant(Buffer.from('5;chunk-signature=x\r\n')),
  );
  const request = fc.tuple(method, target, fc.array(header, { maxLength: 5 }), body).map(([verb, url, headers, payload]) => {
    const lines = [`${verb} ${url} HTTP/1.1`, `host: 127.0.0.1:${port}`, ...headers.map(([name, value]) => `${name}: ${value}`)];
    return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), payload]);
  });
  const statuses = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        { weight: 5, arbitrary: request },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)) },
      ),
      async (bytes) => {
        const status = (await raw(port, bytes)).split(' ')[1] ?? 'closed';
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        // The untouched presigned URL is the one thing among all this that may succeed.
        expect(['closed', '200', '206', '400', '403', '404', '405', '411', '412', '416', '417', '431', '501']).toContain(status);
      },
    ),
    { numRuns: 100_000, plugins: [fc.interruptAfterTimeLimit(secondsOfFuzz * 1000)] },
  );

  // One character changed anywhere in a signed URL, its signature included, is refused.
  await fc.assert(
    fc.asyncProperty(
      fc.nat(signedUrl.length - endpoint.length - 2),
      fc.constantFrom('a', 'F', 'Z', '0', '9', '-', '_', '%', '&', '='),
      async (offset, char) => {
        const at = endpoint.length + 1 + offset;
        const tampered = signedUrl.slice(0, at) + char + signedUrl.slice(at + 1);
        // Only a URL with the same meaning may pass: the letter case of an escape changes nothing.
        fc.pre(tampered.toLowerCase() !== signedUrl.toLowerCase());
        expect((await fetch(tampered)).status).toBeGreaterThanOrEqual(400);
      },
    ),
    { numRuns: 300, plugins: [fc.interruptAfterTimeLimit(secondsOfFuzz * 1000)] },
  );
  process.stdout.write(`fuzz: ${JSON.stringify(Object.fromEntries(statuses))}\n`);
  expect(log.filter(({ event }) => event === 'request-failed')).toEqual([]);
  expect((await readAll(await client.getObject('fuzz', 'kept'))).toString()).toBe('kept');
});

test('signed requests with absurd bodies, headers and parameters are refused one by one and never break anything', async () => {
  await using running = await temporaryStore();
  const { client, log } = running;
  await client.makeBucket('fuzz', 'us-east-1', { ObjectLocking: true });
  await client.putObject('fuzz', 'kept', Buffer.from('kept'));
  const word = fc.oneof(
    fc.constantFrom(
      'Delete',
      'Object',
      'Key',
      'Rule',
      'Mode',
      'Days',
      'Status',
      'Enabled',
      'GOVERNANCE',
      'COMPLIANCE',
      '-1',
      '1e9',
      '',
      '2999-01-01T00:00:00Z',
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
  );
  const { document } = fc.letrec<{ document: string }>((tie) => ({
    document: fc.oneof(
      { maxDepth: 5 },
      word,
      fc.tuple(word, tie('document'), tie('document')).map(([name, left, right]) => `<${name}>${left}${right}</${name}>`),
    ),
  }));
  const roots = {
    delete: 'Delete',
    'object-lock': 'ObjectLockConfiguration',
    lifecycle: 'LifecycleConfiguration',
    versioning: 'VersioningConfiguration',
  };
  const objectRoots = { tagging: 'Tagging', retention: 'Retention', 'legal-hold': 'LegalHold' };
  const call = fc.oneof(
    fc.tuple(fc.constantFrom(...Object.entries(roots)), document).map(([[query, root], inner]) => ({
      method: query === 'delete' ? 'POST' : 'PUT',
      query,
      inner: `<${root}>${inner}</${root}>`,
      headers: {},
    })),
    fc
      .tuple(fc.constantFrom(...Object.entries(objectRoots)), document)
      .map(([[query, root], inner]) => ({ method: 'PUT', query, inner: `<${root}>${inner}</${root}>`, headers: {}, objectName: 'kept' })),
    fc
      .tuple(
        fc.constantFrom('GET', 'PUT', 'HEAD'),
        fc.constantFrom(
          'range',
          'if-match',
          'if-none-match',
          'if-modified-since',
          'x-amz-copy-source',
          'x-amz-tagging',
          'x-amz-object-lock-mode',
          'x-amz-object-lock-retain-until-date',
          'x-amz-meta-x',
          'content-md5',
          'x-amz-checksum-crc32',
        ),
        fc.string({ unit: 'grapheme-ascii', maxLength: 40 }).map((text) => text.trim()),
      )
      .map(([method, name, value]) => ({ method, query: '', inner: '', headers: { [name]: value }, objectName: 'other' })),
    fc
      .tuple(
        fc.constantFrom(
          'prefix',
          'marker',
          'max-keys',
          'delimiter',
          'continuation-token',
          'list-type',
          'versionId',
          'partNumber',
          'key-marker',
          'uploadId',
        ),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
      )
      .map(([name, value]) => ({ method: 'GET', query: `${name}=${encodeURIComponent(value)}`, inner: '', headers: {} })),
  );
  const codes = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(call, async ({ inner, ...request }) => {
      const code = await refusal(
        client.makeRequestAsyncOmit({ bucketName: 'fuzz', ...request }, Buffer.from(inner), [200, 204, 206], 'us-east-1'),
      );
      codes.set(code, (codes.get(code) ?? 0) + 1);
      // The client gives no code for statuses that it would retry, such as 500.
      expect(code).not.toMatch(/^(unknown|InternalError|ECONNRESET)$/);
    }),
    { numRuns: 100_000, plugins: [fc.interruptAfterTimeLimit(secondsOfFuzz * 1000)] },
  );
  process.stdout.write(`signed fuzz: ${JSON.stringify(Object.fromEntries(codes))}\n`);
  expect(log.filter(({ event }) => event === 'request-failed')).toEqual([]);
  const versions = await collect<{ name: string; isDeleteMarker?: boolean; versionId: string }>(
    client.listObjects('fuzz', 'kept', true, { IncludeVersion: true }),
  );
  const kept = versions.find(({ name, isDeleteMarker }) => name === 'kept' && !isDeleteMarker);
  expect((await readAll(await client.getObject('fuzz', 'kept', { versionId: kept?.versionId ?? '' }))).toString()).toBe('kept');
});
