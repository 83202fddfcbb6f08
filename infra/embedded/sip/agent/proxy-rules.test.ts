import { expect, test } from '@jest/globals';
import { Headers } from '../message/headers.js';
import { NO_BODY, type SipResponse } from '../message/message.js';
import { addressOf, bestResponse, parseTimeout, redirectTargets } from './proxy-rules.js';

function response(status: number, headers = Headers.empty()): SipResponse {
  return { kind: 'response', status, reason: '', headers, body: NO_BODY };
}

test.each([
  [[486, 603, 404], 603],
  [[486, 407, 404], 407],
  [[503, 404], 404],
  [[503, 500], 500],
  [[302, 486], 302],
])('the best of %j is %i (RFC 3261 16.7 step 6)', (statuses, best) => {
  expect(bestResponse(statuses.map((status) => response(status)))?.status).toBe(best);
});

test('challenges of all branches are gathered in the one that is forwarded (step 7)', () => {
  const one = response(401, Headers.empty().add('WWW-Authenticate', 'Digest realm="a"'));
  const two = response(407, Headers.empty().add('Proxy-Authenticate', 'Digest realm="b"'));
  const best = bestResponse([two, one]);
  expect(best?.headers.get('www-authenticate')).toContain('"a"');
  expect(best?.headers.get('proxy-authenticate')).toContain('"b"');
});

test('redirect targets come by preference', () => {
  const headers = Headers.empty().add('Contact', '<sip:low@h>;q=0.1, <sip:high@h>;q=0.9').add('Contact', '<sip:top@h>');
  expect(redirectTargets(response(302, headers))).toEqual(['sip:top@h', 'sip:high@h', 'sip:low@h']);
});

test('timeouts and addresses', () => {
  expect([parseTimeout('2s'), parseTimeout('1500ms'), parseTimeout('3'), parseTimeout(''), parseTimeout('soon')]).toEqual([
    2_000,
    1_500,
    3_000,
    undefined,
    undefined,
  ]);
  expect(addressOf('sip:[::1];transport=tls')).toEqual({ host: '::1', port: 5_061 });
  expect(addressOf('sips:h')).toEqual({ host: 'h', port: 5_061 });
  expect(addressOf('tel:+1')).toBeUndefined();
});
