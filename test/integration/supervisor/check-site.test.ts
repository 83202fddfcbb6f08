import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createSocket, type Socket } from 'node:dgram';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { webCertificates, type Certificate } from '../../support/phones/certificates.js';
import { freePort, stopProcess } from '../recording/recording-support.js';

// `npm run check-site` on a site that is in order, and on the same site with one planted fault after the other.

jest.setTimeout(120_000);

const root = join(import.meta.dirname, '..', '..', '..');
const PASSWORD = 'of-the-live-state';
const NTP_EPOCH_S = 2_208_988_800;

interface Line {
  readonly check: string;
  readonly subject: string;
  readonly code: string;
}

let folder: string;
let good: Record<string, string>;
let carrier: string;
let certificates: Readonly<Record<'year' | 'now' | 'past', Certificate>>;
let valkey: ChildProcess;
const sockets: Socket[] = [];

/** A time server whose clock is this far ahead. */
async function timeServer(aheadMs: number): Promise<string> {
  return answering((question) => {
    const answer = Buffer.alloc(48);
    // Version 4, server; stratum 2.
    answer.writeUInt8((4 << 3) | 4, 0);
    answer.writeUInt8(2, 1);
    question.copy(answer, 24, 40, 48);
    for (const at of [16, 32, 40]) {
      const nowMs = Date.now() + aheadMs;
      answer.writeUInt32BE(Math.floor(nowMs / 1_000) + NTP_EPOCH_S, at);
      answer.writeUInt32BE(Math.floor(((nowMs % 1_000) / 1_000) * 2 ** 32), at + 4);
    }
    return answer;
  });
}

/** `host:port` of somebody who answers each datagram. */
async function answering(answer: (question: Buffer) => Buffer | undefined): Promise<string> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.on('message', (question, { port, address }) => {
    const said = answer(question);
    if (said !== undefined) socket.send(said, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return `127.0.0.1:${socket.address().port}`;
}

function check(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = ['--carrier', carrier],
): Promise<{ readonly code: number; readonly printed: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, 'dist', 'infra', 'site-check', 'check-site.js'), ...args],
      { cwd: root, env: { PATH: process.env['PATH'], ...good, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, printed: stdout + stderr }),
    );
  });
}

