import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { NgRefused, type NgClient, type NgRequest } from '../../shared/platform/network/rtpengine-ng.js';
import { createRevival } from './revival.js';

const RELAY = 'udp://relay';

/** A relay that still has the legs `kept`, but lists only `listed` at first, and telephony with `legs`. */
function restarted({
  legs,
  kept,
  listed = kept,
}: {
  readonly legs: readonly string[];
  readonly kept: string[];
  readonly listed?: string[];
}) {
  const asked: NgRequest[] = [];
  const here = new Set(legs);
  const ending: string[] = [];
  const happened: string[] = [];
  let restating = 0;
  const client: NgClient = {
    async send(request) {
      asked.push(request);
      if (request.command === 'list') return { result: 'ok', calls: listed };
      if (!kept.includes(request['call-id'] ?? '')) throw new NgRefused('query', 'Unknown call-ID');
      return { result: 'ok' };
    },
    close: () => undefined,
  };
  const revival = createRevival({
    clients: new Map([[RELAY, client]]),
    anchors: {
      of: () => [...here],
      has: (id) => here.has(id),
      forget: (id) => void here.delete(id),
      discard: async ({ mediaCallId }) => void happened.push(`dropped ${mediaCallId}`),
      isEnding: (id) => ending.includes(id),
      async revive(id) {
        restating += 1;
        happened.push(`restated ${id}, ${restating} at once`);
        await Promise.resolve();
        restating -= 1;
        if (id === 'broken') throw new Error('refused');
      },
    },
    onLost: (legId) => happened.push(`lost ${legId}`),
    onRevived: (legId) => happened.push(`revived ${legId}`),
    log: silentLogger,
  });
  return { revival, happened, asked, ending };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('only what the relay has not is lost; the rest is stated again one after the other and goes on', async () => {
  const { revival, happened } = restarted({ legs: ['a', 'b', 'c'], kept: ['a', 'c'] });
  await revival.of(RELAY);
  await settled();
  expect(happened).toEqual(['lost b', 'restated a, 1 at once', 'revived a', 'restated c, 1 at once', 'revived c']);
});

test('a leg that the answer had no room for is asked for by name', async () => {
  const { revival, happened, asked } = restarted({ legs: ['a', 'b'], kept: ['a', 'b'], listed: ['a'] });
  await revival.of(RELAY);
  expect(asked.map(({ command, 'call-id': id }) => [command, id])).toEqual([
    ['list', undefined],
    ['query', 'b'],
  ]);
  expect(happened).not.toContain('lost b');
});

test('a leg that cannot be stated again does not keep the others from it', async () => {
  const { revival, happened } = restarted({ legs: ['broken', 'a'], kept: ['broken', 'a'] });
  await revival.of(RELAY);
  await settled();
  expect(happened).toContain('revived a');
});

test('legs of the process before are only sifted: nothing of theirs was interrupted', async () => {
  const { revival, happened } = restarted({ legs: ['a', 'b'], kept: ['a'] });
  await revival.check(RELAY);
  await settled();
  expect(happened).toEqual(['lost b']);
});

test('legs that a process before left and that no call has are dropped, the others stay', async () => {
  const { revival, happened } = restarted({ legs: ['a', 'c'], kept: ['a', 'b', 'c', 'd'] });
  await revival.dropUnclaimed(RELAY);
  expect(happened).toEqual(['dropped b', 'dropped d']);
});

test('legs that a restarted relay has again, and that nobody has, are dropped once it is known who has which', async () => {
  const { revival, happened, ending } = restarted({ legs: ['a'], kept: ['a', 'deleted', 'going'] });
  ending.push('going');
  await revival.of(RELAY);
  await settled();
  expect(happened).not.toContain('dropped deleted');
  await revival.dropUnclaimed(RELAY);
  await revival.of(RELAY);
  await settled();
  expect(happened.filter((each) => each.startsWith('dropped'))).toEqual(['dropped deleted', 'dropped deleted']);
});
