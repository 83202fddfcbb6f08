const LONGEST = 40;
/** The name of an account has at least two characters. */
const SHORTEST = 2;

/**
 * The id of a new object, made from its name: two or more lower-case letters, digits and dashes. A shorter name is prefixed with the word
 * for such objects. If the id is taken, a number follows.
 */
export function idFrom(name: string, word: string, taken: readonly string[]): string {
  const letters = lettersOf(name);
  const first = letters.length >= SHORTEST ? letters : letters === '' ? word : `${word}-${letters}`;
  let id = first;
  for (let n = 2; taken.includes(id); n += 1) id = `${first}-${n}`;
  return id;
}

/**
 * The name of an account, made from the person's name. A Chinese name has no letters for it: then the account is named for its role and
 * numbered (`agent3`), which says more to colleagues than any `user-3`.
 */
export function userNameFrom(displayName: string, role: string, taken: readonly string[]): string {
  if (lettersOf(displayName) !== '') return idFrom(displayName, role, taken);
  let n = 1;
  while (taken.includes(`${role}${n}`)) n += 1;
  return `${role}${n}`;
}

const lettersOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST - 4)
    .replace(/-$/, '');
