import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { Threshold } from '../../shared/contracts/queues/threshold.js';
import { createDayFigures, type BoardVisit } from '../waits/day-figures.js';
import { createThresholdWatch } from './threshold-watch.js';

const MIDNIGHT = Date.parse('2026-11-27T16:00:00Z');

const Told = z.object({
  code: z.string(),
  text: z.object({ en: z.string() }).default({ en: '' }),
  scope: z.unknown().optional(),
  people: z.unknown().optional(),
});

function watching(...thresholds: readonly object[]) {
  let nowMs = MIDNIGHT + 3_600_000;
  let away = false;
  const told: { readonly name: string; readonly code: string; readonly text: string; readonly scope: unknown; readonly people: unknown }[] =
    [];
  const figures = createDayFigures();
  figures.turnTo(MIDNIGHT);
  const watch = createThresholdWatch({
    figures,
    bus: {
      publish: async (name, event) => {
        if (away) throw new Error('the live state is away');
        const { code, text, scope, people } = Told.parse(event);
        told.push({ name, code, text: text.en, scope, people });
      },
    },
    nowMs: () => nowMs,
    nameOf: ({ id }) => ({ zh: id, en: id }),
  });
  const usual = {
    scope: { of: 'queue', id: 'q' },
    figure: 'waiting',
    window: 'today',
    worse: 'above',
    warn: 1,
    alarm: 3,
    clear: 0,
    holdOffSeconds: 0,
  };
  const set = (...all: readonly object[]): void =>
    watch.set(all.map((each, i) => Threshold.parse({ id: `t${i}`, revision: 1, ...usual, ...each })));
  set(...thresholds);
  let visits = 0;
  return {
    ...{ watch, told, set, figures },
    waits: (more: Partial<BoardVisit> = {}): string => {
      const visitId = `v${(visits += 1)}`;
      figures.saw({ visitId, queueId: 'q', called: '4001000', enteredAtMs: nowMs, thresholdMs: 20_000, ...more });
      return visitId;
    },
    leaves: (visitId: string, more: Partial<BoardVisit> = {}): void =>
      figures.saw({ visitId, queueId: 'q', enteredAtMs: nowMs, thresholdMs: 20_000, outcome: 'abandoned', waitMs: 1_000, ...more }),
    pass: async (ms: number): Promise<void> => {
      nowMs += ms;
      await watch.look();
    },
    nextDay: (): void => {
      nowMs = MIDNIGHT + 86_400_000;
      figures.turnTo(nowMs);
    },
    liveStateAway: (is: boolean): void => void (away = is),
    /** The alarms at the bell now. */
    raised: (): string[] => {
      const open = new Set<string>();
      for (const { name, code } of told)
        if (name === 'notice.raised') open.add(code);
        else open.delete(code);
      return [...open];
    },
  };
}

test('one alarm stands at a time: the warning gives way to the alarm, and both end with the queue', async () => {
  const { waits, leaves, pass, raised } = watching({});
  await pass(500);
  expect(raised()).toEqual([]);
  const ids = [waits(), waits()];
  await pass(500);
  expect(raised()).toEqual(['figure-warning']);
  ids.push(waits(), waits());
  await pass(500);
  expect(raised()).toEqual(['figure-alarm']);
  for (const id of ids.slice(1)) leaves(id);
  await pass(500);
  expect(raised()).toEqual(['figure-alarm']);
  leaves(ids[0] ?? '');
  await pass(500);
  expect(raised()).toEqual([]);
});

test('what is raised says the figure, the limit and whose it is, and goes to the people whom the threshold names', async () => {
  const { waits, pass, told } = watching({ people: ['u1'] });
  for (let i = 0; i < 4; i += 1) waits();
  await pass(0);
  expect(told.filter(({ name }) => name === 'notice.raised')).toEqual([
    {
      name: 'notice.raised',
      code: 'figure-alarm',
      text: 'q: Waiting (W) today is 4, above the threshold of 3.',
      scope: { queueId: 'q' },
      people: ['u1'],
    },
  ]);
});

test('a threshold of a team watches what its members answered, and its alarm is of the team', async () => {
  const { figures, leaves, waits, pass, told } = watching({
    scope: { of: 'team', id: 'day' },
    figure: 'answered',
    warn: undefined,
    alarm: 0,
  });
  figures.inTeams([{ teamId: 'day', agentId: 'ann', fromMs: MIDNIGHT }]);
  leaves(waits(), { outcome: 'answered', agentId: 'bob' });
  await pass(500);
  expect(told.filter(({ name }) => name === 'notice.raised')).toEqual([]);
  leaves(waits(), { outcome: 'answered', agentId: 'ann' });
  await pass(500);
  expect(told.filter(({ name }) => name === 'notice.raised')).toMatchObject([{ code: 'figure-alarm', scope: { teamId: 'day' } }]);
});

test('of a team, as of an agent, nobody sets a figure that belongs to nobody', () => {
  const of = (figure: string) =>
    Threshold.safeParse({
      id: 't',
      revision: 1,
      scope: { of: 'team', id: 'day' },
      figure,
      window: 'today',
      worse: 'above',
      warn: 1,
      clear: 0,
    });
  expect([of('answered').success, of('asa').success, of('waiting').success, of('abandoned').success]).toEqual([true, true, false, false]);
});

