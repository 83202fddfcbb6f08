import { resolve } from 'node:path';
import { z } from 'zod';
import type { IsolationMode } from '../processes/isolation.js';
import { roles, type Role } from './roles.js';
import { portNames, portRules, type PortName } from './ports.js';

const port = z.coerce.number().int().min(1).max(65_535);
const address = z.string().regex(/^[\w.:-]+$/, 'is not an address');

const portVariables = Object.fromEntries(portNames.map((name) => [portRules[name].variable, port.optional()]));

const Env = z.object({
  PROOFLINE_HOME: z.string().min(1).default('.data'),
  /** `roles`: one process per role; `one`: all roles in one process, for a small machine. */
  PROOFLINE_LAYOUT: z.enum(['roles', 'one']).default('roles'),
  /** Roles of this machine, comma-separated, when a site has several machines. */
  ROLES: z
    .string()
    .default(roles.join(','))
    .transform((text) => text.split(',').map((name) => name.trim()))
    .pipe(z.array(z.enum(roles)).nonempty()),
  PROOFLINE_PORT_BASE: z.union([z.literal('auto'), z.coerce.number().int().min(1024).max(64_000)]).optional(),
  /** How many seconds a stop waits for calls to end; calls that are still live are then hung up. */
  STOP_DRAIN_S: z.coerce.number().int().min(0).max(86_400).default(60),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),

  /** How long process logs are kept. Less than the law asks (six months, Cybersecurity Law Art. 23(3)) is refused. */
  LOG_KEEP_DAYS: z.coerce.number().int().min(184, 'the law requires six months: at least 184 days').default(200),
  /** Disk space that all logs together may take. */
  LOG_DISK_BYTES: z.coerce.number().int().min(100_000_000).default(5_000_000_000),

  WEB_HOST: address.default('127.0.0.1'),
  /** Where SIP trunks reach us. */
  SIP_HOST: address.default('127.0.0.1'),
  /** Where the web origin brings seats to the SIP server: an address of this machine, where the origin is on another. */
  SIP_WEBSOCKET_HOST: address.default('127.0.0.1'),
  /** Certificate of the SIP server for trunks over TLS: with it a listener of their own opens, and calls to them can leave. PEM. */
  SIP_TLS_CERT_FILE: z.string().optional(),
  SIP_TLS_KEY_FILE: z.string().optional(),
  /** Authorities that vouch for carriers, in place of those that Node.js brings and of TLS_CA_FILE. PEM. */
  SIP_TLS_CA_FILE: z.string().optional(),
  /** Address of the relay's media; RTPENGINE_INTERFACE takes rtpengine's own notation instead. */
  MEDIA_ADDRESS: address.default('127.0.0.1'),
  RTPENGINE_INTERFACE: z.string().min(1).optional(),
  /** Other users of this machine are kept from the ports of stores, SIP administration and relay (nftables). */
  PROOFLINE_ISOLATE: z.enum(['auto', 'yes', 'no']).default('auto'),
  /** Address of the relay's interface `inner`, of the recorder and of the mixer: no party sends media to it. */
  MEDIA_INNER_ADDRESS: address.default('127.0.0.2'),
  /** Networks in which parties may be although they are loopback or this machine; the roles check the format. */
  MEDIA_PEER_NETWORKS: z.string().optional(),
  /** More names and addresses, comma-separated, for the certificate that is made here. */
  TLS_NAMES: z.string().default(''),
  TLS_CERT_FILE: z.string().optional(),
  TLS_KEY_FILE: z.string().optional(),
  /** Authorities of the site that every outgoing TLS connection trusts, beside those that Node.js brings. PEM. */
  TLS_CA_FILE: z.string().optional(),

  /** Whether the Valkey that is started here also listens on a socket in the folder of the installation. */
  VALKEY_SOCKET: z.enum(['yes', 'no']).default('yes'),
  VALKEY_URL: z.string().optional(),
  VALKEY_PASSWORD: z.string().optional(),
  VALKEY_PASSWORD_FILE: z.string().optional(),
  /** Database of the live state in which this machine's relay keeps its calls. No two relays share one. */
  RTPENGINE_VALKEY_DB: z.coerce.number().int().min(1).max(15).default(1),
  MONGODB_URI: z.string().optional(),
  S3_ENDPOINT: z.string().optional(),
  DRACHTIO_URL: z.string().optional(),
  RTPENGINE_URLS: z.string().optional(),
  /** Where telephony hears the keys of a relay that is elsewhere; the roles have the same usual value. */
  DTMF_LISTEN: z
    .string()
    .default('127.0.0.1:22230')
    .transform((text, check) => {
      const [, host, digits] = /^(.+):(\d+)$/.exec(text) ?? [];
      const number = port.safeParse(digits);
      if (host !== undefined && number.success) return { host, port: number.data };
      check.addIssue({ code: 'custom', message: 'is not host:port' });
      return z.NEVER;
    }),
});

