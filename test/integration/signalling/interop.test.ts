import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InteropCentre } from '../../interop/centre.js';
import { matrix, runCase } from '../../interop/matrix.js';

// Ten habits of carriers, of the matrix that `npm run interop` runs whole. They need no capture file, and so no raw sockets.
const SHORT = [
  'pcma',
  'delayed-offer',
  'hold-inactive',
  'digit-info',
  't38',
  'message',
  'unknown-number',
  'failover-503',
  'digest-crossed',
  'sent-info',
];

let centre: InteropCentre;
beforeAll(async () => {
  centre = await InteropCentre.open();
}, 60_000);
afterAll(() => centre[Symbol.asyncDispose]());

test.each(SHORT)('%s', async (id) => {
  const found = matrix.find((each) => each.id === id);
  if (found === undefined) throw new Error(`no case ${id}`);
  expect(await runCase(centre, found)).toMatchObject({ id, passed: true });
});