test('a figure that swings for ten minutes is raised once', async () => {
  const { waits, leaves, pass, told } = watching({ warn: undefined, alarm: 1, clear: 0 });
  waits();
  for (let second = 0; second < 300; second += 1) {
    const id = waits();
    await pass(1_000);
    leaves(id);
    await pass(1_000);
  }
  expect(told.filter(({ name }) => name === 'notice.raised')).toHaveLength(1);
});

test('a number, a client unit, an agent and the whole centre are counted each by itself', async () => {
  const { waits, leaves, pass, watch } = watching(
    { scope: { of: 'number', id: '4001000' } },
    { scope: { of: 'client-unit', id: 'unit' } },
    { scope: { of: 'agent', id: 'a1' }, figure: 'answered' },
    { scope: { of: 'site', id: '' } },
  );
  const id = waits();
  waits({ called: '4002000', queueId: 'other' });
  leaves(id, { outcome: 'answered', agentId: 'a1', clientUnit: 'unit' });
  waits();
  await pass(0);
  expect(watch.marks().map(({ scope: { of }, value, clientUnit }) => [of, value, clientUnit])).toEqual([
    ['number', 1, 'unit'],
    // The event of the second call does not name the client unit of its number; the row of the first call did.
    ['client-unit', 1, 'unit'],
    ['agent', 1, undefined],
    ['site', 2, undefined],
  ]);
});

test('a threshold that is removed, or not in use any more, takes back what it raised', async () => {
  const { waits, pass, raised, set } = watching({ warn: undefined, alarm: 0 });
  waits();
  await pass(0);
  expect(raised()).toEqual(['figure-alarm']);
  set({ revision: 2, active: false });
  await pass(500);
  expect(raised()).toEqual([]);
});

test('what was raised before a start by one that is not in use is taken back, once', async () => {
  const { told, set, pass } = watching({ active: false });
  await pass(0);
  const cleared = ['notice.cleared figure-warning', 'notice.cleared figure-alarm'];
  expect(told.map(({ name, code }) => `${name} ${code}`)).toEqual(cleared);
  set({ active: false });
  await pass(500);
  expect(told).toHaveLength(2);
});

test('a threshold that is changed is judged anew', async () => {
  const { waits, pass, raised, set } = watching({ warn: undefined, alarm: 0 });
  waits();
  await pass(0);
  set({ revision: 2, warn: undefined, alarm: 5 });
  await pass(500);
  expect(raised()).toEqual([]);
});

test('after a start nothing is cleared that nobody can judge yet', async () => {
  const { waits, pass, told } = watching({ warn: 1, alarm: undefined, clear: 0, holdOffSeconds: 30 });
  waits();
  await pass(500);
  expect(told).toEqual([]);
});

test('what could not be published is published when it can be', async () => {
  const { waits, pass, raised, liveStateAway } = watching({ warn: undefined, alarm: 0 });
  await pass(0);
  waits();
  liveStateAway(true);
  await expect(pass(500)).rejects.toThrow('away');
  liveStateAway(false);
  await pass(500);
  expect(raised()).toEqual(['figure-alarm']);
});

test('a limit of one agent is for a figure of what was answered', () => {
  const of = { id: 't', scope: { of: 'agent', id: 'a1' }, window: 'today', worse: 'above', warn: 1, clear: 0 };
  expect(Threshold.safeParse({ ...of, figure: 'abandoned' }).success).toBe(false);
  expect(Threshold.safeParse({ ...of, figure: 'answered' }).success).toBe(true);
});

describe('what is bad below its limit', () => {
  const below = { worse: 'below', warn: undefined, clear: 100 };

  test.each([
    ['a service level', { figure: 'sl.strict', alarm: 80, minimumSample: 0 }],
    ['a count', { figure: 'answered', alarm: 1 }],
    ['what came in', { figure: 'entered', alarm: 1 }],
    ['what one agent answered', { figure: 'answered', alarm: 1, scope: { of: 'agent', id: 'a1' } }],
  ])('%s of today is not judged before anybody has called', async (_what, threshold) => {
    const { pass, told, watch } = watching({ ...below, ...threshold });
    await pass(500);
    await pass(3_600_000);
    expect(told.filter(({ name }) => name === 'notice.raised')).toEqual([]);
    expect(watch.marks().map(({ level }) => level)).toEqual(['ok']);
  });

  test('a count is judged from the first call on, a level from its minimum sample on, and midnight ends both', async () => {
    const { waits, leaves, pass, watch, raised, nextDay } = watching(
      { ...below, figure: 'answered', alarm: 1 },
      { ...below, figure: 'sl.strict', alarm: undefined, warn: 80, minimumSample: 3 },
    );
    const levelsAfterOneMore = async (): Promise<string[]> => {
      leaves(waits(), { waitMs: 60_000 });
      await pass(500);
      return watch.marks().map(({ level }) => level);
    };
    expect(await levelsAfterOneMore()).toEqual(['alarm', 'ok']);
    expect(await levelsAfterOneMore()).toEqual(['alarm', 'ok']);
    expect(await levelsAfterOneMore()).toEqual(['alarm', 'warn']);
    nextDay();
    await pass(500);
    expect(watch.marks().map(({ level }) => level)).toEqual(['ok', 'ok']);
    expect(raised()).toEqual([]);
  });

  test('half an hour in which nobody called is too few calls, at any time of the day', async () => {
    const { pass, raised } = watching({ ...below, figure: 'entered', window: 'lately', alarm: 1 });
    await pass(500);
    expect(raised()).toEqual(['figure-alarm']);
  });
});
