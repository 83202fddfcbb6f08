import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ntpProbe } from '../../services/inventory/index.js';
import { openValkey, serversOf, valkeyAddress } from '../../services/shared/platform/events/valkey-client.js';
import { createNgClient } from '../../services/shared/platform/network/rtpengine-ng.js';
import type { Config } from '../../services/shared/platform/settings/config.js';
import { connectMongo } from '../../services/shared/platform/stores/mongo.js';
import type { Check, Finding } from './finding.js';
import { daysLeft, isTooShort, reasonOf } from './local-checks.js';

const ANSWER_WITHIN_MS = 3_000;
/** Each call waits for the live state and the relay some dozen times. */
const ROUND_TRIP_LIMIT_MS = 20;
const ROUND_TRIPS = 5;

/** A server of the site, as a setting names it. */
export interface Server {
  readonly host: string;
  readonly port: number;
  readonly isTls: boolean;
  readonly ask: (signal: AbortSignal) => Promise<void>;
  /** The setting with its user or password. */
  readonly variable: string;
}

/** The servers that this site runs itself, each with a question that only the right server answers. */
export function serversOfSite(config: Config, given: (name: string) => boolean): Server[] {
  const servers: Server[] = [];
  if (given('VALKEY_URL')) {
    const address = valkeyAddress(config.VALKEY_URL);
    const isTls = config.VALKEY_URL.startsWith('rediss:');
    for (const at of address === undefined ? [] : serversOf(address))
      servers.push({ ...at, isTls, variable: 'VALKEY_PASSWORD_FILE', ask: () => askValkey(config.VALKEY_URL) });
  }
  if (given('S3_ENDPOINT'))
    servers.push({ ...placeOf(config.S3_ENDPOINT), variable: 'S3_ACCESS_KEY_FILE', ask: (signal) => askObjects(config, signal) });
  if (given('DRACHTIO_URL')) {
    const at = placeOf(config.DRACHTIO_URL);
    servers.push({ ...at, variable: 'DRACHTIO_SECRET_FILE', ask: () => askTcp(at) });
  }
  if (given('RTPENGINE_URLS'))
    for (const url of config.RTPENGINE_URLS) servers.push({ ...placeOf(url), variable: 'RTPENGINE_URLS', ask: () => askRelay(url) });
  return servers;
}

function placeOf(url: string): { readonly host: string; readonly port: number; readonly isTls: boolean } {
  const { hostname, port, protocol } = new URL(url);
  const isTls = protocol === 'https:' || protocol === 'tls:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? (isTls ? 443 : 80) : Number(port), isTls };
}

async function askValkey(url: string): Promise<void> {
  const client = openValkey(url, { maxRetriesPerRequest: 0 });
  try {
    await client.ping();
  } finally {
    client.disconnect();
  }
}

async function askObjects({ S3_ENDPOINT }: Config, signal: AbortSignal): Promise<void> {
  await fetch(S3_ENDPOINT, { method: 'HEAD', redirect: 'manual', signal });
}

const askTcp = ({ host, port }: { readonly host: string; readonly port: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, host, () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });

async function askRelay(url: string): Promise<void> {
  const client = createNgClient(url);
  try {
    await client.send({ command: 'ping' }, { timeoutMs: ANSWER_WITHIN_MS });
  } finally {
    client.close();
  }
}

/** The outcome of a question within the time that it may take. */
async function inTime<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const late = new Promise<never>((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' })), { once: true }),
  );
  return Promise.race([ask(signal), late]);
}

const REFUSED = /NOAUTH|WRONGPASS|Authentication failed|not authorized|requires authentication/i;

