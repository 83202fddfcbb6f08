import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { abandonedIn, ownerComment } from './abandoned-tables.js';
import type { Binding } from '../plan/ports.js';

/** `PROOFLINE_ISOLATE`: `auto` isolates where this user may, `yes` does not start without it. */
export type IsolationMode = 'auto' | 'yes' | 'no';

/** As `run/ready.json` and System status show it. */
export type IsolationState = 'on' | 'off' | 'not-permitted';

export interface Isolation {
  readonly state: IsolationState;
  /** The last line of nft's output, when it failed. */
  readonly reason: string;
  /** Removes the rules. Safe to call twice. */
  lift(): Promise<void>;
}

/** One installation's table: another on this machine has its own. */
export const tableOf = (home: string): string => `proofline_${createHash('sha256').update(home).digest('hex').slice(0, 12)}`;

/** Ports that other users of this machine may reach even on loopback: pages and trunks. */
const OPEN_DOORS: ReadonlySet<string> = new Set(['web', 'sip', 'sipTls']);

/**
 * The rules as nft reads them, in one transaction that also replaces what an earlier start left. Packets without a socket (the kernel's
 * own, as the end of a connection) have no user and pass.
 */
export function rulesetFor({
  table,
  uid,
  bindings,
  innerAddress,
  owner,
}: {
  readonly table: string;
  readonly uid: number;
  readonly bindings: readonly Binding[];
  readonly innerAddress: string;
  /** The supervisor that made it, as `abandoned-tables.ts` reads it. */
  readonly owner: string;
}): string {
  const closed = bindings.filter(({ name, host }) => host.startsWith('127.') && !OPEN_DOORS.has(name));
  const portsOf = (transport: Binding['transport']): string =>
    closed
      .filter((binding) => binding.transport === transport)
      .map(({ port }) => port)
      .join(', ');
  const trusted = `{ ${[...new Set([0, uid])].join(', ')} }`;
  const strangers = `meta skuid != ${trusted}`;
  const rule = (transport: Binding['transport']): string[] =>
    portsOf(transport) === '' ? [] : [`    ${strangers} ip daddr 127.0.0.0/8 ${transport} dport { ${portsOf(transport)} } counter reject`];
  return [
    `add table inet ${table}`,
    `delete table inet ${table}`,
    `table inet ${table} {`,
    `  comment "${owner}"`,
    '  chain loopback {',
    '    type filter hook output priority 0; policy accept;',
    '    oif != "lo" accept',
    // Nearly every packet is one of ours, so it only has its user checked.
    `    meta skuid ${trusted} accept`,
    ...rule('tcp'),
    ...rule('udp'),
    `    ${strangers} ip daddr ${innerAddress} meta l4proto udp counter reject`,
    '  }',
    '}',
    '',
  ].join('\n');
}

export async function isolate({
  mode,
  home,
  ...rules
}: {
  readonly mode: IsolationMode;
  readonly home: string;
  readonly bindings: readonly Binding[];
  readonly innerAddress: string;
}): Promise<Isolation> {
  const table = tableOf(home);
  const off = (state: IsolationState, reason: string): Isolation => ({ state, reason, lift: async () => undefined });
  if (mode === 'no') return off('off', '');
  const { ok, reason } = await nft(rulesetFor({ table, uid: process.getuid?.() ?? 0, owner: ownerComment(), ...rules }));
  if (!ok) return off('not-permitted', reason);
  await removeAbandoned();
  let lifted: Promise<unknown> | undefined;
  return {
    state: 'on',
    reason: '',
    async lift() {
      lifted ??= nft(`add table inet ${table}\ndelete table inet ${table}\n`);
      await lifted;
    },
  };
}

/** Every packet of the machine passes the rules of supervisors that were killed, until somebody removes them. */
async function removeAbandoned(): Promise<void> {
  const { output } = await run(['-j', 'list', 'tables'], '');
  const tables = abandonedIn(output);
  // `add` first: another supervisor starting at the same time may have removed the table already.
  if (tables.length > 0) await nft(tables.map((table) => `add table inet ${table}\ndelete table inet ${table}\n`).join(''));
}

/** nft may hang on a kernel without its module. */
const NFT_TIMEOUT_MS = 5_000;

const nft = (ruleset: string): Promise<Ran> => run(['-f', '-'], ruleset);

interface Ran {
  readonly ok: boolean;
  readonly reason: string;
  readonly output: string;
}

async function run(args: readonly string[], input: string): Promise<Ran> {
  return new Promise((resolve) => {
    // Debian installs nft in a folder that only root's PATH has.
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
    const child = spawn('nft', [...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PATH: path, LC_ALL: 'C.UTF-8' },
      timeout: NFT_TIMEOUT_MS,
    });
    let [output, errors] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.once('error', () => resolve({ ok: false, reason: 'nftables is not installed', output }));
    child.once('close', (code) => resolve({ ok: code === 0, reason: reasonIn(errors), output }));
    // A program that ended at once reads no rules; its exit tells why.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}

const reasonIn = (errors: string): string =>
  errors
    .split('\n')
    .find((line) => /error/i.test(line) || /not permitted/i.test(line))
    ?.replace(/^.*?Error: /, '')
    .trim() ?? 'no reason given';
