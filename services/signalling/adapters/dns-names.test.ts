import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import dnsPacket from 'dns-packet';
import { createDnsNames } from './dns-names.js';

test('a name server to which the machine has no way is no answer, and ends no process', async () => {
  // The kernel refuses to connect a socket to this address, as it does without a network.
  const names = createDnsNames(() => ['255.255.255.255']);
  await expect(names.srv('_sip._udp.carrier.example')).rejects.toMatchObject({ code: 'service-unavailable', cause: { code: 'EACCES' } });
});

test('an address behind an alias holds no longer than the alias', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.on('message', (data, peer) => {
    const { id, questions } = dnsPacket.decode(data);
    const answers = [
      { type: 'CNAME', name: 'edge.carrier.example', ttl: 5, data: 'now.carrier.example' },
      { type: 'A', name: 'now.carrier.example', ttl: 3_600, data: '192.0.2.1' },
    ] as const;
    socket.send(dnsPacket.encode({ type: 'response', id, questions, answers: [...answers] }), peer.port, peer.address);
  });
  try {
    const names = createDnsNames(() => [`127.0.0.1:${String(socket.address().port)}`]);
    expect(await names.addresses('edge.carrier.example')).toEqual({ records: ['192.0.2.1'], ttlMs: 5_000 });
  } finally {
    socket.close();
  }
});
