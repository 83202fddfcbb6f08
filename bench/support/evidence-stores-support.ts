import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freeTcpPort } from '../../test/support/free-ports.js';

const HOST = '127.0.0.1';
const SECRET = 'bench-evidence-secret';
export const ZONE = 'Asia/Shanghai';

/** Where the embedded stores of a run listen. */
export interface Stores {
  readonly home: string;
  readonly documents: string;
  readonly objects: string;
  readonly valkey: string;
  readonly relay: string;
  readonly sip: string;
}

/** Document store, object store and Valkey over folders of `home`, and something that answers the probes of relay and SIP server. */
export async function startStores(home: string, children: ChildProcess[]): Promise<Stores> {
  await mkdir(home, { recursive: true });
  const ready = async (program: string, options: readonly string[]): Promise<Record<string, string>> => {
    const child = spawn(process.execPath, ['--import', 'tsx', program, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    for await (const line of createInterface({ input: child.stdout }))
      if (line.includes('"ready"')) {
        child.stdout.resume();
        return JSON.parse(line) as Record<string, string>;
      }
    throw new Error(`${program} did not start.`);
  };
  const documents = await ready(join(import.meta.dirname, '..', '..', 'infra', 'embedded', 'documents', 'main.ts'), [
    '--data',
    join(home, 'documents'),
    '--listen',
    `${HOST}:${await freeTcpPort(HOST)}`,
  ]);
  const objects = await startObjects(home, ready);
  const valkeyPort = await freeTcpPort(HOST);
  const valkey = spawn('valkey-server', ['--port', String(valkeyPort), '--bind', HOST, '--save', '', '--appendonly', 'no'], {
    stdio: 'ignore',
  });
  await once(valkey, 'spawn');
  children.push(valkey);
  return {
    home,
    documents: documents['uri'] ?? '',
    objects,
    valkey: `redis://${HOST}:${valkeyPort}`,
    relay: `udp://${HOST}:${await answering((message) => Buffer.concat([message.subarray(0, message.indexOf(0x20) + 1), Buffer.from('d6:result2:oke')]))}`,
    sip: `${HOST}:${await answering(() => Buffer.from('SIP/2.0 200 OK\r\nServer: bench\r\n\r\n'))}`,
  };
}

/** The environment that the product would have. */
export function settingsOf({ home, documents, objects, valkey, relay, sip }: Stores): Readonly<Record<string, string>> {
  return {
    PROOFLINE_HOME: home,
    SITE_TIME_ZONE: ZONE,
    VALKEY_URL: valkey,
    MONGODB_URI: documents,
    S3_ENDPOINT: objects,
    S3_ACCESS_KEY: 'bench-evidence',
    S3_SECRET_KEY: SECRET,
    DRACHTIO_SECRET: 'bench-evidence',
    TOKEN_KEY: 'k'.repeat(40),
    SEAT_KEY: 's'.repeat(16),
    MASTER_KEY: Buffer.alloc(32, 5).toString('base64'),
    RTPENGINE_URLS: relay,
    SIP_TRUNK_ADDRESS: sip,
  };
}

async function startObjects(
  home: string,
  ready: (program: string, options: readonly string[]) => Promise<Record<string, string>>,
): Promise<string> {
  const file = join(home, 'credentials.json');
  await writeFile(file, JSON.stringify([{ accessKey: 'bench-evidence', secretKey: SECRET, policy: 'admin' }]), { mode: 0o600 });
  const program = join(import.meta.dirname, '..', '..', 'infra', 'embedded', 'objects', 'main.ts');
  const { endpoint = '' } = await ready(program, [
    '--data',
    join(home, 'objects'),
    '--credentials-file',
    file,
    '--listen',
    `${HOST}:${await freeTcpPort(HOST)}`,
  ]);
  return endpoint;
}

/** Something that answers a probe, so that the benchmark waits for nobody. */
async function answering(reply: (message: Buffer) => Buffer): Promise<number> {
  const socket = createSocket('udp4');
  socket.on('message', (message, from) => socket.send(reply(message), from.port, from.address));
  socket.unref();
  socket.bind(0, HOST);
  await once(socket, 'listening');
  return socket.address().port;
}
