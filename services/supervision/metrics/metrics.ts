import type { AgentSnapshot, QueueSnapshot } from '../../shared/contracts/calls/commands.js';
import type { ThresholdMark } from '../../shared/contracts/queues/threshold.js';
import { alarmCodes, alarmKinds } from '../../shared/domain/alarm.js';
import { agentStates } from '../../shared/domain/people/agent-state.js';
import { boardFigureKeys } from '../../shared/domain/figures/keys.js';
import { figureRegistry } from '../../shared/domain/figures/registry.js';
import { isPerson } from '../../shared/domain/proof.js';
import { thresholdLevels } from '../../shared/domain/figures/threshold.js';

/** The metrics for Prometheus. None of them contains names or numbers of people. */
export const metrics = {
  proofline_queue_figure:
    'A figure of the registry of a queue: percent, seconds or a count, of the visits since midnight (today) or of the last 30 minutes (lately). Left out when nothing can be counted.',
  proofline_queue_figure_denominator: 'What a percentage or a mean of proofline_queue_figure rests on.',
  proofline_queue_longest_wait_seconds: 'The longest time that a caller now in the queue has waited.',
  proofline_queue_target_percent: 'The service level target in the settings of the queue.',
  proofline_agents: 'Agents who are signed in, by state.',
  proofline_threshold_level: 'Where a threshold stands: 0 in order, 1 warning, 2 alarm.',
  proofline_alarms: 'Incidents that are not over, by kind, level and whether somebody has seen them.',
  proofline_answered: 'Whether a component of the product answered this time: 1 or 0. Its own metrics are missing when it did not.',
} as const;
export type MetricName = keyof typeof metrics;

/** The standing alarms at the bell. */
export interface StandingAlarms {
  readonly code: string;
  readonly state: 'open' | 'seen';
  readonly count: number;
}

/** The answers of the owners; undefined when one did not answer. */
export interface MetricReadings {
  readonly queues: readonly QueueSnapshot[] | undefined;
  readonly agents: readonly AgentSnapshot[] | undefined;
  readonly thresholds: readonly ThresholdMark[] | undefined;
  readonly alarms: readonly StandingAlarms[] | undefined;
}

interface Sample {
  readonly name: MetricName;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus' text format, version 0.0.4. */
export function metricsText(readings: MetricReadings): string {
  const samples = [
    ...(readings.queues ?? []).filter(({ internal }) => !internal).flatMap(ofQueue),
    ...(readings.agents === undefined ? [] : ofAgents(readings.agents)),
    ...(readings.thresholds ?? []).map(ofThreshold),
    ...(readings.alarms === undefined ? [] : ofAlarms(readings.alarms)),
    ...Object.entries(readings).map(([part, answer]) => sample('proofline_answered', { part }, answer === undefined ? 0 : 1)),
  ];
  return (Object.keys(metrics) as MetricName[])
    .map((name) => {
      const lines = samples.filter((each) => each.name === name).map(lineOf);
      return `# HELP ${name} ${metrics[name]}\n# TYPE ${name} gauge\n${lines.join('')}`;
    })
    .join('');
}

const sample = (name: MetricName, labels: Sample['labels'], value: number): Sample => ({ name, labels, value });

const lineOf = ({ name, labels, value }: Sample): string => {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escaped(text)}"`);
  return `${name}{${pairs.join(',')}} ${value}\n`;
};
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

function ofQueue({ queueId, today, lately, longestWaitMs, serviceLevel }: QueueSnapshot): Sample[] {
  const figures = boardFigureKeys.flatMap((figure) =>
    Object.entries({ today, lately }).flatMap(([window, { [figure]: measured }]) => {
      const labels = { queue: queueId, figure, window };
      if (measured.value === null) return [];
      const value = sample('proofline_queue_figure', labels, measured.value);
      return figureRegistry[figure].unit === 'count'
        ? [value]
        : [value, sample('proofline_queue_figure_denominator', labels, measured.denominator)];
    }),
  );
  return [
    ...figures,
    sample('proofline_queue_longest_wait_seconds', { queue: queueId }, longestWaitMs / 1_000),
    sample('proofline_queue_target_percent', { queue: queueId, figure: serviceLevel.formula }, serviceLevel.targetPercent),
  ];
}

/** Each state has a line even when nobody is in it: without the line, the last value would seem to persist. */
function ofAgents(agents: readonly AgentSnapshot[]): Sample[] {
  const people = agents.filter(({ agentId }) => isPerson(agentId));
  return agentStates
    .filter((state) => state !== 'signed-out')
    .map((state) => sample('proofline_agents', { state }, people.filter((agent) => agent.state === state).length));
}

const ofThreshold = ({ thresholdId, scope, figure, window, level }: ThresholdMark): Sample =>
  // An agent's id is that of a person, so the threshold is identified by its own id.
  sample(
    'proofline_threshold_level',
    { threshold: thresholdId, of: scope.of, id: scope.of === 'agent' ? '' : scope.id, figure, window },
    thresholdLevels.indexOf(level),
  );

const ofAlarms = (standing: readonly StandingAlarms[]): Sample[] =>
  alarmCodes.flatMap((code) =>
    (['open', 'seen'] as const).map((state) => {
      const found = standing.find((each) => each.code === code && each.state === state);
      return sample('proofline_alarms', { code, level: alarmKinds[code].level, state }, found?.count ?? 0);
    }),
  );