/** Whether the server answers, and how far away it is: the median of some questions, of which each makes its own connection. */
export async function checkServer({ host, port, ask, variable }: Server): Promise<Finding> {
  const subject = `${host}:${port}`;
  const finding = (code: Finding['code'], facts: Finding['facts']): Finding => ({ check: 'servers', subject, code, facts });
  try {
    const tookMs: number[] = [];
    for (let i = 0; i < ROUND_TRIPS; i += 1) {
      const sinceMs = performance.now();
      await inTime(ask);
      tookMs.push(performance.now() - sinceMs);
    }
    const roundTripMs = Math.ceil(Math.min(...tookMs));
    if (roundTripMs > ROUND_TRIP_LIMIT_MS) return finding('server-far', { roundTripMs, limitMs: ROUND_TRIP_LIMIT_MS });
    return finding('server-answers', { roundTripMs });
  } catch (error) {
    const text = error instanceof Error ? error.message : '';
    return REFUSED.test(text) ? finding('server-refuses', { variable }) : finding('server-silent', { reason: reasonOf(error) });
  }
}

/** The document store: whether it lets us in and takes writes, and how far its clock is from this one. */
export async function checkDocuments(config: Config, nowMs: () => number): Promise<Finding[]> {
  const subject = new URL(config.MONGODB_URI.split(',')[0] ?? config.MONGODB_URI).host;
  const finding = (check: Check, code: Finding['code'], facts: Finding['facts']): Finding => ({ check, subject, code, facts });
  try {
    const mongo = await connectMongo(config);
    try {
      const sinceMs = performance.now();
      const sentAtMs = nowMs();
      const hello = await mongo.db?.admin().command({ hello: 1 });
      const roundTripMs = Math.ceil(performance.now() - sinceMs);
      if (hello?.['isWritablePrimary'] !== true) return [finding('servers', 'store-no-primary', {})];
      // Only somebody who was let in may ask this.
      await mongo.db?.listCollections().toArray();
      const theirsMs = hello['localTime'] instanceof Date ? hello['localTime'].getTime() : sentAtMs;
      return [
        roundTripMs > ROUND_TRIP_LIMIT_MS
          ? finding('servers', 'server-far', { roundTripMs, limitMs: ROUND_TRIP_LIMIT_MS })
          : finding('servers', 'server-answers', { roundTripMs }),
        clockFinding(subject, theirsMs - (sentAtMs + nowMs()) / 2, config.CLOCK_DRIFT_LIMIT_MS),
      ];
    } finally {
      await mongo.close();
    }
  } catch (error) {
    const isRefused = error instanceof Error && REFUSED.test(error.message);
    return [
      isRefused
        ? finding('servers', 'server-refuses', { variable: 'MONGODB_USER, MONGODB_PASSWORD_FILE' })
        : finding('servers', 'server-silent', { reason: error instanceof Error ? error.name : 'unknown' }),
    ];
  }
}

function clockFinding(subject: string, offset: number, limitMs: number): Finding {
  const offsetMs = Math.round(Math.abs(offset));
  return { check: 'clocks', subject, code: offsetMs > limitMs ? 'clock-wrong' : 'clock-right', facts: { offsetMs, limitMs } };
}

/** The clock of this machine beside those of the site's time servers. */
export async function checkClocks({ NTP_SERVERS, CLOCK_DRIFT_LIMIT_MS }: Config): Promise<Finding[]> {
  if (NTP_SERVERS.length === 0) return [{ check: 'clocks', subject: 'NTP_SERVERS', code: 'no-time-server', facts: {} }];
  return Promise.all(
    NTP_SERVERS.map(async (server): Promise<Finding> => {
      try {
        const [reading] = await inTime((signal) => ntpProbe(server).read(signal));
        return clockFinding(server, Number(reading?.facts['offsetMs']), CLOCK_DRIFT_LIMIT_MS);
      } catch (error) {
        return { check: 'clocks', subject: server, code: 'time-server-silent', facts: { reason: reasonOf(error) } };
      }
    }),
  );
}

