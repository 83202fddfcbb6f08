import { Redis } from 'ioredis';

/** One server (`?path=` names its socket on this machine, which is used instead of its port), or the primary of a group that sentinels watch. */
export type ValkeyAddress =
  | { readonly kind: 'server'; readonly url: string }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly { readonly host: string; readonly port: number }[];
      /** What the sentinels call the group. */
      readonly name: string;
      readonly username: string | undefined;
      readonly password: string | undefined;
      readonly sentinelPassword: string | undefined;
    };

const SENTINEL_PORT = 26_379;
const SENTINEL = /^sentinel:\/\/(?:([^:@/]*):([^@/]*)@)?([^@/?]+)\/([\w.-]+)(?:\?password=([^&]*))?$/;

/**
 * `redis://…` (`redis://127.0.0.1:6380?path=%2Frun%2Fvalkey.sock`: by that socket), `rediss://…` or `sentinel://[user:password@]host[:port],host[:port],…/name[?password=of-the-sentinels]`; user and passwords are
 * percent-encoded. Undefined for anything else.
 */
export function valkeyAddress(text: string): ValkeyAddress | undefined {
  if (/^rediss?:\/\/./.test(text)) return URL.canParse(text) ? { kind: 'server', url: text } : undefined;
  const [, user = '', password = '', hosts = '', name = '', ofSentinels = ''] = SENTINEL.exec(text) ?? [];
  const sentinels = hosts.split(',').map(sentinelOf);
  if (name === '' || sentinels.includes(undefined)) return undefined;
  return {
    kind: 'sentinel',
    sentinels: sentinels.filter((each) => each !== undefined),
    name,
    username: decoded(user),
    password: decoded(password),
    sentinelPassword: decoded(ofSentinels),
  };
}

function sentinelOf(text: string): { readonly host: string; readonly port: number } | undefined {
  if (!URL.canParse(`tcp://${text}`)) return undefined;
  const { hostname, port, pathname, username } = new URL(`tcp://${text}`);
  if (hostname === '' || pathname !== '' || username !== '') return undefined;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? SENTINEL_PORT : Number(port) };
}

const decoded = (text: string): string | undefined => (text === '' ? undefined : decodeURIComponent(text));

/** The servers that an address names: the one, or the sentinels. */
export function serversOf(address: ValkeyAddress): readonly { readonly host: string; readonly port: number }[] {
  if (address.kind === 'sentinel') return address.sentinels;
  const { hostname, port } = new URL(address.url);
  return [{ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 6379 : Number(port) }];
}

/** The address with the passwords of files, unless it names them itself. It is used for connections only and never shown. */
export function withPasswords(
  text: string,
  { password, sentinelPassword }: { readonly password: string | undefined; readonly sentinelPassword: string | undefined },
): string {
  const address = valkeyAddress(text);
  if (address === undefined) return text;
  if (address.kind === 'server') {
    const url = new URL(address.url);
    if (password === undefined || url.password !== '') return text;
    url.password = password;
    return url.href;
  }
  const named = { ...address, password: address.password ?? password, sentinelPassword: address.sentinelPassword ?? sentinelPassword };
  const encoded = encodeURIComponent;
  const account = named.password === undefined ? '' : `${encoded(named.username ?? '')}:${encoded(named.password)}@`;
  const hosts = named.sentinels.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(',');
  const query = named.sentinelPassword === undefined ? '' : `?password=${encoded(named.sentinelPassword)}`;
  return `sentinel://${account}${hosts}/${named.name}${query}`;
}

/** A group of which one is promoted when another dies. A single server is not asked how many have what was written. */
export const hasReplicas = (text: string): boolean => valkeyAddress(text)?.kind === 'sentinel';

export interface ValkeyOptions {
  /** How often a command is sent again when the connection breaks; null: until it is answered. */
  readonly maxRetriesPerRequest: number | null;
  /** What is asked in one turn of the loop goes out together. */
  readonly enableAutoPipelining?: boolean;
}

const waitMs = (attempt: number): number => Math.min(attempt * 100, 1_000);

/**
 * A connection to the live state that finds its server again: behind sentinels the new primary, and a server that was made a replica is left.
 * Errors of the connection are those of the commands; nobody need listen to them.
 */
export function openValkey(text: string, options: ValkeyOptions): Redis {
  const address = valkeyAddress(text);
  if (address === undefined) throw new Error('The address of the live state is none of redis://, rediss:// and sentinel://.');
  const common = {
    // Sent again, to whoever is the primary then.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? (2 as const) : false),
    ...options,
  };
  const client =
    address.kind === 'server'
      ? new Redis(address.url, common)
      : new Redis({
          ...common,
          sentinels: [...address.sentinels],
          name: address.name,
          ...(address.username === undefined ? {} : { username: address.username }),
          ...(address.password === undefined ? {} : { password: address.password }),
          ...(address.sentinelPassword === undefined ? {} : { sentinelPassword: address.sentinelPassword }),
          // A sentinel that hangs is not waited for.
          connectTimeout: 1_000,
          sentinelCommandTimeout: 1_000,
          sentinelRetryStrategy: waitMs,
        });
  client.on('error', () => undefined);
  if (address.kind === 'sentinel') leaveReplaced(client, address);
  return client;
}

/** Longer than it takes to connect: whoever is not ready then was caught by a server that hangs. */
const CAUGHT_AFTER_MS = 2_000;

/**
 * A connection to a primary that hangs breaks by itself never: it is left when a sentinel names another one. The library's own detector is not
 * used: where it acts while a client is connecting, that client is ended for good.
 */
function leaveReplaced(client: Redis, { sentinels, name, sentinelPassword }: Extract<ValkeyAddress, { kind: 'sentinel' }>): void {
  const leave = (...statuses: readonly string[]): void => {
    if (statuses.includes(client.status)) client.disconnect(true);
  };
  let last = '';
  /** Each sentinel says it: once is enough. */
  const replaced = (text: string): void => {
    if (text === last) return;
    last = text;
    leave('ready', 'connect');
    setTimeout(() => leave('connect'), CAUGHT_AFTER_MS).unref();
  };
  const watches = sentinels.map(({ host, port }) => {
    const watch = new Redis({
      host,
      port,
      ...(sentinelPassword === undefined ? {} : { password: sentinelPassword }),
      enableReadyCheck: false,
      maxRetriesPerRequest: null,
      retryStrategy: waitMs,
    });
    watch.on('error', () => undefined);
    watch.on('message', (_channel: string, text: string) => {
      if (text.startsWith(`${name} `)) replaced(text);
    });
    watch.subscribe('+switch-master').catch(() => undefined);
    return watch;
  });
  client.once('end', () => {
    for (const watch of watches) watch.disconnect();
  });
}
