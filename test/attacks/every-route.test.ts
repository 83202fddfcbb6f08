import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../services/shared/platform/mongo.js';
import type { WalkedRoute } from '../support/route-walk.js';
import { walkReach, type ForeignObjects, type Walker } from '../support/scope-walk.js';
import { layOutForeign, layOutTwoClients, peopleOfEveryKind, routesOf } from '../support/two-clients.js';
import { attacked } from './support/tier.js';

// Calls every route of the table without a sign-in, and as each role with each kind of scope, for reads and for writes.

const stack = attacked();
let mongo: Connection;
let routes: readonly WalkedRoute[];
let walkers: readonly Walker[];
let foreign: ForeignObjects;

beforeAll(async () => {
  const admin = await stack.signIn('admin');
  mongo = await connectMongo(stack.config);
  await layOutTwoClients(stack, mongo, admin);
  walkers = await peopleOfEveryKind(stack, admin);
  const whole = walkers.find(({ role, scoped }) => role === 'supervisor' && !scoped)?.token ?? '';
  ({ foreign } = await layOutForeign(stack, admin, whole));
  routes = await routesOf(stack, admin);
}, 90_000);

afterAll(async () => {
  await (mongo as Connection | undefined)?.close();
  expect((await stack.http('GET', '/api/health')).status).toBe(200);
});

test('is answered as it declares its right and its reach', async () => {
  const { asked, routes: all, askedSignedIn, faults } = await walkReach(stack, routes, walkers, foreign);
  const open = routes.filter(({ right }) => right === 'public').map(({ method, path }) => `${method} ${path}`);
  process.stdout.write(
    `${all.length} routes, ${walkers.length} people and nobody: ${asked} requests, ${faults.length} answered wrongly; ` +
      `${askedSignedIn.length} routes asked with a sign-in, ${open.length} open to everybody\n`,
  );
  expect(faults).toEqual([]);
  // What is left ends or makes the asker's own session, seat or factor, and takes no body that could be refused: nobody alone may ask it here.
  const left = routes.filter(({ method, path }) => ![...askedSignedIn, ...open].includes(`${method} ${path}`));
  for (const { method, path, reach, right } of left)
    expect([method, path, reach.kind, right, method !== 'get']).toEqual([method, path, 'self', 'self.use', true]);
}, 240_000);
