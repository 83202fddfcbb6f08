import { join } from 'node:path';
import { openMachines, type Machine } from '../support/machines.js';
import { openedTogether } from '../support/opened-together.js';
import { startKeepalived } from '../support/servers/moving-addresses.js';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { Stack } from '../support/stack.js';
import { until } from '../support/until.js';
import { roleOn, serveAndStandBy, type RoleMachine } from './role-machine.js';

const WEB_PORT = 8443;

/** Two machines of the web origin that share an address; the roles of calls on this machine. */
export interface WebSite extends AsyncDisposable {
  /** Its web origin is at the shared address. */
  readonly stack: Stack;
  readonly first: RoleMachine;
  readonly second: RoleMachine;
  /** Where people reach the pages. */
  readonly shared: string;
  /** Where callers and seats are. */
  readonly parties: string;
  /** Where carriers reach the site. */
  readonly door: { readonly address: string; readonly port: number };
  readonly env: Readonly<Record<string, string>>;
}

export async function openWebSite(): Promise<WebSite> {
  return openedTogether(async (keep) => {
    const machines = keep(openMachines(['c1', 'c2']));
    if (machines.kind !== 'namespaces') throw new Error('two machines of the web origin need network namespaces, which only root can make');
    const { own, liveState, parties, all } = machines;
    const [shared] = machines.shared;
    const servers = keep(await OutsideServers.create(own, liveState));
    await servers.all();
    const env = {
      ...servers.env,
      ...{ RELAY_CONTROL_NETWORK: 'private', MEDIA_PEER_NETWORKS: `${parties}/32`, PROOFLINE_ISOLATE: 'no', WEB_PORT: String(WEB_PORT) },
    };
    const stack = keep(
      await Stack.start({
        layout: 'roles',
        env: {
          ...env,
          ...{ RECORDER_ADDRESS: own, MIXER_ADDRESS: own, SIP_HOST: own, SIP_WEBSOCKET_HOST: own, WEB_HOST: shared },
          // `cases` writes to the audit log at its first start: where the web origin comes later, it comes later too.
          ROLES: 'telephony,recorder,mixer,routing',
        },
      }),
    );
    const [one, other] = all;
    if (one === undefined || other === undefined) throw new Error('two machines are made');
    const webOn = (machine: Machine): RoleMachine =>
      roleOn(machine, { role: 'api', servers, stack, env, own: { WEB_HOST: '0.0.0.0', API_CHECKS_ANSWERS: 'yes' } });
    const moved = (machine: Machine, partner: Machine): Promise<unknown> =>
      startKeepalived(machine, { partner, addresses: [shared], serves: 'web', folder: join(servers.folder, `${machine.name}-vrrp`) });
    const [first, second] = [webOn(one), webOn(other)];
    await serveAndStandBy(first, second, async () => {
      await moved(one, other);
      await until(() => one.has(shared), Boolean, 20_000);
    });
    await moved(other, one);
    const door = { address: own, port: stack.sip.port };
    return { stack, first, second, shared, parties, door, env: servers.env };
  });
}
