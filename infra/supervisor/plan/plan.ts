import type { NetConnectOpts } from 'node:net';
import { join } from 'node:path';
import { AFTER_CALLS } from '../../../services/shared/platform/processes/niceness.js';
import type { CertificateFiles } from '../certificates/certificate.js';
import type { Home } from './home.js';
import type { IsolationState } from '../processes/isolation.js';
import type { Binding, Ports } from './ports.js';
import { RELAY_READING } from './relay-reading.js';
import type { Role } from './roles.js';
import type { SecretPaths } from './secrets.js';
import type { Settings } from './settings.js';

/** How a process shows that it works. */
export type Readiness =
  /** One line of JSON with `"ready":true` on stdout. */
  | { readonly kind: 'json-line' }
  /** `PING` answered by `+PONG`, after the password. */
  | { readonly kind: 'valkey'; readonly at: NetConnectOpts; readonly passwordFile: string }
  /** The ng command `ping`, answered. */
  | { readonly kind: 'rtpengine'; readonly url: string }
  /** `ready` over the IPC channel; afterwards it answers `health?`. */
  | { readonly kind: 'role' };

/** One process to be kept alive. */
export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the supervisor's own environment. Secrets are passed as files only. */
  readonly env: Readonly<Record<string, string>>;
  /** For programs that take a secret only from the environment: the variable, and the file that it is read from at each start. */
  readonly secretEnv?: Readonly<Record<string, string>>;
  /** A folder of captures. Its content is moved aside before each start, because the program overwrites its earlier captures. */
  readonly capturesFolder?: string;
  readonly readiness: Readiness;
  /** All of a stage start together, after the stage before is ready; they stop in reverse. */
  readonly stage: number;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
  /** Calls depend on it: before the product ends it is drained, and it is informed that no successor comes. */
  readonly holdsCalls?: boolean;
  /** Set for work that may wait while the machine is busy: calls come first. */
  readonly niceness?: number;
}

/** All processes in the order of their stages; nothing is started or looked up here. */
export interface Plan {
  readonly processes: readonly ProcessPlan[];
  /** Ports that must be free before the first process starts. */
  readonly bindings: readonly Binding[];
  /** The environment of the roles; tools that talk to this installation use the same. */
  readonly roleEnv: Readonly<Record<string, string>>;
  readonly urls: Readonly<Record<string, string>>;
  /** Set once the rules are in place, before the first process starts. */
  readonly isolation?: IsolationState;
}

export interface PlanInput {
  readonly settings: Settings;
  readonly ports: Ports;
  readonly home: Home;
  readonly secrets: SecretPaths;
  /** The socket on which our own Valkey listens, beside its port or instead of it; undefined means only the port. */
  readonly valkeySocket?: string | undefined;
  readonly certificate: CertificateFiles;
  /** The site's authorities, as they were read at this start. */
  readonly authoritiesFile?: string | undefined;
  /** Folder of the compiled server. */
  readonly dist: string;
  readonly node: string;
}

/** Roles that face callers and people start after those they depend on. */
const roleStage: Readonly<Record<Role, number>> = {
  recorder: 2,
  mixer: 2,
  routing: 2,
  telephony: 3,
  api: 3,
  // Its first actions are written to the audit chain, which the api role serves.
  cases: 4,
};

export const makePlan = (input: PlanInput): Plan => {
  const roleEnv = environmentOfRoles(input);
  return {
    processes: [...stores(input), ...media(input), ...sip(input), ...roleProcesses(input, roleEnv)],
    bindings: bindingsOf(input),
    roleEnv,
    urls: urlsOf(input),
  };
};

const loopback = '127.0.0.1';

/** Every server that a Node.js process connects to by TLS is checked against these too, unless that client names its own. */
const trustOf = ({ authoritiesFile }: PlanInput): Readonly<Record<string, string>> =>
  authoritiesFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: authoritiesFile };

