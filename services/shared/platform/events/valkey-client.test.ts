import { describe, expect, test } from '@jest/globals';
import { hasReplicas, serversOf, valkeyAddress, withPasswords } from './valkey-client.js';

describe('the address of the live state', () => {
  test('names one server, or the sentinels of a group', () => {
    expect(valkeyAddress('redis://live.site.example:6379')).toEqual({ kind: 'server', url: 'redis://live.site.example:6379' });
    expect(valkeyAddress('sentinel://one,two:26380,[2001:db8::3]:26381/calls')).toMatchObject({
      sentinels: [
        { host: 'one', port: 26_379 },
        { host: 'two', port: 26_380 },
        { host: '2001:db8::3', port: 26_381 },
      ],
      name: 'calls',
      password: undefined,
    });
    expect(hasReplicas('sentinel://one/calls')).toBe(true);
    expect(hasReplicas('redis://one')).toBe(false);
  });

  test.each([
    'http://one',
    'one:6379',
    'sentinel://one',
    'sentinel:///calls',
    'sentinel://one,/calls',
    'sentinel://one:0x/calls',
    'redis://',
  ])('%s is none', (text) => {
    expect(valkeyAddress(text)).toBeUndefined();
  });

  test('takes passwords of files, of the group and of its sentinels, whatever they are made of', () => {
    const passwords = { password: 'p@:/?%,w', sentinelPassword: 's@/,&?' };
    const address = withPasswords('sentinel://one,[::1]:26380/calls', passwords);
    expect(valkeyAddress(address)).toEqual({
      kind: 'sentinel',
      sentinels: [
        { host: 'one', port: 26_379 },
        { host: '::1', port: 26_380 },
      ],
      name: 'calls',
      username: undefined,
      password: passwords.password,
      sentinelPassword: passwords.sentinelPassword,
    });
    expect(withPasswords('sentinel://me:own@one/calls', passwords)).toContain('me:own@');
    expect(new URL(withPasswords('redis://one:6379', passwords)).password).toBe('p%40%3A%2F%3F%,w');
    expect(withPasswords('redis://:own@one:6379', passwords)).toBe('redis://:own@one:6379');
    expect(withPasswords('redis://one:6379?path=%2Frun%2Fa%20b', passwords)).toBe('redis://:p%40%3A%2F%3F%,w@one:6379?path=%2Frun%2Fa%20b');
    expect(withPasswords('redis://one:6379', { password: undefined, sentinelPassword: undefined })).toBe('redis://one:6379');
  });

  test('names the servers that are no parties of a call', () => {
    const named = (text: string): readonly { readonly host: string; readonly port: number }[] => {
      const address = valkeyAddress(text);
      return address === undefined ? [] : serversOf(address);
    };
    expect(named('redis://127.0.0.1:6380?path=%2Frun%2Fvalkey.sock')).toEqual([{ host: '127.0.0.1', port: 6_380 }]);
    expect(named('redis://10.0.0.5')).toEqual([{ host: '10.0.0.5', port: 6_379 }]);
    expect(named('sentinel://10.0.0.6,10.0.0.7:1/calls').map(({ host }) => host)).toEqual(['10.0.0.6', '10.0.0.7']);
  });
});
