import type { Stage } from '../../services/calls/machine/call.js';

/** All the names of a union: one that is added to it does not compile until it stands here too. */
export const names = <T extends string>(all: Readonly<Record<T, true>>): readonly T[] => Object.keys(all) as T[];

/** Every stage of a live call. */
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
