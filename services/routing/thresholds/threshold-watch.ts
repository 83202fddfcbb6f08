import type { Threshold, ThresholdMark } from '../../shared/contracts/queues/threshold.js';
import { boardFiguresOf } from '../../shared/domain/figures/board.js';
import { figureRegistry, figureWithUnit, valueWithUnit, type FigureValue } from '../../shared/domain/figures/registry.js';
import type { Words } from '../../shared/domain/language.js';
import { thresholdAfter, unjudgedThreshold, type ThresholdScope, type ThresholdState } from '../../shared/domain/figures/threshold.js';
import type { EventBus } from '../../shared/events/catalogue.js';
import { createAlarmCondition, type AlarmCondition } from '../../shared/platform/processes/alarm-condition.js';
import type { DayFiguresKeeper } from '../waits/day-figures.js';

/** The alarm code of each level: a threshold has one alarm at a time, that of its present level. */
const codes = { warn: 'figure-warning', alarm: 'figure-alarm' } as const;
type Passed = keyof typeof codes;
export const figureAlarms = Object.values(codes);

interface Watched {
  readonly threshold: Threshold;
  state: ThresholdState;
  /** The value at which the level was reached: the alarm states that one, and not each value after it. */
  said: Parameters<AlarmCondition['is']>[0];
  readonly conditions: Readonly<Record<Passed, AlarmCondition>>;
}

export interface ThresholdWatchNeeds {
  readonly figures: Pick<DayFiguresKeeper, 'ofScope' | 'clientUnitOf'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly nowMs: () => number;
  /** The name of a scope in both languages; its id when it has no name. */
  readonly nameOf: (scope: ThresholdScope) => Words;
}

const windowWords: Readonly<Record<Threshold['window'], Words>> = {
  today: { zh: '今日', en: 'today' },
  lately: { zh: '近 30 分钟', en: 'of the last 30 minutes' },
};

/** The text of the alarm, for the page of alarms. */
function wordsOf({ figure, window, ...limits }: Threshold, level: Passed, measured: FigureValue, scope: Words) {
  const { name, unit } = figureRegistry[figure];
  const value = (language: 'zh' | 'en'): string => figureWithUnit(figure, measured, language);
  const limit = (language: 'zh' | 'en'): string => valueWithUnit(unit, limits[level] ?? null, language);
  const base = unit === 'count' ? { zh: '', en: '' } : { zh: `，分母 ${measured.denominator}`, en: `, of ${measured.denominator}` };
  return {
    'zh-CN': `${scope.zh}：${windowWords[window].zh}“${name.zh}”为 ${value('zh')}，${limits.worse === 'above' ? '高于' : '低于'}阈值 ${limit('zh')}${base.zh}。`,
    en: `${scope.en}: ${name.en} ${windowWords[window].en} is ${value('en')}, ${limits.worse} the threshold of ${limit('en')}${base.en}.`,
  };
}

/**
 * Checks the day's figures against the thresholds that people have set, and raises an alarm for each that is passed. Test calls are in no
 * figure.
 */