/** Valkey exits when the named locale is not installed; this one is part of every system. */
const plainLocale = { LC_ALL: 'C.UTF-8' };

/** The roles use its socket, which costs less per write; of all its clients only the relay supports no sockets. */
const valkeyHasPort = ({ settings, valkeySocket }: PlanInput): boolean =>
  !settings.elsewhere.valkey && (valkeySocket === undefined || !settings.elsewhere.rtpengine);

/** The URL as the roles read it. It names the port beside the socket, because no party of a call may be at that port. */
function valkeyUrl(input: PlanInput): string {
  const { ports, valkeySocket } = input;
  const url = `redis://${loopback}:${valkeyHasPort(input) ? ports.valkey : 0}`;
  return valkeySocket === undefined ? url : `${url}?path=${encodeURIComponent(valkeySocket)}`;
}

function stores(input: PlanInput): ProcessPlan[] {
  const { settings, ports, home, secrets, valkeySocket, dist, node } = input;
  // A store that reads its log after a crash may take a long time.
  const common = { env: {}, stage: 0, readyWithinMs: 120_000, stopWithinMs: 10_000 };
  const processes: ProcessPlan[] = [];
  if (!settings.elsewhere.valkey)
    processes.push({
      ...common,
      env: plainLocale,
      name: 'valkey',
      command: 'valkey-server',
      args: [
        // The password stands in this file and never in the arguments, which every user of the machine can read.
        secrets.valkeyConfig,
        ...['--bind', loopback, '--port', valkeyHasPort(input) ? String(ports.valkey) : '0'],
        ...(valkeySocket === undefined ? [] : ['--unixsocket', valkeySocket, '--unixsocketperm', '700']),
        ...['--dir', home.valkey, '--daemonize', 'no'],
        // At most a second of live state is lost with the machine; call records and the ledger do not depend on it.
        ...['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', '', '--loglevel', 'notice'],
        // A full memory must refuse writes, never forget state by itself.
        ...['--maxmemory-policy', 'noeviction'],
      ],
      readiness: {
        kind: 'valkey',
        at: valkeySocket === undefined ? { host: loopback, port: ports.valkey } : { path: valkeySocket },
        passwordFile: secrets.valkey,
      },
    });
  if (!settings.elsewhere.documents)
    processes.push({
      ...common,
      name: 'documents',
      command: node,
      args: [
        join(dist, 'infra', 'embedded', 'documents', 'main.js'),
        ...['--listen', `${loopback}:${ports.documents}`, '--data', home.documents],
        ...['--user', documentsUser, '--password-file', secrets.documents],
      ],
      readiness: { kind: 'json-line' },
    });
  if (!settings.elsewhere.objects)
    processes.push({
      ...common,
      name: 'objects',
      niceness: AFTER_CALLS,
      command: node,
      args: [
        join(dist, 'infra', 'embedded', 'objects', 'main.js'),
        ...['--listen', `${loopback}:${ports.objects}`, '--data', home.objects, '--credentials-file', secrets.s3Credentials],
      ],
      readiness: { kind: 'json-line' },
    });
  return processes;
}

const documentsUser = 'proofline';

/**
 * The relay's calls in the live state, so that a restarted relay goes on with them. It waits for the live state within each command:
 * without these limits its control would hang as long as the live state hangs.
 */
function relayMemory({ settings, ports, secrets }: PlanInput): Pick<ProcessPlan, 'args' | 'env' | 'secretEnv'> {
  const { elsewhere, relayMemory: given } = settings;
  if (elsewhere.valkey && given === undefined) return { args: [], env: {} };
  const { host, port, password } = given ?? { host: loopback, port: ports.valkey, password: { file: secrets.valkey } };
  return {
    args: [
      `--redis=${uriHost(host)}:${port}/${settings.relayMemoryDb}`,
      ...['--redis-cmd-timeout=100', '--redis-connect-timeout=100', '--redis-allowed-errors=1', '--redis-disable-time=5'],
    ],
    env: password !== undefined && 'text' in password ? { [RELAY_PASSWORD]: password.text } : {},
    ...(password !== undefined && 'file' in password ? { secretEnv: { [RELAY_PASSWORD]: password.file } } : {}),
  };
}
const RELAY_PASSWORD = 'RTPENGINE_REDIS_AUTH_PW';

