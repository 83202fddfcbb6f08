import { dictionary } from '@zxcvbn-ts/language-common';
import type { IsCommonWord } from '../password-policy.js';

let known: ReadonlySet<string> | undefined;

/** The 49,000 most used passwords of the lists of zxcvbn-ts (MIT), read when the first one is asked for. */
export const isCommonPassword: IsCommonWord = (word) => {
  known ??= new Set(dictionary['passwords-common'].map(String));
  return known.has(word);
};
