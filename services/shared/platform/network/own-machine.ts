import { readFileSync } from 'node:fs';
import { cpus, hostname, networkInterfaces, totalmem } from 'node:os';
import { z } from 'zod';

/** What a process says about its machine, for the list of equipment. */
export const Machine = z.object({
  hostname: z.string(),
  /** The same in all containers of one machine, and another after its next start (random(4)). */
  bootId: z.string(),
  /** The name and number of the system: `Debian GNU/Linux 13`. */
  system: z.string(),
  cores: z.number(),
  memoryBytes: z.number(),
  /** Addresses that other machines can reach; none on a machine of its own. */
  addresses: z.array(z.string()),
});
export type Machine = z.infer<typeof Machine>;

export const ownMachine = (): Machine => ({
  hostname: hostname(),
  bootId: fileText('/proc/sys/kernel/random/boot_id'),
  system: systemName(),
  cores: cpus().length,
  memoryBytes: totalmem(),
  addresses: Object.values(networkInterfaces())
    .flat()
    .flatMap((found) => (found === undefined || found.internal || found.family !== 'IPv4' ? [] : [found.address])),
});

/** From os-release(5); empty on a machine without that file. */
function systemName(): string {
  const values = new Map(
    fileText('/etc/os-release')
      .split('\n')
      .map((line) => line.split('=', 2))
      .map(([name = '', value = '']) => [name, value.replaceAll('"', '')]),
  );
  return `${values.get('NAME') ?? ''} ${values.get('VERSION_ID') ?? ''}`.trim();
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}
