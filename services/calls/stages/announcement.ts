import type { Language } from '../machine/call.js';

/** The largest number that the prompts can say. */
const LARGEST = 99;
const MINUTE_MS = 60_000;

/** The prompts for "you are number N in the queue"; none for a place that they cannot say exactly. */
export function positionPrompts(position: number, language: Language): string[] {
  return position < 1 || position > LARGEST ? [] : ['position-before', ...numberPrompts(position, language), 'position-after'];
}

/**
 * The prompts for "the wait is about N minutes", rounded up. None when somebody is free (the wait is then less than a minute by an unknown
 * amount), and none for a wait that they cannot say exactly: no promise is better than a broken one.
 */
export function waitPrompts(waitMs: number, language: Language): string[] {
  const minutes = Math.ceil(waitMs / MINUTE_MS);
  return minutes < 1 || minutes > LARGEST ? [] : ['wait-about', ...numberPrompts(minutes, language), 'minutes'];
}

/** A number from 1 to 99 as prompts. Chinese is read with its tens, English digit by digit ("two five"). */
export function numberPrompts(value: number, language: Language): string[] {
  if (value <= 10) return [`digit-${value}`];
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  if (language === 'en') return [`digit-${tens}`, `digit-${ones}`];
  return [...(tens === 1 ? [] : [`digit-${tens}`]), 'digit-10', ...(ones === 0 ? [] : [`digit-${ones}`])];
}
