import type { Language } from '../machine/call.js';

/** The largest number that the prompts can say. */
const LARGEST = 99;
const MINUTE_MS = 60_000;

/** The prompts that say "you are number N in the queue"; none for a place that they cannot say as it is. */
export function positionPrompts(position: number, language: Language): string[] {
  return position < 1 || position > LARGEST ? [] : ['position-before', ...numberPrompts(position, language), 'position-after'];
}

/**
 * The prompts that say "the wait is about N minutes", rounded up. None where somebody is free (it is not known by how much less than a
 * minute) and none for a wait that they cannot say as it is: no promise is better than one that is not kept.
 */
export function waitPrompts(waitMs: number, language: Language): string[] {
  const minutes = Math.ceil(waitMs / MINUTE_MS);
  return minutes < 1 || minutes > LARGEST ? [] : ['wait-about', ...numberPrompts(minutes, language), 'minutes'];
}

/** A number from 1 to 99 as prompts: Chinese is read with its tens, English digit by digit ("two five"). */
export function numberPrompts(value: number, language: Language): string[] {
  if (value <= 10) return [`digit-${value}`];
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  if (language === 'en') return [`digit-${tens}`, `digit-${ones}`];
  return [...(tens === 1 ? [] : [`digit-${tens}`]), 'digit-10', ...(ones === 0 ? [] : [`digit-${ones}`])];
}
