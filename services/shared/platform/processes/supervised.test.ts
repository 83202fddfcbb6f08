import { expect, test } from '@jest/globals';
import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { reportToSupervisor } from './supervised.js';

/** A channel to a supervisor, with the messages sent over it and the endings that this process was told of. */
function channel(): {
  readonly line: EventEmitter;
  readonly sent: object[];
  readonly stops: string[];
  readonly ready: ReturnType<typeof reportToSupervisor>['ready'];
} {
  const sent: object[] = [];
  const stops: string[] = [];
  const line = Object.assign(new EventEmitter(), { send: (message: object) => sent.push(message) > 0 });
  const { ready } = reportToSupervisor(
    { health: () => Promise.resolve({ ok: true }), drain: (tell) => tell(2), stop: (ending) => stops.push(ending) },
    line as unknown as NodeJS.Process,
  );
  return { line, sent, stops, ready };
}

test('a supervisor hears that a process is ready, how it is, and how many calls are left', async () => {
  const { line, sent, ready } = channel();
  ready({ roles: ['api'], standsBy: ['api'] });
  line.emit('message', { type: 'drain' });
  line.emit('message', { type: 'health?' });
  await turn();
  expect(sent).toEqual([
    { type: 'ready', info: { roles: ['api'], standsBy: ['api'] } },
    { type: 'draining', calls: 2 },
    { type: 'health', ok: true },
  ]);
});

test('only a message says that the product ends; a stop without one is that of this process', () => {
  const { line, stops } = channel();
  line.emit('message', { type: 'stop', ending: 'product' });
  line.emit('message', { type: 'stop' });
  expect(stops).toEqual(['product', 'process']);
});
