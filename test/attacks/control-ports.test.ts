import { spawn } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { until } from '../support/until.js';
import { dialFrom, PLAIN } from './support/carrier.js';
import { attacked, endAllCalls } from './support/tier.js';

const stack = attacked();
const { ports } = stack.ready;
/** Another user of the machine, without a name and without rights. */
const NOBODY = 65_534;
/** A caller that no other test uses. */
const CALLER = '13955550199';
const port = (name: string): number => ports[name] ?? 0;

afterAll(async () => {
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

/** Runs a line of JavaScript as another user; resolves with what it printed. */
async function asNobody(script: string): Promise<string> {
  const child = spawn(process.execPath, ['-e', script], { uid: NOBODY, gid: NOBODY, cwd: '/', env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return printed.trim();
}

const udp = (to: number, text: string): string => `
  const socket = require('node:dgram').createSocket('udp4');
  const end = (said) => { console.log(said); process.exit(0); };
  socket.on('error', () => end('nothing'));
  socket.on('message', (bytes) => end('answered ' + bytes));
  socket.send(${JSON.stringify(text)}, ${to}, '127.0.0.1', (error) => error && end('nothing'));
  setTimeout(() => end('nothing'), 1_500);`;

const tcp = (to: number, text: string): string => `
  const socket = require('node:net').connect(${to}, '127.0.0.1');
  const end = (said) => { console.log(said); process.exit(0); };
  socket.on('error', () => end('nothing'));
  socket.on('connect', () => socket.write(${JSON.stringify(text)}));
  socket.on('data', (bytes) => end('answered ' + bytes));
  socket.on('close', () => end('nothing'));
  setTimeout(() => end('nothing'), 1_500);`;

const filesUnder = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));

/** Opens what it can under the data folder; prints how many files that were, and how many folders and files refused it. */
const READER = `
  const { readdirSync, readFileSync } = require('node:fs');
  let opened = 0, refused = 0;
  const walk = (folder) => {
    let entries = [];
    try { entries = readdirSync(folder, { withFileTypes: true }) } catch { refused += 1; return }
    for (const entry of entries) {
      const path = folder + '/' + entry.name;
      if (entry.isDirectory()) { walk(path); continue }
      try { readFileSync(path); opened += 1 } catch { refused += 1 }
    }
  };
  walk(${JSON.stringify(stack.home)});
  console.log(opened + ' ' + refused);`;

describe('another user of the machine', () => {
  test('is really a different user and can reach what everybody may reach', async () => {
    expect(await asNobody('console.log(process.getuid())')).toBe(String(NOBODY));
    const health = `require('node:https').get({ host: '127.0.0.1', port: ${port('web')}, path: '/api/health', rejectUnauthorized: false }, (a) => console.log(a.statusCode)).on('error', (e) => console.log(e.code))`;
    expect(await asNobody(health)).toBe('200');
  });

  test.each([
    ['lists calls', 'd4:infol-e7:command4:liste'],
    ['asks who is there', 'd7:command4:pinge'],
  ])("%s at the relay's control port in vain", async (_what, text) => {
    expect(await asNobody(udp(port('rtpengineNg'), `1_1 ${text}`))).toBe('nothing');
  });

  test('gets only refusals from the stores and the SIP server', async () => {
    expect(await asNobody(tcp(port('valkey'), 'KEYS *\r\n'))).toMatch(/^nothing$|NOAUTH/);
    expect(await asNobody(tcp(port('sipAdmin'), '28#e2d1c7f4|authenticate|guess\r\n'))).not.toMatch(/OK/);
    expect(await asNobody(tcp(port('objects'), 'GET / HTTP/1.0\r\n\r\n'))).toMatch(/^nothing$|403|400/);
  });

  test('cannot reach the socket of the live state, in whatever folder it is', async () => {
    const path = new URL(stack.config.VALKEY_URL).searchParams.get('path') ?? '';
    expect(statSync(path).isSocket()).toBe(true);
    // A test's folder is closed anyway; the socket must be closed itself, since a site's folder may be open.
    expect(statSync(path).mode & 0o777).toBe(0o700);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
    const knock = `require('node:net').connect(${JSON.stringify(path)}).on('connect', () => console.log('in')).on('error', (error) => console.log(error.code))`;
    expect(await asNobody(knock)).toBe('EACCES');
  });

  test('cannot read a file of the installation', async () => {
    const script = `try { console.log(require('node:fs').readdirSync(${JSON.stringify(stack.home)}).length) } catch (error) { console.log(error.code) }`;
    expect(await asNobody(script)).toBe('EACCES');
  });

  test('finds no number of a caller in the files of live state and stores, also where the data folder itself is open to everybody', async () => {
    const phone = await dialFrom(stack, PLAIN, '4001000', CALLER);
    const before = statSync(stack.home).mode & 0o777;
    try {
      expect(await phone.call()).toBe(200);
      // The number is stored in clear: it is safe only because nobody else can open the file.
      await until(
        () => Promise.resolve(filesUnder(join(stack.home, 'valkey')).some((file) => readFileSync(file).includes(CALLER))),
        Boolean,
      );
      chmodSync(stack.home, 0o755);
      const found = await asNobody(READER);
      const [opened = '', refused = ''] = found.split(' ');
      expect([opened, Number(refused) > 5]).toEqual(['0', true]);
      const known = filesUnder(stack.home);
      expect(known.length).toBeGreaterThan(20);
      const byName = `for (const file of ${JSON.stringify(known)}) try { require('node:fs').readFileSync(file); console.log(file) } catch {}`;
      expect(await asNobody(byName)).toBe('');
    } finally {
      chmodSync(stack.home, before);
      phone.close();
      await endAllCalls(stack);
    }
  });

  // A test's folder is closed anyway, but others may be able to enter a site's, so each mode below it counts.
  test('can read no file of the product: the live state, the documents, the logs and the spools hold whole numbers', () => {
    const seen: string[] = [];
    const readable = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        const mode = statSync(path, { throwIfNoEntry: false })?.mode;
        // It was removed meanwhile.
        if (mode === undefined) return [];
        seen.push(path);
        if (entry.isDirectory()) return (mode & 0o011) === 0 ? [] : readable(path);
        return entry.isFile() && (mode & 0o044) !== 0 ? [relative(stack.home, path)] : [];
      });
    expect(readable(stack.home)).toEqual([]);
    expect(seen.length).toBeGreaterThan(5);
  });
});
