import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { WrittenProvince } from '../../contracts/written-province.js';
import { network } from '../network/networks.js';
import { isOfThisMachine } from '../network/own-addresses.js';
import { valkeyAddress, withPasswords } from '../events/valkey-client.js';

export const processRoles = ['telephony', 'recorder', 'mixer', 'routing', 'cases', 'api'] as const;
export type ProcessRole = (typeof processRoles)[number];

const port = z.coerce.number().int().min(1).max(65_535);
const list = (text: string): string[] =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');

/** Every variable that the services read; `docs/reference/configuration.md` lists them. A secret may come as `NAME_FILE`. */
const Env = z
  .object({
    ROLES: z
      .string()
      .default(processRoles.join(','))
      .transform(list)
      .pipe(z.array(z.enum(processRoles)).nonempty()),
    PROOFLINE_HOME: z.string().min(1).default('.data'),
    SITE_TIME_ZONE: z.string().default('Asia/Shanghai').refine(isTimeZone, 'is not an IANA time zone'),
    LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info'),

    /** `redis://host:port`, or `sentinel://host:port,host:port,host:port/name`: the primary of the group that these sentinels watch. */
    VALKEY_URL: z
      .string()
      .refine((text) => valkeyAddress(text) !== undefined, 'must be redis://…, rediss://… or sentinel://host,host/name')
      .default('redis://127.0.0.1:6380'),
    VALKEY_PASSWORD: z.string().optional(),
    /** The password of the sentinels themselves, if they ask for one. */
    VALKEY_SENTINEL_PASSWORD: z.string().optional(),
    /** `mongodb://...`; a user's password comes from MONGODB_PASSWORD_FILE when it is not in the URI. */
    MONGODB_URI: z.string().startsWith('mongodb').default('mongodb://127.0.0.1:27018/proofline'),
    MONGODB_USER: z.string().optional(),
    MONGODB_PASSWORD: z.string().optional(),
    S3_ENDPOINT: z.url().default('http://127.0.0.1:9100'),
    S3_PUBLIC_ENDPOINT: z.url().optional(),
    S3_REGION: z.string().default('us-east-1'),
    S3_BUCKET: z.string().default('recordings'),
    S3_ACCESS_KEY: z.string().min(3),
    S3_SECRET_KEY: z.string().min(8),

    /** `tcp://host:port` of a drachtio admin interface. */
    DRACHTIO_URL: z.url().default('tcp://127.0.0.1:9022'),
    DRACHTIO_SECRET: z.string().min(8),
    /** ng interfaces, comma-separated `udp://host:port`. */
    RTPENGINE_URLS: z.string().default('udp://127.0.0.1:22222').transform(list).pipe(z.array(z.url()).nonempty()),
    /**
     * The own control addresses of the machines of a relay pair (`HEALTH_ADDRESS` of `infra/rtpengine/run.sh`), comma-separated
     * `udp://host:port`. They are only asked for a sign of life.
     */
    RELAY_MACHINES: z.string().default('').transform(list).pipe(z.array(z.url())),
    /**
     * `private`: the site guarantees that the network (or tunnel) to a relay on another machine is private. The control protocol carries
     * media keys unencrypted.
     */
    RELAY_CONTROL_NETWORK: z.enum(['none', 'private']).default('none'),
    /** Where rtpengine sends its DTMF log. Telephony listens here. */
    DTMF_LISTEN: z.string().default('127.0.0.1:22230'),
    RTPENGINE_PCAP_DIR: z.string().optional(),
    /**
     * Networks in which callers and seats are accepted although their addresses are loopback, link-local or those of this machine;
     * comma-separated, CIDR or single addresses. No media is sent to any other such address, whoever names it.
     */
    MEDIA_PEER_NETWORKS: z.string().default('').transform(list).pipe(z.array(network)),
    /** The address of the relay's `inner` interface, which no party can reach. */
    MEDIA_INNER_ADDRESS: z.string().default('127.0.0.2'),
    /** The WebSocket port of the SIP server. The web origin forwards `/sip` to it. */
    SIP_WEBSOCKET_URL: z.url().default('ws://127.0.0.1:5062'),
    /** The port that carriers reach; printed at start. */
    SIP_TRUNK_ADDRESS: z.string().default('127.0.0.1:5060'),
    /** Where test and practice calls come in: a UDP listener of the SIP server on its own port, used for nothing else. */
    SIP_TEST_ADDRESS: z
      .string()
      .regex(/:\d{1,5}$/)
      .default('127.0.0.1:5064'),
    /** The file that tells the embedded SIP server which trunks exist. Telephony writes it. A drachtio-server has none. */
    SIP_PEERS_FILE: z.string().min(1).optional(),
    SEAT_CODEC: z.enum(['pcma', 'opus']).default('pcma'),

    /** The local address and the port range of the recorder's and the mixer's sockets. */
    RECORDER_ADDRESS: z.string().default('127.0.0.2'),
    /** Whether copies go to the recorder by SRTP. `auto`: only when the relay is on another machine. */
    RECORDER_SRTP: z.enum(['auto', 'always', 'never']).default('auto'),
    RECORDER_PORT_MIN: port.default(46_000),
    RECORDER_PORT_MAX: port.default(48_999),
    MIXER_ADDRESS: z.string().default('127.0.0.2'),
    MIXER_PORT_MIN: port.default(49_000),
    MIXER_PORT_MAX: port.default(49_999),

    WEB_HOST: z.string().default('127.0.0.1'),
    WEB_PORT: port.default(8443),
    /** The port of the metrics for Prometheus in the api role; no metrics without it. */
    METRICS_PORT: port.optional(),
    METRICS_HOST: z.string().min(1).default('127.0.0.1'),
    /** The bearer token that a scraper must send. */
    METRICS_TOKEN: z.string().min(32).optional(),
    /** Networks of the proxies in front of the web, comma-separated. Only their `X-Forwarded-For` is trusted. */
    WEB_TRUSTED_PROXIES: z.string().default('').transform(list).pipe(z.array(network)),
    /** Without both files the web server listens without TLS, for a proxy in front or for a test. */
    TLS_CERT_FILE: z.string().optional(),
    TLS_KEY_FILE: z.string().optional(),
    /** PEM of the ES256 key that signs access tokens. Further keys after it are still accepted. */
    TOKEN_KEY: z.string().min(32),
    /** The file of TOKEN_KEY. It is read again when it changes, so that a new key needs no restart. */
    TOKEN_KEY_FILE: z.string().optional(),
    /** How long after its confirmation, or a change by somebody else, the person of an account decides nothing about others. */
    ACCOUNT_SETTLE_HOURS: z.coerce.number().min(1).max(720).default(24),
    /**
     * How long after the first account one person may set up the site alone; 0 when accounts need a second administrator from the start.
     */
    ACCOUNT_SETUP_HOURS: z.coerce.number().min(0).max(720).default(24),
    /** Who must use a second factor. */
    TOTP_REQUIRED: z.enum(['all-but-agents', 'all']).default('all-but-agents'),
    /** The OpenID Connect provider of the site. Without it there is no single sign-on. */
    OIDC_ISSUER: z.url({ protocol: /^https$/ }).optional(),
    OIDC_CLIENT_ID: z.string().min(1).optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    /** The claim whose value is the name of the account here. Single sign-on never creates accounts. */
    OIDC_CLAIM: z
      .string()
      .regex(/^\w{1,64}$/)
      .default('preferred_username'),
    /** Who ensures the second factor at single sign-on: the `amr` of the token decides, or the provider always requires one. */
    OIDC_SECOND_FACTOR: z.enum(['as-told', 'provider']).default('as-told'),
    /** `https://host[:port]`: the address of the pages in browsers. Required for single sign-on. */
    WEB_ORIGIN: z.url().optional(),
    /** The seats' SIP passwords are derived from it. */
    SEAT_KEY: z.string().min(16),
    /** Base64 of 32 bytes. It wraps the key of each recording and encrypts identity numbers. */
    MASTER_KEY: z.string().min(43),
    /**
     * Earlier master keys, comma-separated. The keys of recordings are wrapped again with the new one; then the earlier ones can be
     * removed.
     */
    MASTER_KEY_PREVIOUS: z
      .string()
      .optional()
      .transform((text) => list(text ?? '')),
    /**
     * How long the original of a consent is locked in the object store. Values below the retention of outbound recordings (30 days) are
     * refused.
     */
    CONSENT_KEEP_DAYS: z.coerce.number().int().min(30, 'recordings of outbound calls are kept for at least 30 days').default(1_096),
    /** How long messages between supervisors and agents are kept. */
    CHAT_KEEP_DAYS: z.coerce.number().int().min(1).default(184),
    /** How long rows of the audit log are kept. Values below the legal minimum are refused (six months, Cybersecurity Law Art. 23(3)). */
    AUDIT_KEEP_DAYS: z.coerce.number().int().min(184, 'the law requires six months: at least 184 days').default(1_096),
    /**
     * How long states of agents, decisions and reasons for waits are kept. For each call of the last six months an inspection asks why it
     * was routed as it was (records of operation, Cybersecurity Law Art. 23(3)), so lower values are refused. The default covers a year and
     * its report.
     */
    ROUTING_KEEP_DAYS: z.coerce.number().int().min(184, 'the law requires six months: at least 184 days').default(400),
    /** How long visits to queues and their sums are kept. A report may cover 400 days, so lower values are refused. */
    FIGURES_KEEP_DAYS: z.coerce.number().int().min(400, 'a report may cover 400 days').default(1_096),
    /** The password of the first administrator. It is read once, while no account exists. */
    ADMIN_PASSWORD: z.string().min(8).optional(),

    /** How long a lost seat may take to come back to its call. */
    SEAT_GRACE_MS: z.coerce.number().int().positive().default(20_000),
    /** The call ends after this long without a packet from the caller, because a failed network sends no BYE. */
    CALLER_SILENT_MS: z.coerce.number().int().min(1_000).default(60_000),
    RTPENGINE_PORT_MIN: port.default(40_000),
    RTPENGINE_PORT_MAX: port.default(44_999),
    /** Marks for the free space of the spool. */
    SPOOL_ALARM_FREE_BYTES: z.coerce.number().int().nonnegative().default(5_000_000_000),
    SPOOL_REFUSE_FREE_BYTES: z.coerce.number().int().nonnegative().default(500_000_000),
    /** Where the backup of each night is put. Without it none is made. */
    BACKUP_DIR: z.string().min(1).optional(),
    /** The hour of the site's time from which the nightly backup is made. */
    BACKUP_AT_HOUR: z.coerce.number().int().min(0).max(23).default(1),
    /** How many nightly backups are kept. */
    BACKUP_KEEP: z.coerce.number().int().min(1).max(1_000).default(14),
    /** Seals the secrets of a backup. */
    BACKUP_PASSPHRASE: z.string().min(12).optional(),
    /** The mail server for answers: `smtp://user@host:port`. A password comes by SMTP_URL_FILE. */
    SMTP_URL: z.string().startsWith('smtp').optional(),
    SMTP_FROM: z.string().optional(),
    /** A time-stamp authority (RFC 3161 over HTTP) that stamps the manifest of each evidence pack. Without it packs have no stamp. */
    EVIDENCE_TSA_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** One or two time-stamp authorities that stamp each sealed day sheet, comma-separated. docs/evidence.md explains the purpose. */
    WITNESS_TSA_URLS: z
      .string()
      .default('')
      .transform(list)
      .pipe(z.array(z.url({ protocol: /^https?$/ })).max(2)),
    /** People outside the company who receive the hash of each sealed day sheet by mail, comma-separated. Needs SMTP_URL. */
    WITNESS_MAIL_TO: z.string().default('').transform(list).pipe(z.array(z.email()).max(5)),
    /** The https address of a witness outside the company, which is sent a signed line for each sealed day sheet. */
    WITNESS_HTTPS_URL: z.url({ protocol: /^https$/ }).optional(),
    /** The root certificates (PEM) by which that witness is known. Without it, those that this machine trusts. */
    WITNESS_HTTPS_CA_FILE: z.string().min(1).optional(),
    /**
     * A file with switches, firewalls and UPS that answer SNMP. docs/evidence.md describes its form. Without it equipment is entered by
     * hand.
     */
    SNMP_TARGETS_FILE: z.string().min(1).optional(),
    /** Time servers (`host`, `host:port`), comma-separated. This machine's clock is compared with them every quarter of an hour. */
    NTP_SERVERS: z
      .string()
      .default('')
      .transform(list)
      .pipe(z.array(z.string().regex(/^[\w.:[\]-]{1,255}$/))),
    /** How far the clocks of machines, stores and time servers may differ before an alarm is raised (our figure). */
    CLOCK_DRIFT_LIMIT_MS: z.coerce.number().int().min(50).max(60_000).default(1_000),

    /** An SMS gateway that takes a signed JSON POST. */
    SMS_URL: z.url().optional(),
    SMS_SECRET: z.string().min(16).optional(),
    /** Alarms to a group robot of WeCom: its complete address, whose key is a secret. */
    ALARM_WECOM_URL: z.url({ protocol: /^https?$/ }).optional(),
    /** Alarms to a group robot of DingTalk, with signature. */
    ALARM_DINGTALK_URL: z.url({ protocol: /^https?$/ }).optional(),
    ALARM_DINGTALK_SECRET: z.string().min(8).optional(),
    /** Alarms to any other program of the site: a signed JSON POST. */
    ALARM_WEBHOOK_URL: z.url({ protocol: /^https?$/ }).optional(),
    ALARM_WEBHOOK_SECRET: z.string().min(16).optional(),
    /** How long recordings are held after a case was closed. Appeals come up to two years after the event. */
    COMPLAINT_HOLD_DAYS: z.coerce.number().int().min(730).max(36_500).default(730),
    /** Where complainants can appeal when they are not satisfied with an answer, as letters of answer name it. */
    COMPLAINT_APPEAL_CONTACT: z.string().trim().min(3).max(100).default('12300'),
    /** The folder into which a mail server puts complaints as `.eml` files (RFC 5322). Each becomes a case. */
    COMPLAINT_MAIL_FOLDER: z.string().min(1).optional(),
    /** The province of the site. It decides the deadline of a complaint when no other province is known. */
    SITE_PROVINCE: WrittenProvince.default('上海'),
    /** Creates demo numbers, a queue and agents at the first start. */
    DEMO_DATA: z.enum(['yes', 'no']).default('yes'),
    /** Compares each answer and failure of the HTTP interface with its contract, and fails when they differ. For tests. */
    API_CHECKS_ANSWERS: z.enum(['yes', 'no']).default('no'),
  })
  .refine((env) => env.RECORDER_PORT_MIN < env.RECORDER_PORT_MAX, {
    path: ['RECORDER_PORT_MAX'],
    message: 'must be above RECORDER_PORT_MIN',
  })
  .refine((env) => env.RELAY_CONTROL_NETWORK === 'private' || [...env.RTPENGINE_URLS, ...env.RELAY_MACHINES].every(isOnThisMachine), {
    path: ['RELAY_CONTROL_NETWORK'],
    message:
      'must be "private" where a relay is on another machine: its control protocol carries the media keys in clear, so its network must be private or a tunnel',
  })
  .refine((env) => env.OIDC_ISSUER === undefined || (env.OIDC_CLIENT_ID !== undefined && env.WEB_ORIGIN !== undefined), {
    path: ['OIDC_ISSUER'],
    message: 'needs OIDC_CLIENT_ID and WEB_ORIGIN',
  })
  .refine((env) => env.WITNESS_MAIL_TO.length === 0 || (env.SMTP_URL !== undefined && env.SMTP_FROM !== undefined), {
    path: ['WITNESS_MAIL_TO'],
    message: 'needs SMTP_URL and SMTP_FROM',
  })
  .refine((env) => (env.SMS_URL === undefined) === (env.SMS_SECRET === undefined), {
    path: ['SMS_SECRET'],
    message: 'SMS_URL and SMS_SECRET go together',
  })
  .refine((env) => (env.ALARM_DINGTALK_URL === undefined) === (env.ALARM_DINGTALK_SECRET === undefined), {
    path: ['ALARM_DINGTALK_SECRET'],
    message: 'ALARM_DINGTALK_URL and ALARM_DINGTALK_SECRET go together',
  })
  .refine((env) => (env.ALARM_WEBHOOK_URL === undefined) === (env.ALARM_WEBHOOK_SECRET === undefined), {
    path: ['ALARM_WEBHOOK_SECRET'],
    message: 'ALARM_WEBHOOK_URL and ALARM_WEBHOOK_SECRET go together',
  })
  .refine((env) => env.METRICS_PORT === undefined || env.METRICS_TOKEN !== undefined, {
    path: ['METRICS_TOKEN'],
    message: 'METRICS_PORT needs METRICS_TOKEN, at least 32 characters',
  })
  .refine((env) => env.BACKUP_DIR === undefined || env.BACKUP_PASSPHRASE !== undefined, {
    path: ['BACKUP_PASSPHRASE'],
    message: 'BACKUP_DIR needs BACKUP_PASSPHRASE_FILE, a file with a passphrase for the secrets',
  })
  .refine((env) => (env.TLS_CERT_FILE === undefined) === (env.TLS_KEY_FILE === undefined), {
    path: ['TLS_KEY_FILE'],
    message: 'TLS_CERT_FILE and TLS_KEY_FILE go together',
  });

