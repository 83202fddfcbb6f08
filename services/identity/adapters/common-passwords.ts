import { dictionary } from '@zxcvbn-ts/language-common';
import type { IsCommonWord } from '../password-policy.js';

let known: ReadonlySet<string> | undefined;

/** The 49,000 most used passwords from the lists of zxcvbn-ts (MIT), loaded on the first request. */
export const isCommonPassword: IsCommonWord = (word) => {
  known ??= new Set(dictionary['passwords-common'].map(String));
  return known.has(word);
};
