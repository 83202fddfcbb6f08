import { expect, jest, test } from '@jest/globals';
import { objectsRound } from '../../cluster/rounds/objects.js';
import { OutsideServers } from '../../support/servers/outside-servers.js';
import { Stack } from '../../support/stack.js';

// The short form of `npm run cluster -- --only T11`.

jest.setTimeout(240_000);

test('the object store is killed under calls: recordings wait on the disk, and all are stored and locked once it is back', async () => {
  await using servers = await OutsideServers.create();
  const objects = await servers.objects();
  await using stack = await Stack.start({ layout: 'roles', env: servers.env });
  const round = await objectsRound(stack, objects, { talking: 4 });
  expect(round.broken).toEqual([]);
  expect(round).toMatchObject({ calls: 4, dropped: 0, lostMs: 0, ledgerIsWhole: true, auditIsWhole: true });
});