export function createThresholdWatch({ figures, bus, nowMs, nameOf }: ThresholdWatchNeeds) {
  let watched: readonly Watched[] = [];
  /** Thresholds that were removed or changed: their alarms are cleared as soon as possible. */
  let ended: readonly Watched[] = [];
  /** The thresholds that were inactive at the last read. */
  let rested: ReadonlySet<string> = new Set();

  const watch = (threshold: Threshold, state: ThresholdState): Watched => {
    const condition = (code: (typeof codes)[Passed]): AlarmCondition => createAlarmCondition({ bus, code, subject: threshold.id, nowMs });
    return { threshold, state, said: undefined, conditions: { warn: condition(codes.warn), alarm: condition(codes.alarm) } };
  };

  const boardOf = ({ scope, window }: Threshold) => boardFiguresOf(figures.ofScope(scope, nowMs())[window]);
  const measure = (threshold: Threshold): FigureValue => boardOf(threshold)[threshold.figure];

  function judge(each: Watched): void {
    const { threshold } = each;
    const measured = measure(threshold);
    const value = isDayUnbegun(threshold) ? null : measured.value;
    const next = thresholdAfter(threshold, each.state, { value, denominator: sampleOf(threshold, measured) }, nowMs());
    if (next.level !== each.state.level)
      each.said = next.level === 'ok' || next.level === undefined ? undefined : saidOf(threshold, next.level, measured);
    each.state = next;
  }

  /** Every count of the day begins at zero: "too few" can be judged only once somebody has called. */
  const isDayUnbegun = (threshold: Threshold): boolean =>
    threshold.worse === 'below' && threshold.window === 'today' && boardOf(threshold).entered.value === 0;

  function saidOf(threshold: Threshold, level: Passed, measured: FigureValue): Watched['said'] {
    const { of, id } = threshold.scope;
    const clientUnit = of === 'client-unit' ? id : of === 'number' ? figures.clientUnitOf(id) : undefined;
    return {
      scope: {
        ...(of === 'queue' ? { queueId: id } : {}),
        ...(of === 'team' ? { teamId: id } : {}),
        ...(clientUnit === undefined ? {} : { clientUnit }),
      },
      people: [...threshold.people],
      text: wordsOf(threshold, level, measured, nameOf(threshold.scope)),
    };
  }

  /** The alarm that no longer applies is cleared before the other is raised. */
  async function tell({ state: { level }, said, conditions }: Watched): Promise<void> {
    if (level === undefined) return;
    if (level !== 'warn') await conditions.warn.is(undefined);
    if (level !== 'alarm') await conditions.alarm.is(undefined);
    if (level !== 'ok') await conditions[level].is(said);
  }

  return {
    /** The thresholds as they are now. An unchanged one continues; the alarms of the others are cleared. */
    set(thresholds: readonly Threshold[]): void {
      const before = new Map(watched.map((each) => [each.threshold.id, each]));
      watched = thresholds
        .filter(({ active }) => active)
        .map((threshold) => {
          const was = before.get(threshold.id);
          if (was === undefined) return watch(threshold, unjudgedThreshold(nowMs()));
          if (was.threshold.revision === threshold.revision) return was;
          return { ...watch(threshold, { ...unjudgedThreshold(nowMs()), level: 'ok' }), conditions: was.conditions };
        });
      const kept = new Set(watched.map(({ threshold }) => threshold.id));
      // A threshold that is inactive now may have been active before this process began, and may have an alarm that nobody has cleared.
      const resting = thresholds.filter(({ id, active }) => !active && !before.has(id) && !rested.has(id));
      rested = new Set(thresholds.flatMap(({ id, active }) => (active ? [] : [id])));
      const over = [
        ...[...before.values()].filter(({ threshold }) => !kept.has(threshold.id)),
        ...resting.map((threshold) => watch(threshold, unjudgedThreshold(nowMs()))),
      ];
      ended = [...ended, ...over.map((each) => ({ ...each, state: { ...unjudgedThreshold(nowMs()), level: 'ok' as const } }))];
    },
    /** Checks all of them and publishes what has changed. */
    async look(): Promise<void> {
      for (const each of watched) judge(each);
      for (const each of watched) await tell(each);
      while (ended[0] !== undefined) {
        await tell(ended[0]);
        ended = ended.slice(1);
      }
    },
    marks: (): ThresholdMark[] =>
      watched.map(({ threshold, state }) => {
        const { id, scope, figure, window } = threshold;
        const { value, denominator } = measure(threshold);
        const clientUnit = scope.of === 'client-unit' ? scope.id : scope.of === 'number' ? figures.clientUnitOf(scope.id) : undefined;
        return {
          ...{ thresholdId: id, scope, figure, window, value, denominator, level: state.level ?? 'ok' },
          ...(state.level === undefined ? {} : { since: new Date(state.sinceMs).toISOString() }),
          ...(clientUnit === undefined ? {} : { clientUnit }),
        };
      }),
  };
}
export type ThresholdWatch = ReturnType<typeof createThresholdWatch>;

/** A count has no denominator that could be too small, so its sample always suffices. */
const sampleOf = ({ figure, minimumSample }: Threshold, { denominator }: FigureValue): number =>
  figureRegistry[figure].unit === 'count' ? minimumSample : denominator;
