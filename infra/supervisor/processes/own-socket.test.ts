import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { socketIn } from './own-socket.js';

const folder = mkdtempSync(join(tmpdir(), 'socket-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a socket is had where the system takes one, and trying leaves nothing', async () => {
  expect(await socketIn(folder, 'valkey.sock')).toBe(join(folder, 'valkey.sock'));
  expect(readdirSync(folder)).toEqual([]);
});

test('what one who was killed while trying left there does not take the socket away for ever', async () => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'valkey.sock.try'), '');
  expect(await socketIn(folder, 'valkey.sock')).toBe(join(folder, 'valkey.sock'));
  expect(readdirSync(folder)).toEqual([]);
});

test('a path that is too long for the system, or that cannot be made, is none', async () => {
  expect(await socketIn(join(folder, 'x'.repeat(100)), 'valkey.sock')).toBeUndefined();
  expect(await socketIn(join(folder, 'nowhere'), 'valkey.sock')).toBeUndefined();
});
