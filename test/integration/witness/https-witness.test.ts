import { execFile } from 'node:child_process';
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sendLine, type SignedLine } from '../../../services/witness/adapters/https-witness.js';
import { openSigner } from '../../../services/evidence/adapters/signing-key.js';

// A witness behind https with a certificate of its own, and what it must answer.

const run = promisify(execFile);
const HASH = 'a'.repeat(64);
const STATEMENT = `Proofline day sheet 日结表/1\nsheet: ${HASH}\n`;
let folder: string;
let server: Server;
let url: string;
let answer: { readonly status: number; readonly body: string | Uint8Array };
const received: SignedLine[] = [];
const file = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'proofline-https-witness-'));
  const names = ['-subj', '/CN=witness', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('key.pem'), '-out', file('root.pem'), ...names]);
  server = createServer({ key: await readFile(file('key.pem')), cert: await readFile(file('root.pem')) }, (request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      received.push(JSON.parse(Buffer.concat(parts).toString()) as SignedLine);
      response.writeHead(answer.status, { 'content-type': 'application/json', location: 'https://127.0.0.1:9/' }).end(answer.body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `https://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/lines`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

async function line(): Promise<SignedLine> {
  const { publicKey, ...signer } = await openSigner(file('signing.pem'));
  return { statement: STATEMENT, signature: signer.sign(STATEMENT), publicKey };
}

test('the witness gets a line that verifies with the key of the packs, and its answer is kept byte for byte', async () => {
  answer = { status: 201, body: `{ "sheet": "${HASH}", "number": 7 }` };
  expect(Buffer.from(await sendLine(url, await line(), HASH, file('root.pem'))).toString()).toBe(answer.body);
  const { statement = '', signature = '', publicKey = '' } = received.at(-1) ?? {};
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  expect(statement).toBe(STATEMENT);
  expect(verify(null, Buffer.from(statement), key, Buffer.from(signature, 'base64'))).toBe(true);
});

test.each<readonly [string, number, string | Uint8Array, string]>([
  ['another sheet', 200, `{"sheet":"${'b'.repeat(64)}"}`, 'it names another sheet'],
  ['no receipt', 200, '<html></html>', 'its answer is no receipt'],
  ['a receipt without a sheet', 200, '{"number":7}', 'its answer is no receipt'],
  ['a receipt that is no UTF-8', 200, Buffer.from(`{"sheet":"${HASH}","note":"\xca\xd5"}`, 'latin1'), 'its answer is no UTF-8'],
  ['a receipt with a mark', 200, `\ufeff{"sheet":"${HASH}"}`, 'its answer is no receipt'],
  ['an error', 503, `{"sheet":"${HASH}"}`, 'it answered with status 503'],
  ['another address', 302, `{"sheet":"${HASH}"}`, 'it answered with status 302'],
  ['an answer without end', 200, ' '.repeat(70_000), 'its answer is too long'],
])('%s is not taken for a receipt', async (_what, status, body, why) => {
  answer = { status, body };
  await expect(sendLine(url, await line(), HASH, file('root.pem'))).rejects.toMatchObject({
    code: 'service-unavailable',
    message: `The witness gave no receipt: ${why}.`,
  });
});

test('a witness whose certificate nobody here trusts is sent nothing', async () => {
  answer = { status: 200, body: `{"sheet":"${HASH}"}` };
  const before = received.length;
  await expect(sendLine(url, await line(), HASH)).rejects.toMatchObject({ code: 'service-unavailable' });
  expect(received).toHaveLength(before);
});
