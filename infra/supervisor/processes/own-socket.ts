import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** Of `sockaddr_un.sun_path` on Linux, without the zero at its end. */
const LONGEST_BYTES = 107;

/**
 * Path for a socket of that name in the folder. Undefined where none can be: the path is too long for the kernel, or the file system
 * supports no sockets.
 */
export async function socketIn(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, name);
  const tried = `${path}.try`;
  if (Buffer.byteLength(tried) > LONGEST_BYTES) return undefined;
  const server = createServer();
  try {
    // A process killed during this check leaves its file.
    rmSync(tried, { force: true });
    server.listen(tried);
    await once(server, 'listening');
    return path;
  } catch {
    return undefined;
  } finally {
    // Closing removes the socket file.
    server.close();
  }
}
