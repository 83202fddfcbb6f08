import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { LiveCall } from '../../../services/shared/contracts/calls/commands.js';
import { browserClock } from './browser-clock.js';
import { createFieldPause } from './field-pause.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

const on = { callId: 'c1', recording: 'on' } as LiveCall;
const pausedBy = (by: 'agent' | 'field'): LiveCall => ({ ...on, recording: 'paused', pause: { by, reason: 'r', since: '' } });

function desk() {
  const asked: string[] = [];
  let [call, up, ok]: [LiveCall | null, boolean, boolean] = [on, true, true];
  const pause = createFieldPause({
    clock: browserClock,
    call: () => call,
    linkUp: () => up,
    ask: (name) => {
      asked.push(name.slice('call:'.length));
      return Promise.resolve(ok ? { ok: true, data: {} } : { ok: false, code: 'wrong-state', message: '' });
    },
  });
  return {
    asked,
    pause,
    refuse: (refused: boolean) => (ok = !refused),
    async tell(next: LiveCall | null, linkUp = true) {
      [call, up] = [next, linkUp];
      pause.told();
      await jest.advanceTimersByTimeAsync(0);
    },
    wait: (ms: number) => jest.advanceTimersByTimeAsync(ms),
  };
}

test('paused with the focus and recorded without it', async () => {
  const { pause, asked, tell, wait } = desk();
  pause.focus();
  await wait(0);
  await tell(pausedBy('field'));
  expect(asked).toEqual(['pause-recording']);
  pause.blur();
  await wait(300);
  expect(asked).toEqual(['pause-recording', 'resume-recording']);
});

test('from one sensitive field to the next nothing is recorded between', async () => {
  const { pause, asked, tell, wait } = desk();
  pause.focus();
  await tell(pausedBy('field'));
  pause.blur();
  pause.focus();
  await wait(1_000);
  expect(asked).toEqual(['pause-recording', 'pause-recording']);
});

test('a focus that went while the pause was asked for ends it', async () => {
  const { pause, asked, wait } = desk();
  pause.focus();
  pause.blur();
  await wait(300);
  expect(asked).toEqual(['pause-recording', 'resume-recording']);
});

test('the page after a reload ends what the one before left paused', async () => {
  const { asked, tell } = desk();
  await tell(pausedBy('field'));
  expect(asked).toEqual(['resume-recording']);
});

test('a pause by hand is nobody else’s', async () => {
  const { pause, asked, tell, wait } = desk();
  await tell(pausedBy('agent'));
  pause.focus();
  await wait(0);
  pause.blur();
  await wait(300);
  expect(asked).toEqual([]);
});

test('refused while the notice is heard: asked again when the call changes', async () => {
  const { pause, asked, tell, refuse, wait } = desk();
  refuse(true);
  pause.focus();
  await wait(0);
  refuse(false);
  await tell({ ...on, state: 'connected' });
  expect(asked).toEqual(['pause-recording', 'pause-recording']);
});

test('after the limit of the server the same focus does not pause again', async () => {
  const { pause, asked, tell, wait } = desk();
  pause.focus();
  await wait(0);
  await tell(pausedBy('field'));
  await tell(on);
  await tell({ ...on, held: true });
  expect(asked).toEqual(['pause-recording']);
});

test('without a connection nothing is asked, and with it what is due', async () => {
  const { pause, asked, tell, wait } = desk();
  await tell(on, false);
  pause.focus();
  await wait(0);
  expect(asked).toEqual([]);
  await tell(on, true);
  expect(asked).toEqual(['pause-recording']);
});