/**
 * Each write of a leg to the live state makes some thousand small allocations: with the C library's own allocator they are a third of the
 * relay's work on a call. The loader goes on without a library that is not installed.
 */
const manySmallPieces = { LD_PRELOAD: 'libjemalloc.so.2' };

function media(input: PlanInput): ProcessPlan[] {
  const { settings, ports, home } = input;
  if (settings.elsewhere.rtpengine) return [];
  const memory = relayMemory(input);
  return [
    {
      name: 'rtpengine',
      command: 'rtpengine',
      args: [
        ...['--config-file=none', '--table=-1', '--foreground', '--log-stderr', '--log-level=4', '--num-threads=2'],
        // Parties send media to one interface; inner legs, copies and the mixer use the other, which no network reaches.
        ...settings.mediaInterfaces.map((each) => `--interface=${each}`),
        // No command line and no HTTP: both take orders from anybody who can reach them.
        `--listen-ng=${loopback}:${ports.rtpengineNg}`,
        ...[`--port-min=${ports.rtpMin}`, `--port-max=${ports.rtpMax}`],
        // A held call or an idle seat sends nothing for long; signalling and polling detect the end of a call, not this timeout.
        ...['--timeout=3600', '--silent-timeout=7200'],
        RELAY_READING,
        ...['--measure-rtp', '--mos=CQ', `--dtmf-log-dest=${loopback}:${ports.dtmfLog}`],
        ...[`--recording-dir=${home.pcap}`, '--recording-method=pcap'],
        ...memory.args,
      ],
      env: { ...plainLocale, ...manySmallPieces, ...memory.env },
      ...(memory.secretEnv === undefined ? {} : { secretEnv: memory.secretEnv }),
      capturesFolder: join(home.pcap, 'pcaps'),
      readiness: { kind: 'rtpengine', url: `udp://${loopback}:${ports.rtpengineNg}` },
      // It reads its calls from the live state when it starts.
      stage: 1,
      readyWithinMs: 60_000,
      stopWithinMs: 5_000,
    },
  ];
}

/** Flat memory at any rate of calls (docs/embedded-sip.md): a small nursery, and early garbage collection. */
export const SIP_NODE_OPTIONS = ['--max-semi-space-size=4', '--heap-growing-percent=20'] as const;

function sip(input: PlanInput): ProcessPlan[] {
  const { settings, ports, home, secrets, dist, node } = input;
  if (settings.elsewhere.sip) return [];
  return [
    {
      name: 'sip',
      command: node,
      args: [
        ...SIP_NODE_OPTIONS,
        join(dist, 'infra', 'embedded', 'sip', 'main.js'),
        ...['--admin', `${loopback}:${ports.sipAdmin}`, '--secret-file', secrets.drachtio, '--log-level', 'warn'],
        ...['--peers', join(home.run, 'sip-peers.json')],
        ...['--contact', `sip:${uriHost(settings.sipHost)}:${ports.sip};transport=udp,tcp`],
        ...['--contact', `sip:${uriHost(settings.sipWebSocketHost)}:${ports.sipWebSocket};transport=ws;door=seat`],
        ...['--contact', `sip:${loopback}:${ports.sipTest};transport=udp;door=test`],
        ...sipTlsArguments(settings, ports),
        // Only where the live state is shared can another machine have taken the calls over.
        ...(settings.elsewhere.valkey ? ['--forget-dialogs'] : []),
      ],
      env: trustOf(input),
      readiness: { kind: 'json-line' },
      stage: 0,
      readyWithinMs: 60_000,
      stopWithinMs: 5_000,
    },
  ];
}

