import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { seatDoorNow, tellSeatDoor } from '../../../services/shared/platform/network/seat-door-place.js';
import { createValkeyLeases } from '../../../services/shared/platform/events/valkey-leases.js';
import { until } from '../../support/until.js';
import { startValkey, stopProcess } from '../recording/recording-support.js';

// What two machines of telephony tell each other and the web origin, on a real Valkey.

let server: Awaited<ReturnType<typeof startValkey>>;
let valkey: Redis;

beforeAll(async () => {
  server = await startValkey();
  valkey = new Redis(server.url);
});
afterAll(async () => {
  valkey.disconnect();
  await stopProcess(server.child);
});

test('a role is awaited for as long as somebody says so', async () => {
  const leases = createValkeyLeases(valkey);
  expect(await leases.isAwaited('role')).toBe(false);
  await leases.announce('role', 500);
  expect(await leases.isAwaited('role')).toBe(true);
  await until(
    () => leases.isAwaited('role'),
    (is) => !is,
    5_000,
  );
});

test('seats are led to where telephony says, and to the configured place while nothing was said or what was said is of no use elsewhere', async () => {
  const configured = new URL('ws://10.0.0.11:5062');
  expect((await seatDoorNow(valkey, configured)).href).toBe(configured.href);
  await tellSeatDoor(valkey, 'ws://10.0.0.12:5062');
  expect((await seatDoorNow(valkey, configured)).host).toBe('10.0.0.12:5062');
  await tellSeatDoor(valkey, 'ws://127.0.0.1:5062');
  expect((await seatDoorNow(valkey, configured)).href).toBe(configured.href);
  expect((await seatDoorNow(valkey, new URL('ws://127.0.0.1:7000'))).host).toBe('127.0.0.1:5062');
  await tellSeatDoor(valkey, 'nonsense');
  expect((await seatDoorNow(valkey, configured)).href).toBe(configured.href);
});
