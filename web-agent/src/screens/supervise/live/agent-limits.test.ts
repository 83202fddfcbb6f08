import { expect, test } from '@jest/globals';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { limitsOf, passedBy } from './agent-limits.js';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 28, 8, minute)).toISOString();
const nowMs = Date.parse(at(30));
const agent = (row: Partial<AgentRow>): AgentRow => ({ agentId: 'a', name: 'A', state: 'ready', since: at(0), queues: [], ...row });
const site = {
  scope: { of: 'site', id: '' },
  limits: { talk: { warn: 600, alarm: 1_200 }, hold: { warn: 60 }, missed: { alarm: 2 } },
} as const;
const north = { scope: { of: 'team', id: 'north' }, limits: { talk: { alarm: 3_600 } } } as const;

test('the limits of a team come before those of the site, one by one', () => {
  expect(limitsOf([site, north], 'north')).toMatchObject({ talk: { alarm: 3_600 }, hold: { warn: 60 } });
  expect(limitsOf([site, north], 'south')).toMatchObject({ talk: { warn: 600, alarm: 1_200 } });
  expect(passedBy(agent({ state: 'on-call' }), limitsOf([], undefined), nowMs)).toEqual([]);
});

test('a team that sets only a warning keeps the alarm of the site, and the other way round', () => {
  const early = { scope: { of: 'team', id: 'north' }, limits: { talk: { warn: 300 }, missed: { warn: 1 } } } as const;
  expect(limitsOf([site, early], 'north')).toMatchObject({ talk: { warn: 300, alarm: 1_200 }, missed: { warn: 1, alarm: 2 } });
  expect(limitsOf([site, north], 'north')).toMatchObject({ talk: { warn: 600, alarm: 3_600 } });
  const talking = agent({ state: 'on-call', since: at(0) });
  expect(passedBy(talking, limitsOf([site, early], 'north'), nowMs)).toMatchObject([{ what: 'talk', level: 'alarm', limit: 1_200 }]);
});

test('talk and wrap-up are measured since the state, a hold since it began, missed rings as they are', () => {
  const limits = limitsOf([site], undefined);
  const passed = (row: Partial<AgentRow>) => passedBy(agent(row), limits, nowMs).map(({ what, level }) => `${what} ${level}`);
  const call = { callId: 'c', state: 'held', direction: 'inbound', callerMasked: '138****0001', heldSince: at(28) } as const;
  expect(passed({ state: 'on-call', since: at(15) })).toEqual(['talk warn']);
  expect(passed({ state: 'on-call', since: at(0), call })).toEqual(['talk alarm', 'hold warn']);
  expect(passed({ state: 'ready', since: at(0) })).toEqual([]);
  expect(passed({ missed: 3 })).toEqual(['missed alarm']);
});