/** Each name, once. Addresses need no name server. */
export async function checkNames(hosts: readonly string[]): Promise<Finding[]> {
  const names = [...new Set(hosts)].filter((host) => isIP(host) === 0);
  return Promise.all(
    names.map(async (subject): Promise<Finding> => {
      try {
        const found = await inTime(() => lookup(subject, { all: true }));
        return { check: 'names', subject, code: 'name-found', facts: { addresses: found.map(({ address }) => address).join(', ') } };
      } catch (error) {
        return { check: 'names', subject, code: 'name-unknown', facts: { reason: reasonOf(error) } };
      }
    }),
  );
}

/** The certificate of a server that is reached by TLS: trusted, for its name, and valid for long enough. */
export async function checkServerCertificate({ host, port }: Pick<Server, 'host' | 'port'>, nowMs: number): Promise<Finding> {
  const finding = (code: Finding['code'], facts: Finding['facts']): Finding => ({
    check: 'certificates',
    subject: `${host}:${port}`,
    code,
    facts,
  });
  try {
    const validTo = await inTime(
      () =>
        new Promise<string>((resolve, reject) => {
          const socket = connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) }, () => {
            resolve(socket.getPeerCertificate().valid_to);
            socket.destroy();
          });
          socket.on('error', reject);
        }),
    );
    const days = daysLeft(validTo, nowMs);
    return isTooShort(days) ? finding('certificate-ends', { days }) : finding('certificate-good', { days });
  } catch (error) {
    return finding('certificate-unreadable', { reason: reasonOf(error) });
  }
}

const CARRIER = /^(?:\[([0-9a-fA-F:]+)\]|([\w.-]+)):(\d{1,5})$/;

/** `host:port` of a carrier; undefined for any other text. */
export function carrierOf(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, six, host = six, port] = CARRIER.exec(text) ?? [];
  return host === undefined || Number(port) > 65_535 ? undefined : { host, port: Number(port) };
}

const REPEATED_AFTER_MS = 500;

/** Asks a carrier by OPTIONS over UDP, from the address at which it will meet the site. Whatever it answers, it lets the site in. */
export async function checkCarrier(text: string, from: string): Promise<Finding> {
  const at = carrierOf(text);
  const finding = (code: Finding['code'], facts: Finding['facts'] = {}): Finding => ({ check: 'carriers', subject: text, code, facts });
  if (at === undefined) return finding('carrier-unknown');
  const isSix = isIP(at.host) === 6;
  const socket = createSocket(isSix ? 'udp6' : 'udp4');
  let repeat: NodeJS.Timeout | undefined;
  try {
    const sinceMs = performance.now();
    const status = await inTime(
      () =>
        new Promise<string>((resolve, reject) => {
          socket.on('error', reject);
          socket.on('message', (packet) => {
            const [, found] = /^SIP\/2\.0 (\d{3})/.exec(packet.toString('latin1')) ?? [];
            if (found !== undefined) resolve(found);
          });
          socket.bind(0, from, () => {
            const { port } = socket.address();
            const text = optionsTo(at, `${isIP(from) === 6 ? `[${from}]` : from}:${port}`);
            const send = (): void => socket.send(text, at.port, at.host, (error) => (error === null ? undefined : reject(error)));
            send();
            repeat = setInterval(send, REPEATED_AFTER_MS);
          });
        }),
    );
    return finding('carrier-answers', { status, roundTripMs: Math.ceil(performance.now() - sinceMs) });
  } catch {
    return finding('carrier-silent');
  } finally {
    clearInterval(repeat);
    socket.close();
  }
}

/** RFC 3261 section 11.1. */
function optionsTo({ host, port }: { readonly host: string; readonly port: number }, here: string): string {
  const uri = `sip:${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const id = randomBytes(8).toString('hex');
  return [
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${here};rport;branch=z9hG4bK${id}`,
    'Max-Forwards: 70',
    `From: <sip:check@${here}>;tag=${id}`,
    `To: <${uri}>`,
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    `Contact: <sip:check@${here}>`,
    'Accept: application/sdp',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
