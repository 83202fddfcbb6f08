import type { ProbeRow } from '../shared/domain/licence/probe-row.js';

const word = (row: ProbeRow, key: string): string => {
  const value = row.facts[key];
  return typeof value === 'string' ? value : '';
};

/** The machine of the probes; the others are reported by their processes, or seen by their relays. */
export const isOwnMachine = ({ kind, probe }: ProbeRow): boolean => kind === 'host' && probe === 'host';

/** Readings by the other machine that they are of; those of this machine have no name. */
export function byMachine(rows: readonly ProbeRow[], seen: readonly ProbeRow[]): Map<string, ProbeRow[]> {
  const machines = new Map<string, ProbeRow[]>([['', []]]);
  for (const row of rows) {
    const machine = row.kind === 'relay' ? machineAt(word(row, 'address'), seen) : word(row, 'host');
    machines.set(machine, [...(machines.get(machine) ?? []), row]);
  }
  return machines;
}

/** The machine with this address: empty for the machine of the probes, the address itself when no other machine reports it. */
function machineAt(address: string, seen: readonly ProbeRow[]): string {
  if (!isIPv4(address) || address.startsWith('127.')) return '';
  const host = seen.find(({ kind, facts }) => kind === 'host' && Array.isArray(facts['addresses']) && facts['addresses'].includes(address));
  return host === undefined ? address : isOwnMachine(host) ? '' : word(host, 'hostname');
}
const isIPv4 = (text: string): boolean => /^(?:\d{1,3}\.){3}\d{1,3}$/.test(text);

/** A machine that runs media relays alone has no process of ours to report it: it is seen by the relay that answers there. */
export function machinesOfRelays(seen: readonly ProbeRow[]): ProbeRow[] {
  const relays = seen.filter((row) => row.kind === 'relay' && machineAt(word(row, 'address'), seen) === word(row, 'address'));
  return [...new Map(relays.map((row) => [word(row, 'address'), row]))].flatMap(([address, row]) =>
    address === '' ? [] : [{ ...row, kind: 'host', subject: `host:${address}`, facts: { hostname: address, addresses: [address] } }],
  );
}
