import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { AgentSnapshot, QueueSnapshot } from '../../shared/contracts/calls/commands.js';
import { ThresholdMark } from '../../shared/contracts/queues/threshold.js';
import { alarmCodes } from '../../shared/domain/alarm.js';
import { boardFiguresOf } from '../../shared/domain/figures/board.js';
import { countVisit, zeroFacts } from '../../shared/domain/figures/count.js';
import { boardFigureKeys } from '../../shared/domain/figures/keys.js';
import { silentLogger } from '../../shared/platform/processes/logger.js';
import { metrics, metricsText } from './metrics.js';
import { createMetricsServer } from '../adapters/metrics-server.js';

const root = join(import.meta.dirname, '..', '..', '..');
const TOKEN = 'a-token-of-thirty-two-characters-';

function answeredOne() {
  const facts = zeroFacts();
  countVisit(facts, { outcome: 'answered', waitMs: 4_000, thresholdMs: 20_000 });
  return boardFiguresOf(facts);
}
const queue = (queueId: string, internal = false) =>
  QueueSnapshot.parse({
    ...{ queueId, internal, waiting: 0, longestWaitMs: 1_500, states: {} },
    name: { 'zh-CN': '客户服务', en: 'Customer service' },
    today: answeredOne(),
    lately: boardFiguresOf(zeroFacts()),
    serviceLevel: { targetPercent: 80, thresholdMs: 20_000, formula: 'sl.strict' },
  });
const agent = AgentSnapshot.parse({ agentId: 'u1', name: '张三', state: 'ready', since: '2026-11-30T00:00:00.000Z', queues: [] });
const mark = ThresholdMark.parse({
  ...{ thresholdId: 't1', figure: 'answered', window: 'today', level: 'alarm', value: 1, denominator: 1 },
  scope: { of: 'agent', id: 'u1' },
});
const readings = {
  queues: [queue('service'), queue('proof', true)],
  agents: [agent],
  thresholds: [mark],
  alarms: [{ code: 'trunk-down', state: 'open', count: 2 }] as const,
};

test('figures have the keys of the registry; what cannot be counted is left out, queues of test calls too', () => {
  const text = metricsText(readings);
  expect(text).toContain('proofline_queue_figure{queue="service",figure="sl.strict",window="today"} 100\n');
  expect(text).toContain('proofline_queue_figure_denominator{queue="service",figure="sl.strict",window="today"} 1\n');
  expect(text).toContain('proofline_queue_figure{queue="service",figure="asa",window="today"} 4\n');
  expect(text).toContain('proofline_queue_longest_wait_seconds{queue="service"} 1.5\n');
  expect(text).not.toContain('figure="asa",window="lately"');
  expect(text).not.toContain('"proof"');
  expect(text).toContain('proofline_agents{state="ready"} 1\n');
  expect(text).toContain('proofline_alarms{code="trunk-down",level="alarm",state="open"} 2\n');
  expect(text).toContain('proofline_alarms{code="trunk-down",level="alarm",state="seen"} 0\n');
  expect(text).toContain('proofline_threshold_level{threshold="t1",of="agent",id="",figure="answered",window="today"} 2\n');
});

test('no name and no id of a person is in it, and each line is one of the format', () => {
  const text = metricsText(readings);
  expect(text).not.toMatch(/u1|张三/);
  const lines = text.trimEnd().split('\n');
  expect(lines.filter((line) => !/^(# (HELP|TYPE) proofline_\w+ .+|proofline_\w+\{(\w+="[^"\n]*",?)*\} -?[0-9.e+-]+)$/.test(line))).toEqual(
    [],
  );
});

test('a part that is away is said to be, and the others are there', () => {
  const text = metricsText({ ...readings, queues: undefined });
  expect(text).toContain('proofline_answered{part="queues"} 0\n');
  expect(text).toContain('proofline_answered{part="agents"} 1\n');
  expect(text).not.toContain('proofline_queue_figure{');
});

/** Every metric that a text names, with the labels that the text requires. */
function namedIn(text: string): { readonly name: string; readonly labels: readonly (readonly [string, string])[] }[] {
  return [...text.matchAll(/(proofline_\w+)(?:\{([^}]*)\})?/g)].map(([, name = '', labels = '']) => ({
    name,
    labels: [...labels.matchAll(/(\w+)(?:=~|!~|!=|=)"([^"]*)"/g)].map(([, key = '', value = '']) => [key, value] as const),
  }));
}

const Dashboard = z.object({
  title: z.string(),
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).default([]) })).min(5),
});

test('the dashboard and the rules that are shipped name metrics, labels, figures and alarms that there are', () => {
  const dashboard = Dashboard.parse(JSON.parse(readFileSync(join(root, 'infra/monitoring/grafana-dashboard.json'), 'utf8')));
  const rules = readFileSync(join(root, 'infra/monitoring/prometheus-rules.yml'), 'utf8');
  const exprs = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  expect(exprs.length).toBeGreaterThan(5);
  const named = [...exprs, ...[...rules.matchAll(/^ +expr: (.+)$/gm)].map(([, expr = '']) => expr)].flatMap(namedIn);
  expect(named.length).toBeGreaterThan(8);
  const lines = metricsText(readings);
  for (const { name, labels } of named) {
    expect(Object.keys(metrics)).toContain(name);
    for (const [key, value] of labels) {
      expect(lines).toMatch(new RegExp(`^${name}\\{[^}]*\\b${key}="`, 'm'));
      if (key === 'figure') expect(boardFigureKeys).toContain(value);
      if (key === 'code') expect(alarmCodes).toContain(value);
    }
  }
  // Each alert says how long its condition must last, how severe it is and what to do.
  const alerts = rules.split(/^ +- alert: /m).slice(1);
  expect(alerts.length).toBeGreaterThan(3);
  for (const alert of alerts) expect(alert).toMatch(/expr: [^]*for: [^]*severity: [^]*summary: [^]*description: /);
});

async function served(): Promise<{ readonly at: string; readonly stop: () => Promise<void> }> {
  const send = async (name: string) => {
    if (name === 'thresholds.list') throw new Error('away');
    return name === 'queues.list' ? readings.queues : readings.agents;
  };
  const commands = { send } as unknown as CommandBus;
  const server = createMetricsServer({
    config: { METRICS_HOST: '127.0.0.1', METRICS_PORT: 0, METRICS_TOKEN: TOKEN },
    commands,
    standingAlarms: async () => readings.alarms,
    nowMs: () => 0,
    log: silentLogger,
  });
  await server.start();
  return { at: `http://127.0.0.1:${server.port()}`, stop: () => server.stop() };
}

test('only whoever brings the token gets the text', async () => {
  const { at, stop } = await served();
  const ask = (path: string, authorization?: string) =>
    fetch(`${at}${path}`, authorization === undefined ? {} : { headers: { authorization } });
  for (const refused of [undefined, 'Bearer', 'Bearer x', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`])
    expect((await ask('/metrics', refused)).status).toBe(401);
  expect((await ask('/', `Bearer ${TOKEN}`)).status).toBe(404);
  const answer = await ask('/metrics', `Bearer ${TOKEN}`);
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await answer.text();
  expect(text).toContain('proofline_answered{part="thresholds"} 0\n');
  expect(text).toContain('proofline_answered{part="queues"} 1\n');
  await stop();
});
