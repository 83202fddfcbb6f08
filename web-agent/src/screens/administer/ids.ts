const LONGEST = 40;
/** No account has a name of one sign. */
const SHORTEST = 2;

/**
 * The id of a new thing, made from its name: two or more small letters, digits and dashes. A name with fewer gets the word for such things, in
 * front of its only sign. A number follows where it is taken.
 */
export function idFrom(name: string, word: string, taken: readonly string[]): string {
  const letters = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST - 4)
    .replace(/-$/, '');
  const first = letters.length >= SHORTEST ? letters : letters === '' ? word : `${word}-${letters}`;
  let id = first;
  for (let n = 2; taken.includes(id); n += 1) id = `${first}-${n}`;
  return id;
}
