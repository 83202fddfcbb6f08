/** `--name value` pairs; anything else is refused. */
export function readOptions<const Name extends string>(
  words: readonly string[],
  names: readonly Name[],
): { options: Partial<Record<Name, string>>; rest: string[] } {
  const options: Partial<Record<Name, string>> = {};
  const rest: string[] = [];
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? '';
    const name = names.find((each) => word === `--${each}`);
    if (name !== undefined) {
      const value = words[(i += 1)];
      if (value === undefined) throw new Error(`${word} needs a value.`);
      options[name] = value;
    } else if (word.startsWith('--')) throw new Error(`${word} is not known here.`);
    else rest.push(word);
  }
  return { options, rest };
}
