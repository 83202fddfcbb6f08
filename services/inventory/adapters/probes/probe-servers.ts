import { execFile } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Redis } from 'ioredis';
import type { Connection } from 'mongoose';
import type { CommandBus } from '../../../shared/contracts/calls/commands.js';
import type { Config } from '../../../shared/platform/settings/config.js';
import type { ObjectClient } from '../../../shared/platform/stores/objects.js';
import { createNgClient } from '../../../shared/platform/network/rtpengine-ng.js';
import { valkeyAddress } from '../../../shared/platform/events/valkey-client.js';
import type { Probe } from '../../probes/probe.js';
import type { Facts } from '../../../shared/domain/licence/probe-row.js';

const run = promisify(execFile);

/** The first line of `program --version`, for the list of software. */
export const softwareProbe = (program: string, option: string): Probe => ({
  name: `software:${program}`,
  async read(signal) {
    const { stdout, stderr } = await run(program, [option], { signal, timeout: 5_000 });
    const raw = `${stdout}${stderr}`;
    return [{ subject: `software:${program}`, kind: 'software', facts: { name: program, version: raw.split('\n')[0]?.trim() ?? '' }, raw }];
  },
});

export const relayProbe = (url: string): Probe => ({
  name: `relay:${new URL(url).host}`,
  async read() {
    const ng = createNgClient(url);
    try {
      const reply = await ng.send({ command: 'statistics' }, { timeoutMs: 3_000 });
      const statistics = (reply['statistics'] ?? {}) as Record<string, Record<string, unknown> | undefined>;
      const version = await run('rtpengine', ['--version']).then(
        ({ stdout, stderr }) => /Version:?\s*(\S+)/i.exec(`${stdout}${stderr}`)?.[1] ?? `${stdout}${stderr}`.trim().slice(0, 60),
        () => '',
      );
      return [
        {
          subject: `relay:${new URL(url).host}`,
          kind: 'relay',
          facts: {
            name: 'rtpengine',
            address: new URL(url).hostname,
            port: Number(new URL(url).port),
            version,
            sessions: Number(statistics['currentstatistics']?.['sessionstotal'] ?? 0),
            packetsPerSecond: Number(statistics['currentstatistics']?.['packetrate'] ?? 0),
          },
          raw: JSON.stringify(reply),
        },
      ];
    } finally {
      ng.close();
    }
  },
});

/** The text after `name:` at the start of a line, in upper or lower case; empty without such a line. */
function valueAfter(text: string, name: string): string {
  const start = `${name.toLowerCase()}:`;
  const line = text.split('\n').find((each) => each.toLowerCase().startsWith(start));
  return line?.slice(start.length).trim() ?? '';
}

/**
 * Asks the SIP server as a carrier would: OPTIONS (RFC 3261 §11). Any final response shows that it serves; its own header gives the
 * version.
 */
export const sipProbe = (trunkAddress: string, commands: CommandBus): Probe => ({
  name: 'sip-server',
  async read(signal) {
    const { hostname, port } = new URL(`sip://${trunkAddress}`);
    const host = hostname.replace(/^\[|\]$/g, '');
    const answer = await sipOptions(host, port === '' ? 5060 : Number(port), signal);
    const telephony = await commands.send('telephony.status', {}, { timeoutMs: 2_000 }).catch(() => ({}));
    const header = (name: string): string => valueAfter(answer, name);
    return [
      {
        subject: `sip-server:${trunkAddress}`,
        kind: 'sip-server',
        facts: {
          name: header('Server') || header('User-Agent') || 'SIP server',
          address: host,
          port: port === '' ? 5060 : Number(port),
          status: Number(/^SIP\/2\.0 (\d{3})/.exec(answer)?.[1] ?? 0),
          allow: header('Allow'),
        },
        raw: JSON.stringify({ answer, telephony }),
      },
    ];
  },
});

async function sipOptions(host: string, port: number, signal: AbortSignal): Promise<string> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve) => socket.connect(port, host, resolve));
    const local = socket.address();
    const tag = randomBytes(6).toString('hex');
    const request = [
      `OPTIONS sip:${host}:${port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${local.address}:${local.port};branch=z9hG4bK${tag};rport`,
      'Max-Forwards: 70',
      `From: <sip:probe@${local.address}>;tag=${tag}`,
      `To: <sip:${host}:${port}>`,
      `Call-ID: ${tag}@${local.address}`,
      'CSeq: 1 OPTIONS',
      `Contact: <sip:probe@${local.address}:${local.port}>`,
      'Content-Length: 0',
      '',
      '',
    ].join('\r\n');
    return await new Promise<string>((resolve, reject) => {
      socket.on('message', (message) => {
        const text = message.toString();
        if (!text.startsWith('SIP/2.0 1')) resolve(text);
      });
      socket.on('error', reject);
      signal.addEventListener('abort', () => reject(new Error('cut')), { once: true });
      socket.send(request);
    });
  } finally {
    socket.close();
  }
}

