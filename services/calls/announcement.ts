import type { Language } from './call.js';

/** The prompts that say "you are number N in the queue"; Chinese numbers are read with their tens. */
export function positionPrompts(position: number, language: Language): string[] {
  return ['position-before', ...numberPrompts(Math.min(position, 99), language), 'position-after'];
}

/** A number from 1 to 99 as prompts: `digit-0` to `digit-10`, tens by digits in English ("two five"). */
export function numberPrompts(value: number, language: Language): string[] {
  if (value <= 10) return [`digit-${value}`];
  const tens = Math.floor(value / 10);
  const ones = value % 10;
  if (language === 'en') return [`digit-${tens}`, `digit-${ones}`];
  return [...(tens === 1 ? [] : [`digit-${tens}`]), 'digit-10', ...(ones === 0 ? [] : [`digit-${ones}`])];
}
