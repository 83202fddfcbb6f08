import { parentPort } from 'node:worker_threads';
import si from 'systeminformation';
import type { Reading } from '../../../shared/domain/licence/probe-row.js';

async function readHost(): Promise<Reading[]> {
  const [cpu, memory, system, os, disks, networks] = await Promise.all([
    si.cpu(),
    si.mem(),
    si.system(),
    si.osInfo(),
    si.fsSize(),
    si.networkInterfaces('*'),
  ]);
  const interfaces = Array.isArray(networks) ? networks : [networks];
  const addresses = interfaces.flatMap(({ ip4, internal }) => (ip4 === '' || internal ? [] : [ip4]));
  return [
    {
      subject: `host:${os.hostname}`,
      kind: 'host',
      facts: {
        hostname: os.hostname,
        maker: system.manufacturer,
        model: system.model,
        serial: system.serial,
        processor: `${cpu.manufacturer} ${cpu.brand}`.trim(),
        cores: cpu.cores,
        memoryBytes: memory.total,
        memoryFreeBytes: memory.available,
        diskBytes: disks.reduce((sum, { size }) => sum + size, 0),
        diskFreeBytes: disks.reduce((sum, { available }) => sum + available, 0),
        system: `${os.distro} ${os.release}`,
        kernel: os.kernel,
        virtual: system.virtual,
        addresses,
      },
      raw: JSON.stringify({ cpu, memory, system, os, disks, interfaces }),
    },
  ];
}

const port = parentPort;
if (port === null) throw new Error('This module is the body of a worker thread.');
port.postMessage(await readHost());
