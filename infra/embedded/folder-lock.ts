import { unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';

/** `sun_path` of unix(7) has 108 bytes. */
const maxSocketPathBytes = 107;

/**
 * Makes this process the only one that serves a data folder, by listening on a socket in it: the kernel forgets the
 * listener when the process dies, however it dies, so there is no stale lock to explain.
 * @throws Error in one plain sentence when another process holds the folder
 */
export async function lockFolder(folder: string): Promise<{ release(): Promise<void> }> {
  const path = join(folder, 'lock.sock');
  if (Buffer.byteLength(path) > maxSocketPathBytes)
    throw new Error(`The path of the data folder is too long (${maxSocketPathBytes - 10} bytes at most).`);
  let server = await listen(path);
  if (server === undefined) {
    if (await answers(path)) throw new Error('Another process already serves this data folder.');
    await unlink(path);
    server = await listen(path);
  }
  if (server === undefined) throw new Error('Another process already serves this data folder.');
  const held = server;
  return { release: () => new Promise((resolve) => held.close(() => resolve())) };
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(path, () => resolve(server));
    server.unref();
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
