import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { reachesAll } from '../../../test/support/reaches.js';
import { createExpressApp } from './express-app.js';

const script = 'console.log("a page");'.repeat(50);
const pages = mkdtempSync(join(tmpdir(), 'pages-'));
const server = createServer();

beforeAll(async () => {
  writeFileSync(join(pages, 'index.html'), '<!doctype html>');
  writeFileSync(join(pages, 'page-1.js'), script);
  writeFileSync(join(pages, 'page-1.js.gz'), gzipSync(script));
  server.on(
    'request',
    createExpressApp({
      lookUps: { take: async () => true },
      routes: [],
      whoIs: () => Promise.resolve(undefined),
      reaches: reachesAll(false),
      audit: () => Promise.resolve(),
      log: pino({ enabled: false }),
      proxies: [],
      pages,
      overTls: false,
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
  rmSync(pages, { recursive: true });
});

async function fetchPage(path: string, headers: Record<string, string> = {}): Promise<{ response: IncomingMessage; body: Buffer }> {
  const [response] = (await once(get({ port: (server.address() as AddressInfo).port, path, headers }), 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { response, body: Buffer.concat(chunks) };
}

test('the copy that the build compressed is served to those who take it, and kept by the browser', async () => {
  const { response, body } = await fetchPage('/page-1.js', { 'accept-encoding': 'gzip' });
  expect(response.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
  expect(response.headers['content-type']).toContain('javascript');
  expect(response.headers['cache-control']).toContain('immutable');
  expect(gunzipSync(body).toString()).toBe(script);
  expect((await fetchPage('/page-1.js')).body.toString()).toBe(script);
});

test('an address of the interface that does not exist is no page', async () => {
  expect((await fetchPage('/api/none')).response.statusCode).toBe(404);
  expect((await fetchPage('/seat')).body.toString()).toBe('<!doctype html>');
});
