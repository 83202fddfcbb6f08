import { expect, test } from '@jest/globals';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { createMediaDirector } from './media-director.js';

function director() {
  const sent: string[] = [];
  let answers = false;
  const made = createMediaDirector({
    media: {} as never,
    ear: { adopt: () => undefined, end: () => undefined } as never,
    commands: {
      send: async (name: string, input: object) => {
        sent.push(`${name} ${JSON.stringify(input)}`);
        if (!answers) throw new Error('the mixer does not answer');
        return {};
      },
    } as never,
    seatLeg: () => undefined,
    later: () => () => undefined,
    term: 't2',
    log: silentLogger,
  });
  return { ...made, answer: (): void => void (answers = true), sent: (): readonly string[] => sent.splice(0) };
}

const KEEP = 'mixer.keep {"roomIds":["c1","c2"],"term":"t2"}';

test('after a take-over the mixer is told which rooms go on, until it has answered', async () => {
  const { adopt, takenOver, closeAgain, answer, sent } = director();
  adopt('c1');
  adopt('c2');
  await closeAgain();
  expect(sent()).toEqual([]);
  await takenOver();
  await closeAgain();
  expect(sent()).toEqual([KEEP, KEEP]);
  answer();
  await closeAgain();
  await closeAgain();
  expect(sent()).toEqual([KEEP]);
});

test('a new mixer has no rooms of anybody: nothing more is asked of it', async () => {
  const { adopt, takenOver, forgetRooms, closeAgain, sent } = director();
  adopt('c1');
  await takenOver();
  expect([sent().length, forgetRooms()]).toEqual([1, ['c1']]);
  await closeAgain();
  expect(sent()).toEqual([]);
});