export const documentStoreProbe = (mongo: Connection): Probe => ({
  name: 'document-store',
  async read() {
    const admin = mongo.db?.admin();
    if (admin === undefined) throw new Error('not connected');
    const [build, status] = await Promise.all([
      admin.command({ buildInfo: 1 }) as Promise<Record<string, unknown>>,
      admin.command({ serverStatus: 1 }).catch(() => ({})) as Promise<Record<string, unknown>>,
    ]);
    return [
      {
        subject: `document-store:${mongo.host}:${mongo.port}`,
        kind: 'document-store',
        facts: {
          name: 'MongoDB protocol',
          process: text(status['process']),
          address: mongo.host,
          port: mongo.port,
          version: text(build['version']),
          uptimeS: Number(status['uptime'] ?? 0),
        },
        raw: JSON.stringify({ build, status }),
      },
    ];
  },
});

export const objectStoreProbe = (objects: ObjectClient, config: Pick<Config, 'S3_ENDPOINT' | 'S3_BUCKET'>): Probe => ({
  name: 'object-store',
  async read(signal) {
    const [there, plain] = await Promise.all([
      objects.bucketExists(config.S3_BUCKET),
      fetch(config.S3_ENDPOINT, { signal, redirect: 'manual' }),
    ]);
    // Object Lock is queried, not assumed. A store without it answers with an error.
    const lock = await new Promise<string>((resolve) => {
      objects.getObjectLockConfig(config.S3_BUCKET, (error, answer) => resolve(error === null ? JSON.stringify(answer ?? '') : ''));
    });
    const { hostname, port, protocol } = new URL(config.S3_ENDPOINT);
    return [
      {
        subject: `object-store:${hostname}:${port}`,
        kind: 'object-store',
        facts: {
          name: plain.headers.get('server') ?? 'object store',
          address: hostname,
          port: Number(port === '' ? (protocol === 'https:' ? 443 : 80) : port),
          bucketExists: there,
          objectLock: lock.includes('Enabled') || lock.includes('mode'),
        },
        raw: JSON.stringify({ headers: Object.fromEntries(plain.headers), lock }),
      },
    ];
  },
});

/** For a group: its name and its current primary. It stays the same subject after a failover. */
async function liveStateServer(
  valkey: Redis,
  url: string,
): Promise<{ readonly subject: string; readonly host: string; readonly port: number }> {
  const address = valkeyAddress(url);
  if (address?.kind !== 'sentinel') {
    const { host, hostname, port } = new URL(url);
    return { subject: host, host: hostname, port: Number(port || 6379) };
  }
  const reached = / laddr=(\S+):(\d+) /.exec(String(await valkey.call('CLIENT', 'INFO')));
  return { subject: address.name, host: reached?.[1] ?? '', port: Number(reached?.[2] ?? 0) };
}

export const liveStateProbe = (valkey: Redis, url: string): Probe => ({
  name: 'live-state',
  async read() {
    const raw = await valkey.info();
    const field = (name: string): string => valueAfter(raw, name);
    const version = field('valkey_version');
    const { subject, host, port } = await liveStateServer(valkey, url);
    return [
      {
        subject: `live-state:${subject}`,
        kind: 'live-state',
        facts: {
          name: version === '' ? 'Redis' : 'Valkey',
          version: version || field('redis_version'),
          address: host,
          port,
          memoryBytes: Number(field('used_memory')),
          clients: Number(field('connected_clients')),
          persistent: field('aof_enabled') === '1',
        },
        raw,
      },
    ];
  },
});

/** The certificate that browsers get. */
export const certificateProbe = (file: string): Probe => ({
  name: 'certificate',
  async read() {
    const pem = await readFile(file, 'utf8');
    const certificate = new X509Certificate(pem);
    const facts: Facts = {
      subject: certificate.subject.replaceAll('\n', ', '),
      issuer: certificate.issuer.replaceAll('\n', ', '),
      validFrom: new Date(certificate.validFrom).toISOString(),
      validUntil: new Date(certificate.validTo).toISOString(),
      names: certificate.subjectAltName ?? '',
      sha256: certificate.fingerprint256,
    };
    return [{ subject: `certificate:${certificate.serialNumber}`, kind: 'certificate', facts, raw: pem }];
  },
});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
