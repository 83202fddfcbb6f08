/** Why a password is refused; the pages have the words. */
export type PasswordFault = 'too-short' | 'too-simple' | 'contains-name' | 'too-common';

const MIN_LENGTH = 10;
const COMMON = ['password', 'proofline', 'qwerty', '123456', 'admin', 'welcome', 'letmein', 'woaini', 'a1b2c3', '888888', '666666'];

/** Ten characters of three kinds, or sixteen of any (a passphrase); not the name, not a well-known one. */
export function passwordFault(password: string, name: string): PasswordFault | undefined {
  if (password.length < MIN_LENGTH) return 'too-short';
  const lower = password.toLowerCase();
  if (name.length >= 3 && lower.includes(name.toLowerCase())) return 'contains-name';
  if (COMMON.some((word) => lower.includes(word) && password.length - word.length < 6)) return 'too-common';
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^a-zA-Z0-9]/].filter((kind) => kind.test(password)).length;
  return kinds >= 3 || password.length >= 16 ? undefined : 'too-simple';
}
