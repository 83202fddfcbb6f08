import { edit, mutant, type Mutant } from './mutant.js';

const LIMITS = 'services/shared/domain/figures/threshold.ts';
const WATCH = 'services/routing/thresholds/threshold-watch.ts';
const HTTP = 'services/routing/thresholds/http.ts';

export const thresholds: readonly Mutant[] = [
  mutant(
    'a break beyond its limit raises no alarm',
    'thresholds',
    'services/routing/agents/break-watch.ts',
    "state === 'break' && untilMs !== undefined",
    "state === 'break' && untilMs === undefined",
  ),
  mutant(
    'the alarm of a break outlives it',
    'thresholds',
    'services/routing/agents/break-watch.ts',
    'await conditionOf(agent.agentId).is(isOverLimit(agent, nowMs()) ? saidOf(agent) : undefined);',
    'if (isOverLimit(agent, nowMs())) await conditionOf(agent.agentId).is(saidOf(agent));',
  ),
  mutant(
    'a threshold raises without its hold-off',
    'thresholds',
    LIMITS,
    'sinceMs !== undefined && nowMs - sinceMs >= limits.holdOffSeconds * 1_000',
    'sinceMs !== undefined',
  ),
  mutant('a threshold judges without its sample', 'thresholds', LIMITS, ' || denominator < limits.minimumSample', ''),
  mutant(
    'an incident ends as soon as the limit is not exceeded',
    'thresholds',
    LIMITS,
    "const isClear = limits.worse === 'above' ? value <= limits.clear : value >= limits.clear;",
    'const isClear = !isBeyond(limits.warn ?? limits.alarm);',
  ),
  mutant('a value at the limit is beyond it', 'thresholds', LIMITS, 'value > limit : value < limit', 'value >= limit : value <= limit'),
  mutant(
    'a lasting incident is raised again with each value',
    'thresholds',
    WATCH,
    'if (next.level !== each.state.level)\n',
    'if (next.level !== undefined)\n',
  ),
  mutant(
    'the warning stays beside the alarm',
    'thresholds',
    WATCH,
    "    if (level !== 'warn') await conditions.warn.is(undefined);\n",
    "    if (level === 'ok') await conditions.warn.is(undefined);\n",
  ),
  mutant(
    'a threshold that is changed keeps the hold-off of before',
    'thresholds',
    WATCH,
    "return { ...watch(threshold, { ...unjudgedThreshold(nowMs()), level: 'ok' }), conditions: was.conditions };",
    'return { ...was, threshold };',
  ),
  mutant('the alarm of a team reaches nobody', 'thresholds', WATCH, "...(of === 'team' ? { teamId: id } : {}),", ''),
  {
    name: 'the alarm of a removed threshold stays',
    profile: 'thresholds',
    edits: [
      edit(WATCH, 'ended = [...ended, ...over.map(', 'ended = [...ended, ...over.slice(over.length).map('),
      edit(
        HTTP,
        '        await thresholds.remove(thresholdId);\n        await changed();\n        await takeBack(thresholdId);',
        '        await thresholds.remove(thresholdId);\n        await changed();',
      ),
    ],
  },
  {
    name: 'a threshold whose removal nobody has told of goes on',
    profile: 'thresholds',
    edits: [
      edit('services/routing/routing-role.ts', 'readTeams(), thresholds.read()])', 'readTeams()])'),
      edit(HTTP, '          await changed();\n          await takeBack(thresholdId);\n          throw', '          throw'),
    ],
  },
  mutant(
    'a leader is told of the alarms of another team',
    'thresholds',
    'services/notices/receivers.ts',
    'teamId !== undefined && teams.includes(teamId)',
    'teamId !== undefined',
  ),
  mutant(
    'a leader changes the thresholds of another team',
    'thresholds',
    HTTP,
    'return [...(known === undefined ? [] : [known.scope]), ...also].map(objectOf);',
    'return [...(known === undefined ? [] : also)].map(objectOf);',
  ),
  mutant(
    'the board of a leader shows the thresholds of another team',
    'thresholds',
    'services/api/adapters/boards.ts',
    "(of === 'team' && teamsOf(principal).includes(id)) ||",
    "of === 'team' ||",
  ),
];
