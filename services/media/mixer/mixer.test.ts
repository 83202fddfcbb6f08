import { expect, test } from '@jest/globals';
import type { CommandHandlers } from '../../shared/contracts/calls/commands.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createMixer } from './index.js';

test('rooms of the process before are closed but for those of calls that go on; its own it keeps, however late that comes', async () => {
  let served: CommandHandlers = {};
  const commands = { serve: async (handlers: CommandHandlers) => ((served = handlers), async () => undefined) };
  const mixer = createMixer({
    ...{ address: '127.0.0.1', portMin: 1, portMax: 1, log: silentLogger, bus: { publish: async () => undefined } },
    commands: commands as never,
  });
  await mixer.start();
  const rooms = async (): Promise<unknown> => (await mixer.health?.())?.facts?.['rooms'];
  try {
    for (const roomId of ['ended', 'goes-on']) await served['mixer.open']?.({ roomId, term: 'before' });
    await served['mixer.open']?.({ roomId: 'of-no-term' });
    await served['mixer.open']?.({ roomId: 'new', term: 'now' });
    await served['mixer.keep']?.({ roomIds: ['goes-on'], term: 'now' });
    expect(await rooms()).toBe(2);
    const isOpen = async (roomId: string): Promise<boolean> =>
      served['mixer.matrix']?.({ roomId, hears: {} }).then(
        () => true,
        () => false,
      ) ?? false;
    expect(await Promise.all(['ended', 'of-no-term', 'goes-on', 'new'].map(isOpen))).toEqual([false, false, true, true]);
    // A process that opens the room again takes it over.
    await served['mixer.open']?.({ roomId: 'goes-on', term: 'now' });
    await served['mixer.keep']?.({ roomIds: [], term: 'now' });
    expect(await rooms()).toBe(2);
  } finally {
    await mixer.stop('process');
  }
});
