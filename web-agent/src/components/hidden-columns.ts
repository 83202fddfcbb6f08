/** The hidden columns of a list as they are kept; anything else in their place hides nothing. */
export function hiddenOf(text: string | null): ReadonlySet<string> {
  if (text === null) return new Set();
  try {
    const kept: unknown = JSON.parse(text);
    return new Set(Array.isArray(kept) ? kept.filter((key): key is string => typeof key === 'string') : []);
  } catch {
    return new Set();
  }
}

export const hiddenText = (hidden: ReadonlySet<string>): string => JSON.stringify([...hidden]);
