import { expect, test } from '@jest/globals';
import { BASE_SPAN, CLAIM_OFFSET, choosePorts, portNames, portRules } from './ports.js';

test('without a word the usual ports are used', () => {
  expect(choosePorts({})).toMatchObject({ web: 8443, sip: 5060, valkey: 6380, rtpMin: 40_000, rtpMax: 44_999 });
});

test('a base moves every port, and a port that is given alone stays', () => {
  expect(choosePorts({ sip: 5070 }, 20_000)).toMatchObject({ web: 20_000, sip: 5070, mixerMax: 20_999 });
});

test('no two ports share an offset, and all fit into what a base claims', () => {
  const offsets = [...portNames.map((name) => portRules[name].offset), CLAIM_OFFSET];
  expect(new Set(offsets).size).toBe(offsets.length);
  expect(Math.max(...offsets)).toBeLessThan(BASE_SPAN);
});

test('no two ports share a usual number or a variable', () => {
  expect(new Set(portNames.map((name) => portRules[name].usual)).size).toBe(portNames.length);
  expect(new Set(portNames.map((name) => portRules[name].variable)).size).toBe(portNames.length);
});
