import type { ChildProcess } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from '../machines.js';

const examples = join(import.meta.dirname, '..', '..', '..', 'infra', 'keepalived');

export interface AddressMover {
  readonly printed: () => string;
}

/**
 * keepalived on a machine of a pair, with the example of infra/keepalived as a site fills it: `addresses` are with one of the two, and with the
 * other once the first is gone. Programs of the machine may listen at them before they are there.
 */
export async function startKeepalived(
  machine: Machine,
  {
    partner,
    addresses,
    serves,
    folder,
  }: {
    readonly partner: Machine;
    readonly addresses: readonly string[];
    readonly serves: 'relay' | 'kamailio' | 'web';
    readonly folder: string;
  },
): Promise<AddressMover> {
  await mkdir(folder, { recursive: true });
  const example = await readFile(join(examples, 'keepalived.conf'), 'utf8');
  const file = join(folder, 'keepalived.conf');
  const filled = example
    .replace('/etc/keepalived/serves.sh relay', `${join(examples, 'serves.sh')} ${serves}`)
    .replace('interface eth0', `interface ${machine.card}`)
    .replace('unicast_src_ip 192.0.2.5', `unicast_src_ip ${machine.address}`)
    .replace('    192.0.2.6\n', `    ${partner.address}\n`)
    .replace(/virtual_ipaddress \{[^}]*\}/, `virtual_ipaddress {\n${addresses.map((each) => `    ${each}/28\n`).join('')}  }`);
  await writeFile(file, filled, { mode: 0o600 });
  const child = machine.run(
    'keepalived',
    [
      ...['--dont-fork', '--vrrp', '--log-console', '--log-detail', '--use-file', file],
      ...['--pid', join(folder, 'keepalived.pid'), '--vrrp_pid', join(folder, 'vrrp.pid')],
    ],
    {},
  );
  return { printed: printedBy(child) };
}

/** Everything that a program has said until now. */
export function printedBy(child: ChildProcess): () => string {
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return () => printed;
}
