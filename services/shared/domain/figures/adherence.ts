import { figure } from './define.js';

/** A shorter gap within a shift is no deviation: signing in takes a moment, and so does the return after a dropped network. */
export const ADHERENCE_TOLERANCE_MS = 5 * 60_000;

/** The times of shifts, in ms. */
export interface AdherenceCount {
  /** The length of the shifts, of those in progress until now. */
  readonly plannedMs: number;
  /** The gaps within them that are longer than the tolerance. */
  readonly deviationMs: number;
}

/** How closely an agent kept to the shifts in the register. */
export const adherenceFigure = figure<AdherenceCount>(
  ['遵时率', 'Adherence to shifts'],
  [
    '（排班时长 − 超过 5 分钟的缺勤时段之和）÷ 排班时长；签入即为在岗，台账未排休息，故小休、离开也计为在岗；进行中的班次计至当前',
    '(planned − gaps longer than 5 minutes) / planned; signed in is present, also on break and away, because the register plans no breaks; a shift in progress counts until now',
  ],
  'percent',
  ({ plannedMs, deviationMs }) => [(plannedMs - deviationMs) / 1_000, plannedMs / 1_000],
);

/** The times at work that are compared with shifts, in ms. At work: ready, ringing, in a call or in wrap-up. */
export interface WorkCount {
  readonly plannedMs: number;
  /** At work on that day, within shifts and outside of them. */
  readonly workedMs: number;
  /** At work within the shifts; a part of `workedMs`. */
  readonly workedInShiftMs: number;
}

/** How much of the planned time was worked, wherever in the day: it may pass 100 %. */
export const conformanceFigure = figure<WorkCount>(
  ['排班符合度', 'Conformance'],
  [
    '当日在班时长（就绪、振铃、通话、话后处理，含排班外）÷ 排班时长；台账未排休息，整个班次均视为计划在班；无排班的日期不计；可超过 100%',
    'time at work on the day (ready, ringing, in a call, wrap-up; outside shifts too) / planned; the register plans no breaks, so the whole shift is planned work; days without a shift do not count; may pass 100 %',
  ],
  'percent',
  ({ workedMs, plannedMs }) => [workedMs / 1_000, plannedMs / 1_000],
);

/** The share of the planned time that was lost to breaks and absence. */
export const shrinkageFigure = figure<WorkCount>(
  ['损耗率', 'Shrinkage'],
  [
    '1 − 班次内在班时长（就绪、振铃、通话、话后处理）÷ 排班时长；台账未登记计薪工时，以排班时长代之',
    '1 − time at work within shifts (ready, ringing, in a call, wrap-up) / planned; the register has no paid hours, so the planned time stands for them',
  ],
  'percent',
  ({ workedInShiftMs, plannedMs }) => [(plannedMs - workedInShiftMs) / 1_000, plannedMs / 1_000],
);

/** The figures of the adherence report, each with its key in rows and files. */
export const shiftFigures = { adherence: adherenceFigure, conformance: conformanceFigure, shrinkage: shrinkageFigure } as const;
export const shiftFigureKeys = Object.keys(shiftFigures) as readonly (keyof typeof shiftFigures)[];

/** What a gap within a shift is: before the first sign-in, after the last, between two, or the whole shift. */
export const shiftGaps = ['late', 'early', 'between', 'whole'] as const;
export type ShiftGap = (typeof shiftGaps)[number];

/** Why a row of the register is not judged. */
export const shiftFaults = ['account', 'time'] as const;
export type ShiftFault = (typeof shiftFaults)[number];
