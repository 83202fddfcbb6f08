import { expect, test } from '@jest/globals';
import { readConfig } from './config.js';
import { ownAddresses } from '../network/own-addresses.js';

const needed = {
  S3_ACCESS_KEY: 'access',
  S3_SECRET_KEY: 'quite-secret',
  DRACHTIO_SECRET: 'quite-secret',
  TOKEN_KEY: 'k'.repeat(43),
  SEAT_KEY: 'k'.repeat(43),
  MASTER_KEY: 'k'.repeat(43),
};

const problemOf = (env: NodeJS.ProcessEnv): string => {
  try {
    readConfig(env);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test('a relay on another machine is refused until somebody answers for the network that carries the keys of sound', () => {
  const problem = problemOf({ ...needed, RTPENGINE_URLS: 'udp://127.0.0.1:22222,udp://192.0.2.5:22222' });
  expect(problem).toContain('RELAY_CONTROL_NETWORK');
  expect(problem).toContain('must be "private"');
  expect(problem).not.toContain('192.0.2.5');
  expect(problemOf({ ...needed, RTPENGINE_URLS: 'udp://192.0.2.5:22222', RELAY_CONTROL_NETWORK: 'private' })).toBe('');
  expect(problemOf({ ...needed, RTPENGINE_URLS: 'udp://relay.site.example:22222' })).toContain('RELAY_CONTROL_NETWORK');
  for (const address of ['localhost', ...ownAddresses()])
    expect(problemOf({ ...needed, RTPENGINE_URLS: `udp://${address.includes(':') ? `[${address}]` : address}:22222` })).toBe('');
});
