import { describe, expect, test } from '@jest/globals';
import type { Trunk } from '../shared/contracts/calls/flow.js';
import { dialogHandle, mayContinue, readDialogHandle, type Peer } from './peer.js';

const trunk: Trunk = {
  id: 'carrier',
  name: 'carrier',
  carrier: '',
  addresses: ['192.0.2.0/24'],
  trustsIdentity: true,
  permittedCallerNumbers: [],
  enabled: true,
};
type Source = Parameters<typeof mayContinue>[1];
const from = (address: string, port = 5060, transport: Source['transport'] = 'udp'): Source => ({ address, port, transport });

describe('a request within a call', () => {
  const call: Peer = { door: 'trunk', trunkId: 'carrier', address: '198.51.100.1' };
  const overTls: Peer = { ...call, overTls: true };
  const seat: Peer = { door: 'seat', address: '127.0.0.1', port: 40_000 };

  test.each([
    ['of a trunk, from an address of the trunk', call, from('192.0.2.9'), true],
    ['of a trunk, from where the call came from', call, from('198.51.100.1', 6_000), true],
    ['of a trunk, from elsewhere', call, from('203.0.113.1'), false],
    ['of a trunk, by a WebSocket of the same address', call, from('192.0.2.9', 5_060, 'ws'), false],
    ['of a trunk over TLS, over TLS', overTls, from('192.0.2.9', 5_060, 'tls'), true],
    ['of a trunk over TLS, in clear from where the call came from', overTls, from('198.51.100.1'), false],
    ['of a trunk in clear, over TLS', call, from('192.0.2.9', 5_060, 'tls'), false],
    ['of a seat, by its connection', seat, from('127.0.0.1', 40_000, 'ws'), true],
    ['of a seat, by the connection of another', seat, from('127.0.0.1', 40_001, 'ws'), false],
  ])('%s: %#', (_what, peer, source, taken) => {
    expect(mayContinue(peer, source, [trunk])).toBe(taken);
  });

  test('of a trunk that was deleted, is taken from where the call came from alone', () => {
    expect([mayContinue(call, from('198.51.100.1'), []), mayContinue(call, from('192.0.2.9'), [])]).toEqual([true, false]);
  });

  test.each([call, overTls, seat, { door: 'test', address: '::1', port: 5_064 } as const])(
    'the handle of a dialog keeps its peer: %#',
    (peer) => {
      const dialogId = 'abc|def@x;from-tag=1 2';
      expect(readDialogHandle(dialogHandle(peer, dialogId))).toEqual({ peer, dialogId });
    },
  );

  test('and its state, where it is known; one of an older form has none', () => {
    const dialogId = 'abc;from-tag=1';
    const state = {
      callId: 'abc',
      ours: '<sip:a@b>;tag=1',
      theirs: '<sip:c@d>;tag=2',
      target: 'sip:c@d',
      sdp: 'v=0\r\n',
      heard: 'm=audio 1 RTP/AVP 8',
    };
    expect(readDialogHandle(dialogHandle(call, dialogId, state))).toEqual({ peer: call, dialogId, state });
    expect(readDialogHandle(`${dialogHandle(call, dialogId)}\n{"callId":1}`)).toEqual({ peer: call, dialogId });
    expect(readDialogHandle(`${dialogHandle(call, dialogId)}\n{`)).toEqual({ peer: call, dialogId });
  });

  test('what is no handle has none', () => {
    expect(readDialogHandle('abc;from-tag=1')).toBeUndefined();
  });
});
