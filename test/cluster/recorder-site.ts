import { openMachines, type Machines } from '../support/machines.js';
import { openedTogether } from '../support/opened-together.js';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { Stack } from '../support/stack.js';
import { roleOn, serveAndStandBy, type RoleMachine } from './role-machine.js';

/** Two machines of the recorder; everything else on this machine, where the relay and its captures are too. */
export interface RecorderSite extends AsyncDisposable {
  readonly kind: Machines['kind'];
  readonly stack: Stack;
  readonly first: RoleMachine;
  readonly second: RoleMachine;
  /** Where callers and seats are. */
  readonly parties: string;
  /** Where carriers reach the site. */
  readonly door: { readonly address: string; readonly port: number };
  readonly env: Readonly<Record<string, string>>;
}

export async function openRecorderSite(): Promise<RecorderSite> {
  return openedTogether(async (keep) => {
    const machines = keep(openMachines(['c1', 'c2']));
    if (machines.kind !== 'namespaces') throw new Error('two machines with recorders need network namespaces, which only root can make');
    const { own, liveState, parties, all } = machines;
    const servers = keep(await OutsideServers.create(own, liveState));
    await servers.all();
    const env = {
      ...servers.env,
      ...{ RELAY_CONTROL_NETWORK: 'private', MEDIA_PEER_NETWORKS: `${parties}/32`, PROOFLINE_ISOLATE: 'no' },
    };
    const stack = keep(
      await Stack.start({
        layout: 'roles',
        env: { ...env, MIXER_ADDRESS: own, SIP_HOST: own, ROLES: 'telephony,mixer,routing,api,cases' },
      }),
    );
    const [first, second] = all.map((machine) =>
      roleOn(machine, { role: 'recorder', servers, stack, env, own: { RECORDER_ADDRESS: machine.address } }),
    );
    if (first === undefined || second === undefined) throw new Error('two machines are made');
    await serveAndStandBy(first, second);
    const door = { address: own, port: stack.sip.port };
    return { kind: machines.kind, stack, first, second, parties, door, env: servers.env };
  });
}
