import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMachines, type Machine, type Machines } from '../support/machines.js';
import { startSiteKamailio, type Kamailio } from '../support/phones/kamailio.js';
import { openedTogether } from '../support/opened-together.js';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const root = join(import.meta.dirname, '..', '..');
const SIP_PORT = 5060;
/** What a site copies from its first machine to the others before their first start. */
const SECRETS = ['drachtio', 'token-key.pem', 'seat-key', 'master-key'];
/** What the other roles have and telephony is told too: no party may be at the ports of recorder and mixer. */
const SHARED = [
  ...['S3_ENDPOINT', 'S3_ACCESS_KEY_FILE', 'S3_SECRET_KEY_FILE'],
  ...['RECORDER_PORT_MIN', 'RECORDER_PORT_MAX', 'MIXER_PORT_MIN', 'MIXER_PORT_MAX'],
];

/** One of the two machines of telephony: its supervisor, SIP server and telephony. */
export interface TelephonyMachine {
  readonly machine: Machine;
  readonly printed: () => string;
  /** Of its telephony. */
  readonly log: () => string;
  start(): Promise<void>;
}

/** Two machines of telephony behind a Kamailio; everything else on this machine, where the carriers are too. */
export interface TelephonySite extends AsyncDisposable {
  readonly kind: Machines['kind'];
  readonly stack: Stack;
  readonly first: TelephonyMachine;
  readonly second: TelephonyMachine;
  readonly liveState: string;
  /** Where callers and seats are. */
  readonly parties: string;
  /** Where carriers reach the site. */
  readonly door: { readonly address: string; readonly port: number };
  readonly env: Readonly<Record<string, string>>;
}

export async function openTelephonySite(): Promise<TelephonySite> {
  return openedTogether(async (keep) => {
    const machines = keep(openMachines(['t1', 't2']));
    const { own, liveState, parties, all } = machines;
    const servers = keep(await OutsideServers.create(own, liveState));
    await servers.valkey();
    await servers.documents();
    await servers.relay();
    const env = { ...servers.env, RELAY_CONTROL_NETWORK: 'private', MEDIA_PEER_NETWORKS: '127.0.0.0/8,198.18.0.0/15' };
    const stack = keep(
      await Stack.start({ layout: 'roles', env: { ...env, ROLES: 'recorder,mixer,routing,api,cases', PROOFLINE_ISOLATE: 'no' } }),
    );
    const [first, second] = all.map((machine) => telephonyOn(machine, { servers, stack, env }));
    if (first === undefined || second === undefined) throw new Error('two machines are made');
    await first.start();
    await until(first.log, (log) => log.includes('"msg":"ready"'), 60_000);
    await second.start();
    await until(second.log, (log) => log.includes('stands by'), 60_000);
    const nodes = all.map(({ address }) => `${address}:${SIP_PORT}`);
    const { port }: Kamailio = keep(await startSiteKamailio({ host: own, carriers: [parties], nodes }));
    return {
      ...{ kind: machines.kind, stack, first, second, liveState, parties, door: { address: own, port }, env: servers.env },
    };
  });
}

function telephonyOn(
  machine: Machine,
  { servers, stack, env }: { readonly servers: OutsideServers; readonly stack: Stack; readonly env: Readonly<Record<string, string>> },
): TelephonyMachine {
  const home = join(servers.folder, machine.name);
  let printed = '';
  return {
    machine,
    printed: () => printed,
    log() {
      const file = join(home, 'logs', 'telephony.log');
      return existsSync(file) ? readFileSync(file, 'utf8') : '';
    },
    async start() {
      mkdirSync(join(home, 'secrets'), { recursive: true });
      for (const name of SECRETS) cpSync(join(stack.home, 'secrets', name), join(home, 'secrets', name));
      const given = Object.fromEntries(SHARED.map((name) => [name, stack.ready.env[name] ?? '']));
      const child = machine.run(process.execPath, [join(root, 'dist', 'infra', 'supervisor', 'main.js')], {
        ...env,
        ...given,
        ...{ PROOFLINE_HOME: home, PROOFLINE_LAYOUT: 'roles', ROLES: 'telephony', PROOFLINE_ISOLATE: 'no' },
        ...{ SIP_HOST: machine.address, SIP_PORT: String(SIP_PORT), SIP_WEBSOCKET_HOST: machine.address },
        ...{ DTMF_LISTEN: `${machine.address}:22230`, LANG: 'C.UTF-8', STOP_DRAIN_S: '0', NODE_OPTIONS: '' },
      });
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    },
  };
}
