/** The groups in which the palette shows what it finds, in their order on the screen. */
export const groups = ['pages', 'calls', 'cases', 'people', 'queues', 'numbers'] as const;
export type Group = (typeof groups)[number];

/** One line of the palette: its text, the small text beside it, and where it leads. */
export interface Choice {
  readonly key: string;
  readonly group: Group;
  readonly label: string;
  /** The page it leads to, or what tells it apart from similar lines. */
  readonly detail?: string;
  readonly to: string;
  /** Other words by which it is found: the name in the other language, an account's name, an id. */
  readonly also?: readonly string[];
}

/** How many lines of a group are shown: people type on rather than read on. */
const GROUP_LINES = 8;

/**
 * What the text may mean besides a name. The palette does not search for a whole number: the server counts each number asked for against
 * the person's limit, so only a chosen line may ask. Four digits are compared with what lists show of masked numbers.
 */
export type Meaning =
  | { readonly kind: 'name' }
  | { readonly kind: 'call'; readonly callId: string }
  | { readonly kind: 'case'; readonly number: string; readonly day: string }
  | { readonly kind: 'last-digits'; readonly digits: string }
  | { readonly kind: 'number'; readonly number: string };

export function meaningOf(text: string): Meaning {
  const plain = text.normalize('NFKC').trim();
  const found = /^TS(\d{4})(\d\d)(\d\d)-\d{4,}$/i.exec(plain);
  if (found !== null) return { kind: 'case', number: plain.toUpperCase(), day: found.slice(1).join('-') };
  if (/^\d{4}$/.test(plain)) return { kind: 'last-digits', digits: plain };
  const digits = plain.replace(/[\s().-]/g, '');
  if (/^\+?\d{7,24}$/.test(digits)) return { kind: 'number', number: digits };
  // Ids of calls have 22 characters, digits and letters among them.
  if (/^(?=.*\d)(?=.*[a-z])[0-9a-z]{22}$/i.test(plain)) return { kind: 'call', callId: plain.toLowerCase() };
  return { kind: 'name' };
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();

/** 0: a name begins with the text; 1: one of its words does; 2: all typed words occur in it; null: no match. */
function rankOf({ label, also = [] }: Choice, wanted: string): number | null {
  const names = [label, ...also].map(folded);
  if (names.some((name) => name.startsWith(wanted))) return 0;
  if (names.some((name) => name.split(/[\s,，、·-]+/).some((word) => word.startsWith(wanted)))) return 1;
  const whole = names.join(' ');
  return wanted.split(/\s+/).every((word) => whole.includes(word)) ? 2 : null;
}

/** The choices that match the text, best first in each group; all pages, and nothing else, while nothing is typed. */
export function fitting(choices: readonly Choice[], text: string): readonly Choice[] {
  const wanted = folded(text).trim();
  return groups.flatMap((group) => {
    const of = choices.filter((choice) => choice.group === group);
    if (wanted === '') return group === 'pages' ? of : [];
    return of
      .map((choice) => ({ choice, rank: rankOf(choice, wanted) }))
      .filter((each): each is { choice: Choice; rank: number } => each.rank !== null)
      .sort((a, b) => a.rank - b.rank)
      .slice(0, GROUP_LINES)
      .map(({ choice }) => choice);
  });
}

/** The marked place after a key: it wraps around at both ends. */
export const moved = (place: number, by: number, count: number): number => (count === 0 ? 0 : (place + by + count) % count);

/** What decides whether a key press opens the palette. */
export interface PalettePress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly repeat: boolean;
  /** The focus is in a field or an editor: the keys are its own. */
  readonly writing: boolean;
  /** A drawer or a question is open: a key must not leave what is being written there. */
  readonly dialogOpen: boolean;
  /** A call rings at this seat: nothing comes before it. */
  readonly ringing: boolean;
}

export const opensPalette = (pressed: PalettePress): boolean =>
  pressed.key.toLowerCase() === 'k' &&
  pressed.ctrlKey !== pressed.metaKey &&
  !pressed.altKey &&
  !pressed.shiftKey &&
  !pressed.repeat &&
  !pressed.writing &&
  !pressed.dialogOpen &&
  !pressed.ringing;
