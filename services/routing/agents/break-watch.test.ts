import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { PROOF_AGENT } from '../../shared/domain/proof.js';
import { newAgent, type Agent } from './agent-machine.js';
import { createBreakWatch } from './break-watch.js';

const lunch = { id: 'lunch', name: { 'zh-CN': '用餐', en: 'Meal' }, limitMs: 3_600_000 };
const Told = z.object({ subject: z.string(), scope: z.unknown().optional(), text: z.object({ en: z.string() }).optional() });

function watching(queues: readonly string[] = ['service']) {
  const agents = new Map<string, Agent>();
  const told: string[] = [];
  const said: string[] = [];
  let nowMs = 1_000_000;
  let away = false;
  const watch = createBreakWatch({
    desk: { agents: () => agents.values(), queuesOf: () => queues },
    breaks: () => [lunch],
    bus: {
      publish: async (name, event) => {
        if (away) throw new Error('the live state is away');
        const { subject, scope, text } = Told.parse(event);
        told.push([name, subject, JSON.stringify(scope ?? null), text?.en ?? ''].join(' '));
      },
    },
    figures: { teamOf: (agentId) => (agentId === 'a' ? 'north' : undefined) },
    clock: { nowMs: () => nowMs },
    log: { warn: (_what: unknown, words?: string) => void said.push(words ?? '') },
  });
  return {
    said,
    away: (is: boolean): void => void (away = is),
    is: (agentId: string, state: Agent['state'], untilMs?: number): void => {
      const now: Agent = { ...newAgent(agentId, agentId, 's', nowMs), state, reason: 'lunch' };
      agents.set(agentId, untilMs === undefined ? now : { ...now, untilMs });
    },
    async at(ms: number): Promise<readonly string[]> {
      nowMs = ms;
      await watch.look();
      return told.splice(0);
    },
  };
}

test('a break is told of once when its limit has passed, and taken back when the agent is back', async () => {
  const { is, at } = watching();
  is('a', 'break', 2_000_000);
  is('b', 'break');
  is('c', 'ready');
  // Alarms that an earlier process may have raised are cleared first.
  expect(await at(1_999_999)).toEqual(['a', 'b', 'c'].map((subject) => `notice.cleared ${subject} null `));
  expect(await at(2_000_000)).toEqual(['notice.raised a {"queueId":"service","teamId":"north"} a: "Meal" has passed its limit of 60 min.']);
  expect(await at(2_001_000)).toEqual([]);
  is('a', 'on-call');
  expect(await at(2_002_000)).toEqual(['notice.cleared a null ']);
});

test('the alarm of an agent of several queues is of no one queue; the seat of the test calls is nobody', async () => {
  const { is, at } = watching(['service', 'sales']);
  is('b', 'break', 1);
  is(PROOF_AGENT, 'break', 1);
  expect(await at(2)).toEqual(['notice.raised b {} b: "Meal" has passed its limit of 60 min.']);
});

test('what could not be told is told at the next look, and the log says it once', async () => {
  const { is, at, away, said } = watching();
  is('a', 'break', 1);
  away(true);
  expect([await at(2), await at(3), said]).toEqual([[], [], ['overlong breaks could not be reported']]);
  away(false);
  expect(await at(4)).toHaveLength(1);
});
