import { expect, test } from '@jest/globals';
import pino from 'pino';
import type { Live } from '../running/controller.js';
import { Trunk } from '../../shared/contracts/calls/flow.js';
import { createKeySending } from './key-sending.js';

function sending(fails: readonly string[] = [], digits?: 'info') {
  const sent: string[] = [];
  const due: { readonly ms: number; readonly run: () => void }[] = [];
  const ready = new Set<string>();
  const send = createKeySending({
    media: {
      readyForKeys: async (id) => !ready.has(id) && Boolean(ready.add(id)),
      sendKey: async (_id, key) => {
        if (fails.includes(key)) throw new Error('the relay is away');
        sent.push(key);
      },
    },
    directory: { trunk: () => (digits === undefined ? undefined : Trunk.parse({ id: 'carrier', name: '', addresses: [], digits })) },
    later: (ms, run) => {
      due.push({ ms, run });
      return () => undefined;
    },
    log: pino({ level: 'silent' }),
  });
  const pass = async (): Promise<number | undefined> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    const next = due.shift();
    next?.run();
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    return next?.ms;
  };
  return { send, sent, pass };
}
const call = { call: { id: 'c1' }, keys: undefined } as Live;

test('the first keys wait until the relay is ready, later ones do not; two orders keep their order', async () => {
  const { send, sent, pass } = sending();
  const live = { ...call };
  send(live, '12');
  send(live, '3');
  expect(await pass()).toBe(1_000);
  expect(sent).toEqual(['1']);
  expect([await pass(), await pass()]).toEqual([260, 260]);
  expect(sent).toEqual(['1', '2', '3']);
});

test('keys that cannot be sent take none of a later order along', async () => {
  const { send, sent, pass } = sending(['#']);
  const live = { ...call };
  send(live, '#1');
  send(live, '2');
  await pass();
  await pass();
  expect(sent).toEqual(['2']);
});

test('where the sheet says INFO, keys go within the dialog, in their order, and none goes to the relay', async () => {
  const { send, sent, pass } = sending([], 'info');
  const informed: string[] = [];
  const leg = { sendDigit: async (digit: string) => void informed.push(digit) } as unknown as Live['leg'];
  const live = { ...call, leg };
  send(live, '12');
  expect([await pass(), await pass()]).toEqual([260, 260]);
  expect({ informed, sent }).toEqual({ informed: ['1', '2'], sent: [] });
});
