import { join } from 'node:path';
import { freePort } from '../integration/recording/recording-support.js';
import { openMachines, type Machine } from '../support/machines.js';
import { runSiteKamailio } from '../support/phones/kamailio.js';
import { printedBy, startKeepalived } from '../support/servers/moving-addresses.js';
import { openedTogether } from '../support/opened-together.js';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const SIP_PORT = 5060;

interface EdgeMachine {
  readonly machine: Machine;
  readonly printed: () => string;
  start(): Promise<void>;
}

/** Two machines with a Kamailio each that share an address, in front of a product on this machine. */
export interface EdgeSite extends AsyncDisposable {
  readonly stack: Stack;
  readonly first: EdgeMachine;
  readonly second: EdgeMachine;
  /** Where carriers reach the site. */
  readonly door: { readonly address: string; readonly port: number };
  /** Where callers are. */
  readonly parties: string;
}

export async function openEdgeSite(): Promise<EdgeSite> {
  return openedTogether(async (keep) => {
    const machines = keep(openMachines(['k1', 'k2']));
    if (machines.kind !== 'namespaces') throw new Error('two machines with a Kamailio need network namespaces, which only root can make');
    const { own, parties, shared, all } = machines;
    const [one, other] = all;
    if (one === undefined || other === undefined) throw new Error('two machines are made');
    const servers = keep(await OutsideServers.create(own));
    const sipPort = await freePort();
    const env = { SIP_HOST: own, SIP_PORT: String(sipPort), MEDIA_PEER_NETWORKS: `127.0.0.0/8,${parties}/32`, MEDIA_ADDRESS: own };
    const stack = keep(await Stack.start({ layout: 'roles', env: { ...env, PROOFLINE_ISOLATE: 'no' } }));
    const [address] = shared;
    const edge = (machine: Machine, partner: Machine): EdgeMachine => {
      const said: (() => string)[] = [];
      return {
        machine,
        printed: () => said.map((printed) => printed()).join('\n'),
        async start() {
          const folder = join(servers.folder, machine.name);
          const at = { host: address, port: SIP_PORT, folder };
          const kamailio = await runSiteKamailio(machine, { ...at, carriers: [parties], nodes: [`${own}:${sipPort}`] });
          const mover = await startKeepalived(machine, { partner, addresses: [address], serves: 'kamailio', folder });
          said.push(printedBy(kamailio), mover.printed);
        },
      };
    };
    const [first, second] = [edge(one, other), edge(other, one)];
    await first.start();
    await until(() => one.has(address), Boolean, 20_000);
    await second.start();
    await until(second.printed, (text) => text.includes('BACKUP STATE'), 20_000);
    return { stack, first, second, parties, door: { address, port: SIP_PORT } };
  });
}
