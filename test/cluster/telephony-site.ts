import { openMachines, type Machines } from '../support/machines.js';
import { startSiteKamailio, type Kamailio } from '../support/phones/kamailio.js';
import { openedTogether } from '../support/opened-together.js';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { Stack } from '../support/stack.js';
import { roleOn, serveAndStandBy, type RoleMachine } from './role-machine.js';

const SIP_PORT = 5060;
/** Two machines of telephony behind a Kamailio; everything else on this machine, where the carriers are too. */
export interface TelephonySite extends AsyncDisposable {
  readonly kind: Machines['kind'];
  readonly stack: Stack;
  readonly first: RoleMachine;
  readonly second: RoleMachine;
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
    const [first, second] = all.map((machine) => {
      const own = {
        ...{ SIP_HOST: machine.address, SIP_PORT: String(SIP_PORT), SIP_WEBSOCKET_HOST: machine.address },
        DTMF_LISTEN: `${machine.address}:22230`,
      };
      return roleOn(machine, { role: 'telephony', servers, stack, env, own });
    });
    if (first === undefined || second === undefined) throw new Error('two machines are made');
    await serveAndStandBy(first, second);
    const nodes = all.map(({ address }) => `${address}:${SIP_PORT}`);
    const { port }: Kamailio = keep(await startSiteKamailio({ host: own, carriers: [parties], nodes }));
    return {
      ...{ kind: machines.kind, stack, first, second, liveState, parties, door: { address: own, port }, env: servers.env },
    };
  });
}