function isOnThisMachine(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || isOfThisMachine(host);
}

const secrets = [
  'VALKEY_PASSWORD',
  'VALKEY_SENTINEL_PASSWORD',
  'OIDC_CLIENT_SECRET',
  'MONGODB_PASSWORD',
  'S3_ACCESS_KEY',
  'S3_SECRET_KEY',
  'DRACHTIO_SECRET',
  'TOKEN_KEY',
  'SEAT_KEY',
  'MASTER_KEY',
  'MASTER_KEY_PREVIOUS',
  'ADMIN_PASSWORD',
  'SMTP_URL',
  'SMS_SECRET',
  'ALARM_WECOM_URL',
  'ALARM_DINGTALK_URL',
  'ALARM_DINGTALK_SECRET',
  'ALARM_WEBHOOK_SECRET',
  'METRICS_TOKEN',
  'BACKUP_PASSPHRASE',
];

export type Config = Readonly<z.infer<typeof Env>>;

/**
 * Reads `NAME_FILE` as well as `NAME` for secrets, validates all variables and freezes the result. Throws one error that names every bad
 * variable and no value.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const given: Record<string, string | undefined> = { ...env };
  const problems: string[] = [];
  for (const name of secrets) {
    const file = env[`${name}_FILE`];
    if (file === undefined || file === '' || given[name] !== undefined) continue;
    try {
      given[name] = readFileSync(file, 'utf8').trim();
    } catch {
      problems.push(`${name}_FILE: the file cannot be read`);
    }
  }
  const known = Object.fromEntries(
    Object.keys(Env.shape).flatMap((name) => (given[name] === undefined || given[name] === '' ? [] : [[name, given[name]]])),
  );
  const parsed = Env.safeParse(known);
  if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`));
  if (!parsed.success || problems.length > 0)
    throw new Error(`Bad configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  const { VALKEY_URL, VALKEY_PASSWORD: password, VALKEY_SENTINEL_PASSWORD: sentinelPassword } = parsed.data;
  return Object.freeze({ ...parsed.data, VALKEY_URL: withPasswords(VALKEY_URL, { password, sentinelPassword }) });
}

/** The site's settings, for tools that are started without them. */
export interface GivenSettings {
  /** The configured variables. Secrets appear only as the paths of their files. */
  readonly values: Readonly<Record<string, string>>;
  /** Secrets that were set directly. A tool needs them in its own environment. */
  readonly secretsInEnvironment: readonly string[];
}

export function givenSettings(env: NodeJS.ProcessEnv): GivenSettings {
  const isSet = (name: string): boolean => env[name] !== undefined && env[name] !== '';
  const isSecret = (name: string): boolean => secrets.includes(name) || /\/\/[^/@]*:[^/@]*@|[?&]password=/.test(env[name] ?? '');
  const names = [...new Set([...Object.keys(Env.shape), ...secrets.map((name) => `${name}_FILE`)])].filter(isSet);
  return {
    values: Object.fromEntries(names.flatMap((name) => (isSecret(name) ? [] : [[name, env[name] ?? '']]))),
    secretsInEnvironment: names.filter(isSecret),
  };
}

/** The only place that reads `process.env`. */
export const readProcessConfig = (): Config => readConfig(process.env);

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
