import { expect, test } from '@jest/globals';
import { rulesetFor, tableOf } from './isolation.js';

const ruleset = rulesetFor({
  table: tableOf('/srv/proofline'),
  uid: 998,
  owner: 'owner 1 2 3',
  innerAddress: '127.0.0.2',
  bindings: [
    { name: 'web', host: '127.0.0.1', port: 8443, transport: 'tcp' },
    { name: 'sip', host: '127.0.0.1', port: 5060, transport: 'udp' },
    { name: 'valkey', host: '127.0.0.1', port: 6380, transport: 'tcp' },
    { name: 'documents', host: '127.0.0.1', port: 27_018, transport: 'tcp' },
    { name: 'rtpengineNg', host: '127.0.0.1', port: 22_222, transport: 'udp' },
    { name: 'sipAdmin', host: '10.0.0.5', port: 9022, transport: 'tcp' },
  ],
});

test('other users of the machine are kept from the inner ports, and from nothing else', () => {
  // One rule passes nearly every packet of the machine: the rules after it do not have to check our own packets.
  expect(ruleset.indexOf('meta skuid { 0, 998 } accept')).toBeLessThan(ruleset.indexOf('meta skuid != { 0, 998 }'));
  expect(ruleset).toContain('meta skuid != { 0, 998 } ip daddr 127.0.0.0/8 tcp dport { 6380, 27018 } counter reject');
  expect(ruleset).toContain('meta skuid != { 0, 998 } ip daddr 127.0.0.0/8 udp dport { 22222 } counter reject');
  expect(ruleset).toContain('ip daddr 127.0.0.2 meta l4proto udp counter reject');
  for (const open of ['8443', '5060', '9022']) expect(ruleset).not.toContain(open);
});

test('each installation has a table of its own, which a start replaces', () => {
  expect(tableOf('/one')).not.toBe(tableOf('/two'));
  const table = tableOf('/srv/proofline');
  expect(ruleset.startsWith(`add table inet ${table}\ndelete table inet ${table}\ntable inet ${table} {\n  comment "owner 1 2 3"\n`)).toBe(
    true,
  );
});