/** Trunks over TLS have a listener of their own, which their outgoing calls use too. */
function sipTlsArguments({ sipTls, sipHost }: Settings, ports: Ports): readonly string[] {
  if (sipTls === undefined) return [];
  return [
    ...['--contact', `sip:${uriHost(sipHost)}:${ports.sipTls};transport=tls`],
    ...['--tls-cert', sipTls.certFile, '--tls-key', sipTls.keyFile],
    ...(sipTls.caFile === undefined ? [] : ['--tls-ca', sipTls.caFile]),
  ];
}

function roleProcesses({ settings, dist, node }: PlanInput, roleEnv: Readonly<Record<string, string>>): ProcessPlan[] {
  const process = (name: string, chosen: readonly string[], stage: number): ProcessPlan => ({
    name,
    command: node,
    args: ['--enable-source-maps', join(dist, 'services', 'main.js')],
    env: { ...roleEnv, ROLES: chosen.join(',') },
    readiness: { kind: 'role' },
    stage,
    readyWithinMs: 90_000,
    stopWithinMs: 10_000,
    ...(chosen.every((role) => role === 'cases') ? { niceness: AFTER_CALLS } : {}),
    ...(chosen.includes('telephony') ? { holdsCalls: true } : {}),
  });
  return settings.layout === 'one'
    ? [process('roles', settings.roles, 2)]
    : settings.roles.map((role) => process(role, [role], roleStage[role]));
}

/** Variables that the site set itself are kept: the supervisor adds only where it owns the part. */
function environmentOfRoles(input: PlanInput): Record<string, string> {
  const { settings, ports, home, secrets, certificate } = input;
  const { elsewhere } = settings;
  return {
    PROOFLINE_HOME: home.home,
    LOG_LEVEL: settings.logLevel,
    ...(elsewhere.valkey ? {} : { VALKEY_URL: valkeyUrl(input), VALKEY_PASSWORD_FILE: secrets.valkey }),
    ...(elsewhere.documents
      ? {}
      : {
          MONGODB_URI: `mongodb://${loopback}:${ports.documents}/proofline?authSource=admin`,
          MONGODB_USER: documentsUser,
          MONGODB_PASSWORD_FILE: secrets.documents,
        }),
    ...(elsewhere.objects
      ? {}
      : {
          S3_ENDPOINT: `http://${loopback}:${ports.objects}`,
          S3_ACCESS_KEY_FILE: secrets.s3AccessKey,
          S3_SECRET_KEY_FILE: secrets.s3SecretKey,
        }),
    ...(elsewhere.sip
      ? {}
      : {
          DRACHTIO_URL: `tcp://${loopback}:${ports.sipAdmin}`,
          DRACHTIO_SECRET_FILE: secrets.drachtio,
          SIP_WEBSOCKET_URL: `ws://${uriHost(settings.sipWebSocketHost)}:${ports.sipWebSocket}`,
          SIP_TRUNK_ADDRESS: `${uriHost(settings.sipHost)}:${ports.sip}`,
          SIP_TEST_ADDRESS: `${loopback}:${ports.sipTest}`,
          SIP_PEERS_FILE: join(home.run, 'sip-peers.json'),
        }),
    ...(elsewhere.rtpengine
      ? {}
      : {
          RTPENGINE_URLS: `udp://${loopback}:${ports.rtpengineNg}`,
          RTPENGINE_PCAP_DIR: home.pcap,
          DTMF_LISTEN: `${loopback}:${ports.dtmfLog}`,
          RTPENGINE_PORT_MIN: String(ports.rtpMin),
          RTPENGINE_PORT_MAX: String(ports.rtpMax),
        }),
    MEDIA_INNER_ADDRESS: settings.mediaInnerAddress,
    MEDIA_PEER_NETWORKS: settings.mediaPeerNetworks,
    RECORDER_PORT_MIN: String(ports.recorderMin),
    RECORDER_PORT_MAX: String(ports.recorderMax),
    MIXER_PORT_MIN: String(ports.mixerMin),
    MIXER_PORT_MAX: String(ports.mixerMax),
    WEB_HOST: settings.webHost,
    WEB_PORT: String(ports.web),
    TLS_CERT_FILE: certificate.certFile,
    TLS_KEY_FILE: certificate.keyFile,
    ...trustOf(input),
    TOKEN_KEY_FILE: secrets.token,
    SEAT_KEY_FILE: secrets.seat,
    MASTER_KEY_FILE: secrets.master,
    ADMIN_PASSWORD_FILE: secrets.admin,
  };
}