const LOOPBACK = '127.0.0.0/8,::1/128';
const isLoopback = (host: string): boolean => host.startsWith('127.') || host === '::1';

const ownRelay = ({ RTPENGINE_URLS, RTPENGINE_INTERFACE }: z.infer<typeof Env>): boolean =>
  RTPENGINE_URLS === undefined && RTPENGINE_INTERFACE === undefined;

/** `outer` and `inner`, as the roles name them; a site that names interfaces itself may leave out the inner one. */
function interfacesOf(given: string, innerAddress: string): string[] {
  const interfaces = given.split(';').filter((each) => each !== '');
  const named = interfaces.map((each) => (each.includes('/') ? each : `outer/${each}`));
  return named.some((each) => each.startsWith('inner/')) ? named : [...named, `inner/${innerAddress}`];
}

export interface Settings {
  /** Absolute. */
  readonly home: string;
  readonly layout: 'roles' | 'one';
  readonly roles: readonly Role[];
  readonly portBase: number | 'auto' | undefined;
  readonly givenPorts: Readonly<Partial<Record<PortName, number>>>;
  readonly stopDrainMs: number;
  readonly logLevel: string;
  readonly logKeepDays: number;
  readonly logDiskBytes: number;
  readonly webHost: string;
  readonly sipHost: string;
  readonly sipWebSocketHost: string;
  readonly sipTls: { readonly certFile: string; readonly keyFile: string; readonly caFile: string | undefined } | undefined;
  /** Each in rtpengine's notation. */
  readonly mediaInterfaces: readonly string[];
  readonly mediaInnerAddress: string;
  readonly mediaPeerNetworks: string;
  /** Where telephony hears the keys of a relay that is elsewhere. */
  readonly dtmfListen: { readonly host: string; readonly port: number };
  readonly isolate: IsolationMode;
  readonly mediaAddress: string;
  readonly tlsNames: readonly string[];
  /** The site's live state, if this machine's relay can store its calls there; the relay needs plain TCP for that. */
  readonly relayMemory: RelayMemory | undefined;
  readonly relayMemoryDb: number;
  readonly valkeySocket: boolean;
  readonly authoritiesFile: string | undefined;
  readonly ownCertificate: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** Parts that run elsewhere: the variable is set, so nothing is started for it. */
  readonly elsewhere: {
    readonly valkey: boolean;
    readonly documents: boolean;
    readonly objects: boolean;
    readonly sip: boolean;
    readonly rtpengine: boolean;
  };
}

export interface RelayMemory {
  readonly host: string;
  readonly port: number;
  readonly password: { readonly text: string } | { readonly file: string } | undefined;
}

function relayMemoryOf({ VALKEY_URL, VALKEY_PASSWORD, VALKEY_PASSWORD_FILE }: z.infer<typeof Env>): RelayMemory | undefined {
  if (VALKEY_URL === undefined || !URL.canParse(VALKEY_URL)) return undefined;
  const { protocol, hostname, port, password } = new URL(VALKEY_URL);
  if (protocol !== 'redis:') return undefined;
  const text = password === '' ? VALKEY_PASSWORD : decodeURIComponent(password);
  const file = VALKEY_PASSWORD_FILE === undefined ? undefined : { file: resolve(VALKEY_PASSWORD_FILE) };
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 6379 : Number(port),
    password: text === undefined ? file : { text },
  };
}

