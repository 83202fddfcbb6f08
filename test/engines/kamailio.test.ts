import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BareSeat } from '../support/bare-seat.js';
import { startSiteKamailio, type Kamailio } from '../support/phones/kamailio.js';
import { OutsideServers } from '../support/servers/outside-servers.js';
import { Stack } from '../support/stack.js';
import { proofOf } from '../support/tools.js';
import { until } from '../support/until.js';
import { converse } from './support/conversation.js';

// Kamailio with the example of infra/kamailio between the carriers and the product's SIP server, also on the path of test calls.

const CARRIER = '127.0.0.31';
/** Where test calls come in: the same port as at the node, which knows its doors by it. */
const TEST_EDGE = '127.0.0.32';

let servers: OutsideServers;
let stack: Stack;
const edges: Kamailio[] = [];

beforeAll(async () => {
  servers = await OutsideServers.create();
  const { trunkPort, testPort } = await servers.sip();
  edges.push(
    await startSiteKamailio({ carriers: [CARRIER], nodes: [`127.0.0.1:${trunkPort}`] }),
    await startSiteKamailio({ host: TEST_EDGE, port: testPort, carriers: [TEST_EDGE], nodes: [`127.0.0.1:${testPort}`] }),
  );
  stack = await Stack.start({ env: { ...servers.env, SIP_TEST_ADDRESS: `${TEST_EDGE}:${testPort}`, MEDIA_PEER_NETWORKS: '127.0.0.0/8' } });
  // Signalling comes from the proxy, sound from the carrier.
  const local = {
    name: 'edge',
    addresses: ['127.0.0.1', CARRIER],
    trustsIdentity: false,
    permittedCallerNumbers: ['4001000'],
    enabled: true,
  };
  const { status } = await stack.http('PUT', '/api/trunks/local', { token: await stack.signIn('admin'), body: local });
  expect(status).toBe(200);
}, 180_000);
afterAll(async () => {
  await (stack as Stack | undefined)?.[Symbol.asyncDispose]();
  for (const edge of edges) await edge[Symbol.asyncDispose]();
  await (servers as OutsideServers | undefined)?.[Symbol.asyncDispose]();
}, 60_000);

test('a proof call through it holds in every stage', async () => {
  const { stages } = await proofOf(stack);
  expect(stages.filter(({ ok }) => !ok)).toEqual([]);
}, 120_000);

test.each(['caller', 'agent'] as const)(
  'a carrier’s call is talked on both ways, and ends on both sides when the %s hangs up',
  async (who) => {
    const seat = await BareSeat.open(stack, 'agent1');
    const { callId, caller, heard } = await converse(seat, { address: '127.0.0.1', port: edges[0]?.port ?? 0 }, CARRIER);
    await seat.ask('call:hold', { callId });
    await seat.ask('call:resume', { callId });
    await heard();
    const over = seat.next<{ callId: string }>('call:ended');
    if (who === 'caller') caller.hangUp();
    else {
      await seat.ask('call:hang-up', { callId });
      // A survey may follow, so the caller hangs up too.
      caller.hangUp();
    }
    expect((await over).callId).toBe(callId);
    const token = await stack.signIn('supervisor');
    await until(
      () => stack.http('GET', `/api/recordings/${callId}/audio`, { token }),
      ({ status }) => status === 200,
    );
    caller.close();
    await seat.leave();
  },
  120_000,
);
