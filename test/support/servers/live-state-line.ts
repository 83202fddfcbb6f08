import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A process's connection to Valkey: it can lose answers, or be cut and mended. */
export async function openLine(url: string): Promise<{ readonly url: string; deaf: boolean; cut(): void; mend(): void; close(): void }> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let broken = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    near.on('data', (bytes) => void far.write(bytes));
    far.on('data', (bytes) => {
      if (!line.deaf) near.write(bytes);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => other.destroy());
    }
    if (broken) near.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const line = {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deaf: false,
    cut() {
      broken = true;
      for (const socket of sockets) socket.destroy();
    },
    mend() {
      broken = false;
      line.deaf = false;
    },
    close() {
      line.cut();
      server.close();
    },
  };
  return line;
}