function sipTlsOf({ SIP_TLS_CERT_FILE, SIP_TLS_KEY_FILE, SIP_TLS_CA_FILE }: z.infer<typeof Env>): Settings['sipTls'] {
  if (SIP_TLS_CERT_FILE === undefined || SIP_TLS_KEY_FILE === undefined) return undefined;
  return {
    certFile: resolve(SIP_TLS_CERT_FILE),
    keyFile: resolve(SIP_TLS_KEY_FILE),
    caFile: SIP_TLS_CA_FILE === undefined ? undefined : resolve(SIP_TLS_CA_FILE),
  };
}

/** Reads what the supervisor needs. Throws one error that names every bad variable; the roles read and check the rest themselves. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  // An empty variable counts as unset: compose files and unit files cannot express that otherwise.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Env.safeParse(given);
  const ports = z.object(portVariables).safeParse(given);
  const problems = [...(parsed.error?.issues ?? []), ...(ports.error?.issues ?? [])].map(
    (issue) => `  ${issue.path.join('.')}: ${issue.message}`,
  );
  if (parsed.data !== undefined && (parsed.data.TLS_CERT_FILE === undefined) !== (parsed.data.TLS_KEY_FILE === undefined))
    problems.push('  TLS_KEY_FILE: TLS_CERT_FILE and TLS_KEY_FILE go together');
  if (parsed.data !== undefined && (parsed.data.SIP_TLS_CERT_FILE === undefined) !== (parsed.data.SIP_TLS_KEY_FILE === undefined))
    problems.push('  SIP_TLS_KEY_FILE: SIP_TLS_CERT_FILE and SIP_TLS_KEY_FILE go together');
  if (parsed.data === undefined || ports.data === undefined || problems.length > 0)
    throw new Error(`Bad configuration:\n${problems.join('\n')}`);
  const { data } = parsed;
  const givenPorts: Partial<Record<PortName, number>> = {};
  for (const name of portNames) {
    const value = ports.data[portRules[name].variable];
    if (value !== undefined) givenPorts[name] = value;
  }
  return {
    home: resolve(data.PROOFLINE_HOME),
    layout: data.PROOFLINE_LAYOUT,
    roles: data.ROLES,
    portBase: data.PROOFLINE_PORT_BASE,
    givenPorts,
    stopDrainMs: data.STOP_DRAIN_S * 1_000,
    logLevel: data.LOG_LEVEL,
    logKeepDays: data.LOG_KEEP_DAYS,
    logDiskBytes: data.LOG_DISK_BYTES,
    webHost: data.WEB_HOST,
    sipHost: data.SIP_HOST,
    sipWebSocketHost: data.SIP_WEBSOCKET_HOST,
    sipTls: sipTlsOf(data),
    mediaAddress: data.MEDIA_ADDRESS,
    mediaInterfaces: interfacesOf(data.RTPENGINE_INTERFACE ?? data.MEDIA_ADDRESS, data.MEDIA_INNER_ADDRESS),
    mediaInnerAddress: data.MEDIA_INNER_ADDRESS,
    // An installation with its media on loopback is a trial or a test: its parties are on this machine.
    mediaPeerNetworks: data.MEDIA_PEER_NETWORKS ?? (ownRelay(data) && isLoopback(data.MEDIA_ADDRESS) ? LOOPBACK : ''),
    dtmfListen: data.DTMF_LISTEN,
    isolate: data.PROOFLINE_ISOLATE,
    tlsNames: data.TLS_NAMES.split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
    relayMemory: relayMemoryOf(data),
    relayMemoryDb: data.RTPENGINE_VALKEY_DB,
    valkeySocket: data.VALKEY_SOCKET === 'yes',
    authoritiesFile: data.TLS_CA_FILE === undefined ? undefined : resolve(data.TLS_CA_FILE),
    ownCertificate:
      data.TLS_CERT_FILE === undefined || data.TLS_KEY_FILE === undefined
        ? undefined
        : { certFile: resolve(data.TLS_CERT_FILE), keyFile: resolve(data.TLS_KEY_FILE) },
    elsewhere: {
      valkey: data.VALKEY_URL !== undefined,
      documents: data.MONGODB_URI !== undefined,
      objects: data.S3_ENDPOINT !== undefined,
      sip: data.DRACHTIO_URL !== undefined,
      rtpengine: data.RTPENGINE_URLS !== undefined,
    },
  };
}
