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

/** What a gap within a shift is: before the first sign-in, after the last, between two, or the whole shift. */
export const shiftGaps = ['late', 'early', 'between', 'whole'] as const;
export type ShiftGap = (typeof shiftGaps)[number];

/** Why a row of the register is not judged. */
export const shiftFaults = ['account', 'time'] as const;
export type ShiftFault = (typeof shiftFaults)[number];
