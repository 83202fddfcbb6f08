import { expect, test } from '@jest/globals';
import { stageOf, triedWays } from './line-trouble.js';

test('each pair of candidates is named with where it went and what became of it', () => {
  const rows = [
    { id: 'l1', type: 'local-candidate', address: '10.0.0.7', port: 50_000, protocol: 'udp' },
    { id: 'l2', type: 'local-candidate', address: null, port: 50_001, protocol: 'udp' },
    { id: 'r1', type: 'remote-candidate', address: '192.0.2.9', port: 40_000, protocol: 'udp' },
    { id: 'p1', type: 'candidate-pair', state: 'failed', localCandidateId: 'l1', remoteCandidateId: 'r1' },
    { id: 'p2', type: 'candidate-pair', state: 'in-progress', localCandidateId: 'l2', remoteCandidateId: 'r1' },
    { id: 't', type: 'transport' },
  ];
  expect(triedWays(rows)).toEqual([
    { protocol: 'UDP', from: '10.0.0.7:50000', to: '192.0.2.9:40000', state: 'failed' },
    { protocol: 'UDP', from: '…', to: '192.0.2.9:40000', state: 'in-progress' },
  ]);
});

test('a computer that offers no way has tried none', () => {
  expect(triedWays([{ id: 'r1', type: 'remote-candidate', address: '192.0.2.9', port: 40_000 }])).toEqual([]);
});

test('an offer without UDP that is refused is trouble of the network, any other refusal is of the server', () => {
  const udp = 'v=0\r\na=candidate:1 1 udp 2113937151 10.0.0.7 50000 typ host\r\n';
  expect([stageOf('refused', 'v=0\r\na=candidate:1 1 tcp 1 10.0.0.7 9 typ host\r\n'), stageOf('refused', udp)]).toEqual([
    'media',
    'refused',
  ]);
  expect([stageOf('refused', undefined), stageOf('signalling', 'v=0')]).toEqual(['refused', 'signalling']);
});
