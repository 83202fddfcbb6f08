import type { Redis } from 'ioredis';
import { clockReports } from '../../../shared/platform/processes/clock-report.js';
import type { Machine } from '../../../shared/platform/network/own-machine.js';
import type { Reading } from '../../../shared/domain/licence/probe-row.js';
import type { Probe } from '../../probes/probe.js';

/**
 * The other machines of a cluster and the roles that run there, as their processes report them to the live state each minute. A machine that
 * has not reported for five minutes is silent. Containers of one machine are one machine.
 */
export const machinesProbe = (valkey: Redis, own: Machine, version: string): Probe => ({
  name: 'machines',
  async read() {
    const machines = new Map<string, Machine>();
    const others = (await clockReports(valkey)).flatMap(({ machine, roles, name }) => {
      if (machine === undefined || machine.bootId === own.bootId) return [];
      const known = machines.get(machine.bootId) ?? machine;
      machines.set(machine.bootId, known);
      return [{ host: known.hostname, roles, name }];
    });
    return [
      ...[...machines.values()].map((machine): Reading => {
        const { bootId: _bootId, ...facts } = machine;
        return { subject: `host:${machine.hostname}`, kind: 'host', facts, raw: JSON.stringify(machine) };
      }),
      ...others.flatMap(({ host, roles, name }) =>
        roles.map((role): Reading => ({
          subject: `process:${role}@${host}`,
          kind: 'process',
          facts: { name: role, process: name, host, version },
          raw: JSON.stringify({ name, roles, host }),
        })),
      ),
    ];
  },
});
