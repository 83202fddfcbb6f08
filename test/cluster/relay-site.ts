import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createNgClient } from '../../services/shared/platform/network/rtpengine-ng.js';
import { freePort } from '../integration/recording/recording-support.js';
import { openMachines, type Machine } from '../support/machines.js';
import { printedBy, startKeepalived } from '../support/servers/moving-addresses.js';
import { openedTogether } from '../support/opened-together.js';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { relayRange } from '../support/servers/relay-range.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const root = join(import.meta.dirname, '..', '..');
const NG_PORT = 22_222;
const HEALTH_PORT = 22_221;
const PAIR_DB = 2;
const PORTS = 1_200;
/** What keepalived says when the addresses are with the other machine. */
export const STANDS_BY = 'Entering BACKUP STATE';

/** A machine with a relay of a pair. */
export interface RelayMachine {
  readonly machine: Machine;
  readonly printed: () => string;
  start(): Promise<void>;
}

/** A pair of relays on two machines that share two addresses; everything else on this machine. */
export interface RelaySite extends AsyncDisposable {
  readonly stack: Stack;
  readonly first: RelayMachine;
  readonly second: RelayMachine;
  /** The address of the pair for control and for parties. */
  readonly outer: string;
  /** Where callers and seats are. */
  readonly parties: string;
  /** Where carriers reach the site. */
  readonly door: { readonly address: string; readonly port: number };
  readonly env: Readonly<Record<string, string>>;
}

export async function openRelaySite(): Promise<RelaySite> {
  return openedTogether(async (keep) => {
    const machines = keep(openMachines(['r1', 'r2']));
    if (machines.kind !== 'namespaces') throw new Error('two machines with relays need network namespaces, which only root can make');
    const { own, liveState, parties, shared, all } = machines;
    const [outer, inner] = shared;
    const servers = keep(await OutsideServers.create(own, liveState));
    await servers.valkey();
    const { min, max } = relayRange(PORTS);
    const [one, other] = all;
    if (one === undefined || other === undefined) throw new Error('two machines are made');
    const options = { servers, outer, inner, min, max, digitsTo: `${own}:${await freePort()}` };
    const first = relayOn(one, other, options);
    const second = relayOn(other, one, options);
    await first.start();
    await until(() => one.has(outer), Boolean, 20_000);
    await untilAnswers(outer);
    await second.start();
    await until(
      () => second.printed(),
      (text) => text.includes(STANDS_BY),
      20_000,
    );
    const env = {
      ...servers.env,
      ...{ RTPENGINE_URLS: `udp://${outer}:${NG_PORT}`, RELAY_CONTROL_NETWORK: 'private', DTMF_LISTEN: options.digitsTo },
      ...{ RTPENGINE_PORT_MIN: String(min), RTPENGINE_PORT_MAX: String(max), MEDIA_PEER_NETWORKS: '198.18.0.0/15' },
      ...{ MEDIA_INNER_ADDRESS: inner, RECORDER_ADDRESS: own, MIXER_ADDRESS: own, SIP_HOST: own },
      PROOFLINE_ISOLATE: 'no',
    };
    const watched = { RELAY_MACHINES: [one, other].map(({ address }) => `udp://${address}:${HEALTH_PORT}`).join(',') };
    const stack = keep(await Stack.start({ layout: 'roles', env: { ...env, ...watched } }));
    const door = { address: own, port: stack.sip.port };
    return { stack, first, second, outer, parties, door, env: servers.env };
  });
}

interface PairOptions {
  readonly servers: OutsideServers;
  readonly outer: string;
  readonly inner: string;
  readonly min: number;
  readonly max: number;
  readonly digitsTo: string;
}

function relayOn(machine: Machine, partner: Machine, { servers, outer, inner, min, max, digitsTo }: PairOptions): RelayMachine {
  const folder = join(servers.folder, machine.name);
  const said: (() => string)[] = [];
  return {
    machine,
    printed: () => said.map((printed) => printed()).join('\n'),
    async start() {
      const captures = join(folder, 'pcap');
      await mkdir(captures, { recursive: true });
      const valkey = new URL(servers.env['VALKEY_URL'] ?? '');
      const prepared = 'echo 1 > /proc/sys/net/ipv4/ip_nonlocal_bind && exec sh "$0"';
      const relay = machine.run('sh', ['-c', prepared, join(root, 'infra', 'rtpengine', 'run.sh')], {
        ...{ RTPENGINE_PAIR: 'yes', RTPENGINE_VALKEY: `${valkey.host}/${PAIR_DB}` },
        VALKEY_PASSWORD_FILE: servers.env['VALKEY_PASSWORD_FILE'] ?? '',
        ...{
          RTPENGINE_INTERFACE: outer,
          MEDIA_INNER_ADDRESS: inner,
          CONTROL_ADDRESS: outer,
          HEALTH_ADDRESS: machine.address,
          RTPENGINE_NG_PORT: String(NG_PORT),
        },
        ...{ RTPENGINE_PORT_MIN: String(min), RTPENGINE_PORT_MAX: String(max), RTPENGINE_PCAP_DIR: captures, DTMF_LOG: digitsTo },
      });
      const mover = await startKeepalived(machine, { partner, addresses: [outer, inner], serves: 'relay', folder });
      said.push(printedBy(relay), mover.printed);
    },
  };
}

async function untilAnswers(host: string): Promise<void> {
  const client = createNgClient(`udp://${host}:${NG_PORT}`);
  const ping = (): Promise<boolean> =>
    client.send({ command: 'ping' }, { timeoutMs: 300 }).then(
      () => true,
      () => false,
    );
  await until(ping, Boolean, 20_000).finally(() => client.close());
}
