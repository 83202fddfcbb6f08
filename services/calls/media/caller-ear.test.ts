import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import type { CallEvent } from '../machine/call-events.js';
import { createCallerEar } from './caller-ear.js';
import type { CallerHears } from './media-plan.js';

const call = { id: 'c1', callId: 'c1', language: 'en' } as const;
const outside = { ...call, id: 'c1-2' };
const speech = (token: string, ...prompts: string[]): CallerHears => ({ kind: 'speech', token, prompts });
const music: CallerHears = { kind: 'repeated', promptId: 'music' };
const party: CallerHears = { kind: 'party' };

/** One ear with its own clock: `heard` is what the relay was asked for, `reported` what came back to the call. */
function listen() {
  const heard: string[] = [];
  const reported: CallEvent[] = [];
  let due: (() => void)[] = [];
  let relayFails = false;
  const ear = createCallerEar({
    media: {
      has: () => true,
      play: async (_id, file, times) => {
        if (relayFails) throw new Error('no relay');
        heard.push(times === 0 ? `${file}…` : file);
        return { durationMs: 1_000 };
      },
      stopPlay: async () => {
        if (relayFails) throw new Error('no relay');
        heard.push('stop');
      },
    },
    prompts: { file: (promptId) => (promptId === 'missing' ? undefined : promptId) },
    report: (_callId, event) => void reported.push(event),
    later: (_ms, run) => {
      due.push(run);
      return () => (due = due.filter((each) => each !== run));
    },
    log: silentLogger,
  });
  return {
    heard,
    reported,
    hear: (hears: CallerHears, listener = call as typeof call | typeof outside) => ear.hear(listener, hears),
    end: () => ear.end('c1'),
    fail: (fails: boolean) => (relayFails = fails),
    async passes(): Promise<void> {
      for (const run of due.splice(0)) run();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('prompts are heard one after the other, and their end is reported once', async () => {
  const { hear, passes, heard, reported } = listen();
  await hear(speech('4', 'one', 'two'));
  await hear(speech('4', 'one', 'two'));
  await passes();
  await passes();
  await passes();
  expect(heard).toEqual(['one', 'two']);
  expect(reported).toEqual([{ type: 'prompt-ended', token: '4' }]);
});

test('an announcement ends with its stage: nothing of it is played into the conversation', async () => {
  const { hear, passes, heard, reported } = listen();
  await hear(music);
  await hear(speech('4', 'place', 'three', 'please-wait'));
  await hear(music);
  await hear(party);
  await passes();
  await passes();
  expect(heard).toEqual(['music…', 'place', 'music…', 'stop']);
  expect(reported).toEqual([]);
});

test('a prompt that cannot be played is passed over and the end says so', async () => {
  const { hear, passes, heard, reported } = listen();
  await hear(speech('4', 'missing', 'two'));
  await passes();
  await passes();
  expect(heard).toEqual(['two']);
  expect(reported).toEqual([{ type: 'prompt-ended', token: '4', unheard: true }]);
});

test('a third party has heard its notice only when the relay answers for the leg at the end; a caller is asked after by no command', async () => {
  const { hear, passes, heard, reported, fail } = listen();
  await hear(speech('4', 'notice'), outside);
  fail(true);
  await passes();
  expect(reported).toEqual([{ type: 'prompt-ended', token: '4', unheard: true }]);
  fail(false);
  await hear(speech('5', 'notice'), outside);
  await passes();
  await hear(speech('6', 'menu'));
  await passes();
  expect(reported.slice(1)).toEqual([
    { type: 'prompt-ended', token: '5' },
    { type: 'prompt-ended', token: '6' },
  ]);
  expect(heard).toEqual(['notice', 'notice', 'stop', 'menu']);
});

test('music that the relay refused is tried again at the next look', async () => {
  const { hear, heard, fail } = listen();
  fail(true);
  await expect(hear(music)).rejects.toThrow('no relay');
  fail(false);
  await hear(music);
  expect(heard).toEqual(['music…']);
});

test('after the end of the call nothing more is played', async () => {
  const { hear, passes, end, heard } = listen();
  await hear(speech('4', 'one', 'two'));
  end();
  await passes();
  expect(heard).toEqual(['one']);
});
