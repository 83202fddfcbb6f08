import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, expect, test } from '@jest/globals';
import { requestTimeStamp } from '../../../services/shared/platform/signing/time-stamp.js';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/`;
}

test.each([301, 302, 303, 307, 308])(
  'a time-stamp authority that sends on elsewhere (%d) is refused, and elsewhere is not asked',
  async (status) => {
    let inside = 0;
    const internal = await serve((_request, response) => {
      inside += 1;
      response.end('a secret of the own network');
    });
    const authority = await serve((_request, response) => response.writeHead(status, { location: internal }).end());
    await expect(requestTimeStamp(authority, Buffer.from('x'))).rejects.toMatchObject({
      code: 'service-unavailable',
      message: expect.stringContaining(`status ${status}`),
    });
    expect(inside).toBe(0);
  },
);

test('an answer without end is cut off', async () => {
  let sentBytes = 0;
  const authority = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' });
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(16_384))) sentBytes += 16_384;
    };
    response.on('drain', more);
    more();
  });
  await expect(requestTimeStamp(authority, Buffer.from('x'))).rejects.toThrow('too long');
  expect(sentBytes).toBeLessThan(16 * 1024 * 1024);
});
