import { CallCentreError } from '../../shared/domain/failure.js';

/** The kinds of damage of a stored recording, with the words for people. */
export const damageWords = {
  'recording-damaged': { en: 'does not match its hash', 'zh-CN': '与登记的哈希值不符' },
  'recording-truncated': { en: 'is shorter than what was stored', 'zh-CN': '比存入时短，已被截断' },
  'recording-missing': { en: 'is gone from the store', 'zh-CN': '已不在存储中' },
} as const;

export type Damage = keyof typeof damageWords;
export const damages = Object.keys(damageWords) as Damage[];

const messages: Readonly<Record<Damage, string>> = {
  'recording-damaged': 'the stored recording does not have the hash of its record; it is not delivered',
  'recording-truncated': 'the stored recording is shorter than what was stored; it is not delivered',
  'recording-missing': 'the object of this recording is gone from the store',
};

export const damaged = (damage: Damage): CallCentreError => new CallCentreError(damage, messages[damage]);

/** The damage that a failure reports; undefined for a failure that says nothing about the recording (a store that is down). */
export function damageIn(error: unknown): Damage | undefined {
  return error instanceof CallCentreError && Object.hasOwn(damageWords, error.code) ? (error.code as Damage) : undefined;
}