/** The relay of the site sends keys where the site said, and telephony listens there: no port of ours moves that. */
const keysFromElsewhere = ({ dtmfListen }: Settings): Binding => ({
  ...{ name: 'dtmfLog', transport: 'udp', variable: 'DTMF_LISTEN' },
  ...dtmfListen,
});

function bindingsOf(input: PlanInput): Binding[] {
  const { settings, ports } = input;
  const { elsewhere, sipHost, webHost } = settings;
  const tcp = (name: keyof Ports, host = loopback): Binding => ({ name, host, port: ports[name], transport: 'tcp' });
  const udp = (name: keyof Ports, host = loopback): Binding => ({ name, host, port: ports[name], transport: 'udp' });
  return [
    ...(settings.roles.includes('api') ? [tcp('web', webHost)] : []),
    ...(elsewhere.sip
      ? []
      : [udp('sip', sipHost), tcp('sip', sipHost), udp('sipTest'), tcp('sipWebSocket', settings.sipWebSocketHost), tcp('sipAdmin')]),
    ...(elsewhere.sip || settings.sipTls === undefined ? [] : [tcp('sipTls', sipHost)]),
    ...(elsewhere.documents ? [] : [tcp('documents')]),
    ...(elsewhere.objects ? [] : [tcp('objects')]),
    ...(valkeyHasPort(input) ? [tcp('valkey')] : []),
    ...(elsewhere.rtpengine ? [] : [udp('rtpengineNg')]),
    ...(settings.roles.includes('telephony') ? [elsewhere.rtpengine ? keysFromElsewhere(settings) : udp('dtmfLog')] : []),
  ];
}

function urlsOf(input: PlanInput): Record<string, string> {
  const { settings, ports } = input;
  const { elsewhere, webHost, sipHost } = settings;
  const reached = ['0.0.0.0', '::'].includes(webHost) ? 'localhost' : webHost === loopback ? 'localhost' : uriHost(webHost);
  return {
    web: `https://${reached}:${ports.web}`,
    ...(elsewhere.sip
      ? {}
      : {
          sip: `sip:${uriHost(sipHost)}:${ports.sip}`,
          sipWebSocket: `ws://${uriHost(settings.sipWebSocketHost)}:${ports.sipWebSocket}`,
          sipAdmin: `tcp://${loopback}:${ports.sipAdmin}`,
          ...(settings.sipTls === undefined ? {} : { sipTls: `sip:${uriHost(sipHost)}:${ports.sipTls};transport=tls` }),
        }),
    ...(elsewhere.documents ? {} : { documents: `mongodb://${loopback}:${ports.documents}/proofline` }),
    ...(elsewhere.objects ? {} : { objects: `http://${loopback}:${ports.objects}` }),
    ...(elsewhere.valkey ? {} : { valkey: valkeyUrl(input) }),
    ...(elsewhere.rtpengine
      ? {}
      : {
          rtpengineNg: `udp://${loopback}:${ports.rtpengineNg}`,
        }),
  };
}

const uriHost = (host: string): string => (host.includes(':') ? `[${host}]` : host);
