import { expect, test } from '@jest/globals';
import type { TeamSpell } from '../../shared/domain/people/team.js';
import { createDayFigures, LATELY_MS, type BoardVisit } from './day-figures.js';

const MIDNIGHT = Date.parse('2026-11-29T16:00:00Z');
const HOUR_MS = 3_600_000;
const NOON = MIDNIGHT + 12 * HOUR_MS;

const day = { teamId: 'day', fromMs: MIDNIGHT - 30 * 24 * HOUR_MS };
const ann: TeamSpell = { ...day, agentId: 'ann' };

function keeping(...spells: readonly TeamSpell[]) {
  const figures = createDayFigures();
  figures.turnTo(MIDNIGHT);
  figures.inTeams(spells);
  let visits = 0;
  return {
    figures,
    answers: (agentId: string, enteredAtMs: number, more: Partial<BoardVisit> = {}): void =>
      figures.saw({
        ...{ visitId: `v${(visits += 1)}`, queueId: 'q', enteredAtMs, thresholdMs: 20_000, waitMs: 5_000, outcome: 'answered', agentId },
        ...more,
      }),
    answered: (teamId: string, nowMs = NOON) => {
      const { today, lately } = figures.ofScope({ of: 'team', id: teamId }, nowMs);
      return [today.answered, lately.answered];
    },
  };
}

test('a visit counts for the team of whoever answered it; what nobody answered counts for no team', () => {
  const { answers, answered, figures } = keeping(ann);
  answers('ann', NOON - 1_000);
  answers('bob', NOON - 1_000);
  figures.saw({ visitId: 'w', queueId: 'q', enteredAtMs: NOON - 1_000, thresholdMs: 20_000 });
  expect([answered('day'), answered('night')]).toEqual([
    [1, 1],
    [0, 0],
  ]);
});

test('a move counts for its whole day: visits of before it go along, also one that goes on', () => {
  const { answers, answered, figures } = keeping(ann);
  answers('ann', MIDNIGHT + HOUR_MS);
  answers('ann', NOON - 1_000);
  expect(answered('day')).toEqual([2, 1]);
  figures.inTeams([
    { ...ann, untilMs: MIDNIGHT },
    { agentId: 'ann', teamId: 'night', fromMs: MIDNIGHT },
  ]);
  answers('ann', NOON - 500);
  expect([answered('day'), answered('night')]).toEqual([
    [0, 0],
    [3, 2],
  ]);
  // It changes no other count.
  expect(figures.of('q', NOON).today.answered).toBe(3);
});

test('the last half hour over midnight has each visit in the team of its day', () => {
  const { answers, answered } = keeping({ ...ann, untilMs: MIDNIGHT }, { agentId: 'ann', teamId: 'night', fromMs: MIDNIGHT });
  const after = MIDNIGHT + LATELY_MS / 2;
  answers('ann', MIDNIGHT - 60_000);
  answers('ann', MIDNIGHT + 60_000);
  expect([answered('day', after), answered('night', after)]).toEqual([
    [0, 1],
    [1, 1],
  ]);
});

test('a visit that becomes answered later comes to the team then, and is replaced there by its row', () => {
  const { answered, figures } = keeping(ann);
  const visit = { visitId: 'v', queueId: 'q', enteredAtMs: NOON - 9_000, thresholdMs: 20_000 };
  figures.saw(visit);
  expect(answered('day')).toEqual([0, 0]);
  figures.saw({ ...visit, outcome: 'answered', waitMs: 4_000, agentId: 'ann' });
  figures.saw({ ...visit, outcome: 'answered', waitMs: 4_100, agentId: 'ann' });
  expect(answered('day')).toEqual([1, 1]);
});
