import type { PasswordFault } from '../shared/domain/failure-details.js';

/** Whether a word, in lower case, is one of the most used passwords. */
export type IsCommonWord = (word: string) => boolean;

const MIN_LENGTH = 10;
/** Local words that rank low in international lists; they also count within a longer word. */
const WORDS = ['password', 'proofline', 'qwerty', '123456', 'admin', 'welcome', 'letmein', 'woaini', 'a1b2c3', '888888', '666666'];
/** A common word with only this many further characters is still a weak password. */
const ENOUGH_BESIDE = 6;

const looksLike: Readonly<Record<string, string>> = { '@': 'a', '4': 'a', '3': 'e', '1': 'i', '0': 'o', $: 's', '5': 's', '7': 't' };
const plain = (text: string): string => text.replaceAll(/[@43105$7]/g, (each) => looksLike[each] ?? each);

/**
 * Ten characters of three kinds, or sixteen of any kind (a passphrase). Not the name, and no common password, even with digits or signs
 * around it (`Sunshine2024!`) or in place of letters (`P@ssw0rd`).
 */
export function passwordFault(password: string, name: string, isCommon: IsCommonWord): PasswordFault | undefined {
  if (password.length < MIN_LENGTH) return 'too-short';
  const lower = password.toLowerCase();
  if (name.length >= 3 && lower.includes(name.toLowerCase())) return 'contains-name';
  if (WORDS.some((word) => lower.includes(word) && password.length - word.length < ENOUGH_BESIDE)) return 'too-common';
  if (isCommon(lower) || [lower, plain(lower)].some((text) => isDressedUp(text, isCommon))) return 'too-common';
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
  return kinds >= 3 || password.length >= 16 ? undefined : 'too-simple';
}

/** A common word with a few other characters before and after it. */
function isDressedUp(text: string, isCommon: IsCommonWord): boolean {
  const core = /\p{L}(?:.*\p{L})?/su.exec(text)?.[0] ?? '';
  return core.length >= 4 && text.length - core.length < ENOUGH_BESIDE && isCommon(core);
}
