import { expect, test } from '@jest/globals';
import { createPeers, type Peers } from '../sdp/peers.js';
import { peerRulesOf } from './peer-rules.js';

/** A site whose carriers reach it from outside. */
const peers = (): Peers =>
  createPeers({
    ...peerRulesOf({
      MEDIA_PEER_NETWORKS: [],
      MEDIA_INNER_ADDRESS: '127.0.0.2',
      RECORDER_ADDRESS: '127.0.0.2',
      MIXER_ADDRESS: '127.0.0.2',
      RTPENGINE_URLS: ['udp://127.0.0.1:22222'],
      DTMF_LISTEN: '127.0.0.1:22230',
      VALKEY_URL: 'redis://127.0.0.1:6380',
      MONGODB_URI: 'mongodb://127.0.0.1:27018/x',
      S3_ENDPOINT: 'http://127.0.0.1:9100',
      DRACHTIO_URL: 'tcp://127.0.0.1:9022',
      SIP_WEBSOCKET_URL: 'ws://127.0.0.1:5062',
      SIP_TRUNK_ADDRESS: '192.0.2.1:5060',
      SIP_TEST_ADDRESS: '127.0.0.1:33064',
      WEB_PORT: 8443,
      RTPENGINE_PORT_MIN: 40_000,
      RTPENGINE_PORT_MAX: 44_999,
      RECORDER_PORT_MIN: 46_000,
      RECORDER_PORT_MAX: 48_999,
      MIXER_PORT_MIN: 49_000,
      MIXER_PORT_MAX: 49_999,
    }),
    ownAddresses: () => ['192.0.2.1', '127.0.0.1'],
    ownBroadcasts: () => [],
  });

test('a telephone of a test call may be at the address of its door', () =>
  expect(peers().allows({ address: '127.0.0.1', port: 50_000 }, { door: 'test' })).toBe(true));

test('a caller of a carrier has no sound sent to a program of this machine', () =>
  expect(peers().allows({ address: '127.0.0.1', port: 50_000 }, { door: 'trunk', addresses: ['203.0.113.7'] })).toBe(false));

test('nobody gets sound sent to the address that carriers reach', () =>
  expect(peers().allows({ address: '192.0.2.1', port: 50_000 }, { door: 'test' })).toBe(false));

test.each([33_064, 33_063, 22_222, 5_062])('nobody gets sound sent to port %d, which a part of the product listens on', (port) =>
  expect(peers().allows({ address: '127.0.0.1', port }, { door: 'test' })).toBe(false),
);