/** What is not in order on the site with this fault. */
async function faultsWith(env: Readonly<Record<string, string>>, carriers: readonly string[] = [carrier]): Promise<string[]> {
  const { code, printed } = await check(env, ['--json', ...carriers.flatMap((each) => ['--carrier', each])]);
  const lines = JSON.parse(printed) as readonly Line[];
  const fine = /^(port-free|disk-good|name-found|server-answers|clock-right|certificate-good|captures-there|carrier-answers)$/;
  const faults = lines.filter((line) => !fine.test(line.code)).map((line) => `${line.check} ${line.code}`);
  expect(code).toBe(faults.length === 0 ? 0 : 1);
  return faults;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-site-'));
  certificates = await webCertificates(folder, 'localhost');
  const port = await freePort();
  await writeFile(join(folder, 'valkey-password'), PASSWORD);
  await writeFile(join(folder, 'valkey.conf'), `port ${port}\nbind 127.0.0.1\nsave ""\nrequirepass "${PASSWORD}"\n`);
  valkey = spawn('valkey-server', [join(folder, 'valkey.conf')], { stdio: 'ignore', env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  const client = new Redis({ host: '127.0.0.1', port, password: PASSWORD, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await client.ping();
  client.disconnect();
  carrier = await answering((question) => {
    const text = question.toString();
    const kept = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => new RegExp(`^${name}: .*$`, 'm').exec(text)?.[0].trim() ?? '');
    return Buffer.from(['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n'));
  });
  good = {
    ...{ PROOFLINE_HOME: folder, PROOFLINE_PORT_BASE: String(await freeBase()), SPOOL_ALARM_FREE_BYTES: '1000000' },
    ...{ VALKEY_URL: `redis://127.0.0.1:${port}`, VALKEY_PASSWORD_FILE: join(folder, 'valkey-password') },
    ...{ NTP_SERVERS: await timeServer(0), WEB_ORIGIN: 'https://localhost' },
    ...{ TLS_CERT_FILE: certificates.year.certFile, TLS_KEY_FILE: certificates.year.keyFile },
  };
});
afterAll(async () => {
  for (const socket of sockets) socket.close();
  await stopProcess(valkey);
  await rm(folder, { recursive: true, force: true });
});

const idOf = (question: Buffer): string => question.toString().split(' ')[0] ?? '';

/** Ports from here on are free at this moment. */
async function freeBase(): Promise<number> {
  return 10_000 + Math.floor((await freePort()) / 1_000) * 300;
}

test('a site in order: each part has its line, in both languages, and the exit code says so', async () => {
  const english = await check({ LANG: 'en_GB.UTF-8' });
  expect(english).toMatchObject({ code: 0 });
  for (const part of ['ports', 'disks', 'names', 'servers', 'clocks', 'certificates', 'carriers'])
    expect(english.printed).toMatch(new RegExp(`^ok +${part} `, 'm'));
  expect(english.printed).toContain('all in order: the site can go live.');
  const chinese = await check({ LANG: 'zh_CN.UTF-8' });
  expect(chinese.code).toBe(0);
  for (const part of ['端口', '磁盘', '域名', '服务器', '时钟', '证书', '运营商'])
    expect(chinese.printed).toMatch(new RegExp(`^正常 +${part} `, 'm'));
  expect(chinese.printed).toContain('全部正常：可以上线。');
});

describe('a planted fault is found, alone, and its line says what to do', () => {
  test('a port that another program has', async () => {
    const server = createServer();
    server.listen(Number(good['PROOFLINE_PORT_BASE']), '127.0.0.1');
    await once(server, 'listening');
    try {
      expect(await faultsWith({})).toEqual(['ports port-taken']);
      expect((await check({ LANG: 'zh_CN.UTF-8' })).printed).toMatch(
        /^待处理 +端口 127\.0\.0\.1:\d+\/tcp: 该端口已被其他程序占用：.*WEB_PORT/m,
      );
      expect((await check({})).printed).toMatch(/^DO +ports 127\.0\.0\.1:\d+\/tcp: Another program uses this port: .*WEB_PORT/m);
    } finally {
      server.close();
    }
  });

  test('an address that this machine does not have', async () => {
    expect(await faultsWith({ WEB_HOST: '192.0.2.77' })).toEqual(['ports address-not-here']);
  });

  test('an address for digits that this machine does not have, and a port there that another program has', async () => {
    const relay = await answering((question) => Buffer.from(`${idOf(question)} {"result":"pong"}`));
    const site = { RTPENGINE_URLS: `udp://${relay}` };
    expect(await faultsWith({ ...site, DTMF_LISTEN: '192.0.2.77:22230' })).toEqual(['ports address-not-here']);
    const taken = await answering(() => undefined);
    expect(await faultsWith({ ...site, DTMF_LISTEN: taken })).toEqual(['ports port-taken']);
    const { printed } = await check({ ...site, DTMF_LISTEN: taken });
    expect(printed).toMatch(new RegExp(`^DO +ports ${taken}/udp: Another program uses this port: .*DTMF_LISTEN`, 'm'));
  });

  test('a disk with too little space, and a folder that nobody can write', async () => {
    expect(await faultsWith({ SPOOL_ALARM_FREE_BYTES: '900000000000000' })).toEqual(['disks disk-small']);
    const sealed = { BACKUP_DIR: '/proc/backups', BACKUP_PASSPHRASE: 'of twelve characters' };
    expect(await faultsWith(sealed)).toEqual(['disks folder-not-writable']);
  });

  test('a clock that is wrong, a time server that is silent, and none at all', async () => {
    expect(await faultsWith({ NTP_SERVERS: `${good['NTP_SERVERS'] ?? ''},${await timeServer(5_000)}` })).toEqual(['clocks clock-wrong']);
    expect(await faultsWith({ NTP_SERVERS: await answering(() => undefined) })).toEqual(['clocks time-server-silent']);
    expect(await faultsWith({ NTP_SERVERS: '' })).toEqual(['clocks no-time-server']);
  });

  test('a live state that is silent, and one with another password', async () => {
    expect(await faultsWith({ VALKEY_URL: `redis://127.0.0.1:${await freePort()}` })).toEqual(['servers server-silent']);
    await writeFile(join(folder, 'wrong'), 'of-somebody-else');
    const refused = { VALKEY_PASSWORD_FILE: join(folder, 'wrong') };
    expect(await faultsWith(refused)).toEqual(['servers server-refuses']);
    const { printed } = await check(refused);
    expect(printed).toContain('correct VALKEY_PASSWORD_FILE');
    expect(printed).not.toContain('of-somebody-else');
  });

  test('a document store, an object store and a relay that are silent', async () => {
    const port = await freePort();
    expect(await faultsWith({ MONGODB_URI: `mongodb://127.0.0.1:${port}/proofline` })).toEqual(['servers server-silent']);
    expect(await faultsWith({ S3_ENDPOINT: `http://127.0.0.1:${port}` })).toEqual(['servers server-silent']);
    expect(await faultsWith({ RTPENGINE_URLS: `udp://127.0.0.1:${port}`, DTMF_LISTEN: `127.0.0.1:${await freePort()}` })).toEqual([
      'servers server-silent',
    ]);
  });

  test('a name that no name server knows', async () => {
    expect(await faultsWith({}, [carrier, 'sip.nowhere.invalid:5060'])).toEqual(['names name-unknown', 'carriers carrier-silent']);
  });

  test('a recorder beside its relay, and one that cannot read the captures', async () => {
    const relay = await answering((question) => Buffer.from(`${idOf(question)} {"result":"pong"}`));
    const env = { ROLES: 'recorder', RTPENGINE_URLS: `udp://${relay}`, DTMF_LISTEN: '127.0.0.1:22230' };
    expect(await faultsWith(env)).toEqual(['witnesses witnesses-together', 'witnesses captures-missing']);
    const seen = { ...env, RTPENGINE_PCAP_DIR: folder };
    expect(await faultsWith(seen)).toEqual(['witnesses witnesses-together', 'witnesses captures-missing']);
    await mkdir(join(folder, 'pcaps'));
    expect(await faultsWith(seen)).toEqual(['witnesses witnesses-together']);
    expect((await check({ ...seen, LANG: 'zh_CN.UTF-8' })).printed).toContain('录音服务部署在另一台机器上');
  });

  test('a certificate that has ended, ends soon, is for another name, or has another key', async () => {
    const given = ({ certFile, keyFile }: Certificate): Record<string, string> => ({ TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile });
    expect(await faultsWith(given(certificates.past))).toEqual(['certificates certificate-ends']);
    expect((await check(given(certificates.past))).printed).toContain('The certificate has expired: renew it.');
    expect(await faultsWith(given(certificates.now))).toEqual(['certificates certificate-ends']);
    expect(await faultsWith({ WEB_ORIGIN: 'https://127.0.0.1' })).toEqual(['certificates certificate-name']);
    expect(await faultsWith({ TLS_KEY_FILE: certificates.now.keyFile })).toEqual(['certificates certificate-key']);
    expect(await faultsWith({ TLS_CERT_FILE: join(folder, 'nothing.pem') })).toEqual(['certificates certificate-unreadable']);
  });

  test('a carrier that does not answer, one that is written wrongly, and none', async () => {
    expect(await faultsWith({}, [carrier, await answering(() => undefined)])).toEqual(['carriers carrier-silent']);
    expect(await faultsWith({}, ['sip:carrier'])).toEqual(['carriers carrier-unknown']);
    expect(await faultsWith({}, [])).toEqual(['carriers no-carrier']);
    expect((await check({}, ['--no-carriers'])).code).toBe(0);
  });
});

test('a carrier that refuses OPTIONS lets the site in all the same', async () => {
  const refusing = await answering(() => Buffer.from('SIP/2.0 405 Method Not Allowed\r\n\r\n'));
  expect((await check({}, ['--carrier', refusing])).printed).toMatch(/^ok +carriers .*answers OPTIONS with 405 /m);
});

test('a bad setting and a bad argument end with a sentence and the exit code 2', async () => {
  expect(await check({ WEB_PORT: 'eighty' })).toMatchObject({ code: 2 });
  expect((await check({ WEB_PORT: 'eighty' })).printed).toContain('WEB_PORT');
  expect(await check({ LANG: 'zh_CN.UTF-8' }, ['--all'])).toMatchObject({
    code: 2,
    printed: expect.stringContaining('用法：npm run check-site'),
  });
});
