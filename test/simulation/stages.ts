import type { Stage } from '../../services/calls/machine/call.js';

/** Every name of a union, so that one which is added does not compile until it stands here. */
export const names = <T extends string>(all: Readonly<Record<T, true>>): readonly T[] => Object.keys(all) as T[];

/** Every stage of a call that goes on. */
export const stages = names<Exclude<Stage['kind'], 'ended'>>({
  arriving: true,
  playing: true,
  menu: true,
  admitting: true,
  queued: true,
  offered: true,
  connected: true,
  dialling: true,
  outside: true,
  calling: true,
  parked: true,
  handed: true,
  message: true,
  survey: true,
  closing: true,
});
