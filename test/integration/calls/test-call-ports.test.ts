import { expect, test } from '@jest/globals';
import { RtpEndpoint } from '../../../services/proof-call/adapters/rtp-endpoint.js';

test('a telephone of the product takes no port for its sound at which the relay, the recorder or the mixer may be', async () => {
  // Linux gives out ports from 32,768 to 60,999: most of them are avoided here.
  const avoid = [
    { from: 32_768, to: 44_999 },
    { from: 46_000, to: 60_999 },
  ];
  const endpoints: RtpEndpoint[] = [];
  try {
    for (let i = 0; i < 5; i += 1) endpoints.push(await RtpEndpoint.open('127.0.0.1', avoid));
    for (const { port } of endpoints) expect(avoid.some(({ from, to }) => port >= from && port <= to)).toBe(false);
  } finally {
    for (const endpoint of endpoints) endpoint.close();
  }
});
