import { Redis } from 'ioredis';

/**
 * One server (`?path=` names its socket on this machine, which is then used instead of the port), or the primary of a group that sentinels
 * watch.
 */
export type ValkeyAddress =
  | { readonly kind: 'server'; readonly url: string }
  | {
      readonly kind: 'sentinel';
      readonly sentinels: readonly { readonly host: string; readonly port: number }[];
      /** The name of the group at the sentinels. */
      readonly name: string;
      readonly username: string | undefined;
      readonly password: string | undefined;
      readonly sentinelPassword: string | undefined;
    };

const SENTINEL_PORT = 26_379;
const SENTINEL = /^sentinel:\/\/(?:([^:@/]*):([^@/]*)@)?([^@/?]+)\/([\w.-]+)(?:\?password=([^&]*))?$/;

/**
 * `redis://…` (`redis://127.0.0.1:6380?path=%2Frun%2Fvalkey.sock`: by that socket), `rediss://…` or
 * `sentinel://[user:password@]host[:port],host[:port],…/name[?password=of-the-sentinels]`; user and passwords are percent-encoded.
 * Undefined for any other text.
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

/** The servers that an address names: the single one, or the sentinels. */
export function serversOf(address: ValkeyAddress): readonly { readonly host: string; readonly port: number }[] {
  if (address.kind === 'sentinel') return address.sentinels;
  const { hostname, port } = new URL(address.url);
  return [{ host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 6379 : Number(port) }];
}

/** The address with the passwords from files, unless it contains its own. It is used only for connections and is never shown. */
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

/**
 * Whether the address is that of a group in which another server is promoted when the primary dies. A single server is not asked how many
 * replicas have a write.
 */
export const hasReplicas = (text: string): boolean => valkeyAddress(text)?.kind === 'sentinel';

export interface ValkeyOptions {
  /** How many times a command is sent again when the connection breaks; null: until it is answered. */
  readonly maxRetriesPerRequest: number | null;
  /** Commands of one turn of the event loop go out together. */
  readonly enableAutoPipelining?: boolean;
}

/**
 * `disconnect()` of the library, called between two attempts to connect, cancels the next attempt and leaves every command in the queue
 * unanswered for ever: who waits for one could not be stopped while the live state is away. Here those commands fail at once.
 */
class ValkeyConnection extends Redis {
  override disconnect(again = false): void {
    // In this state the library ends the connection and empties its queue.
    if (!again && this.status === 'reconnecting') this.status = 'wait';
    super.disconnect(again);
  }
}

const waitMs = (attempt: number): number => Math.min(attempt * 100, 1_000);

/**
 * A connection to the live state that finds its server again: behind sentinels it goes to the new primary, and leaves a server that was
 * made a replica. Errors of the connection reach the commands; nobody needs to listen for them.
 */
export function openValkey(text: string, options: ValkeyOptions): Redis {
  const address = valkeyAddress(text);
  if (address === undefined) throw new Error('The address of the live state must begin with redis://, rediss:// or sentinel://.');
  const common = {
    // Sends the command again, to the server that is then the primary.
    reconnectOnError: (error: Error) => (error.message.startsWith('READONLY') ? (2 as const) : false),
    ...options,
  };
  const client =
    address.kind === 'server'
      ? new ValkeyConnection(address.url, common)
      : new ValkeyConnection({
          ...common,
          sentinels: [...address.sentinels],
          name: address.name,
          ...(address.username === undefined ? {} : { username: address.username }),
          ...(address.password === undefined ? {} : { password: address.password }),
          ...(address.sentinelPassword === undefined ? {} : { sentinelPassword: address.sentinelPassword }),
          // Does not wait for a sentinel that hangs.
          connectTimeout: 1_000,
          sentinelCommandTimeout: 1_000,
          sentinelRetryStrategy: waitMs,
        });
  client.on('error', () => undefined);
  if (address.kind === 'sentinel') leaveReplaced(client, address);
  return client;
}

/** Longer than a connection takes: a client that is not ready by then is stuck at a server that hangs. */
const CAUGHT_AFTER_MS = 2_000;

/**
 * A connection to a primary that hangs never breaks by itself: it is left when a sentinel names another primary. The library's own detector
 * is not used: if it acts while a client is connecting, that client is ended for good.
 */
function leaveReplaced(client: Redis, { sentinels, name, sentinelPassword }: Extract<ValkeyAddress, { kind: 'sentinel' }>): void {
  const leave = (...statuses: readonly string[]): void => {
    if (statuses.includes(client.status)) client.disconnect(true);
  };
  let last = '';
  /** Every sentinel announces it; the first announcement is enough. */
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
