import type { i18n as Words } from 'i18next';
import type { CallEnd } from '../../../../../services/shared/contracts/calls/seat-socket.js';

/** The agent has left and the other side has not: nobody has hung up. */
const goesOn: ReadonlySet<string> = new Set(['transferred', 'parked', 'left-conference', 'consult-ended', 'seat-lost', 'listening-over']);
/** The words already say who hung up. */
const saysWho: ReadonlySet<string> = new Set(['hung-up']);
/** Nobody took the call: the network said so, and nobody hung up. */
const neverBegan: ReadonlySet<string> = new Set(['far-busy', 'far-no-answer', 'far-unreachable', 'carrier-silent']);

/** Who released a call; the person whom we called is not called the caller. Empty for a name that has no words. */
export function releasedByWords(words: Words, by: string | null | undefined, direction: CallEnd['direction']): string {
  const key = `seat.by.${by === 'caller' && direction === 'outbound' ? 'far-party' : by}`;
  return words.exists(key) ? words.t(key) : '';
}

/** How the last call ended for this seat, and who hung up if somebody did. */
export function lastEndWords(
  words: Words,
  { cause, by, direction, decided, takenBy }: CallEnd,
  nameOf: (userId: string) => string | undefined = () => undefined,
): { readonly what: string; readonly who: string | undefined } {
  // Who decided it and why comes before how far the call had come.
  if (decided !== undefined) return { what: words.t('seat.cause.ended-by-supervisor'), who: words.t('seat.ended.decided', { ...decided }) };
  // The call goes on with a supervisor, whose voice the caller hears: there is no secret in the name.
  if (takenBy !== undefined) return { what: words.t('seat.cause.taken-over'), who: nameOf(takenBy) };
  const key = [`seat.cause.${cause}`, `leaving.cause.${cause}`].find((each) => words.exists(each)) ?? 'seat.cause.other';
  const who =
    goesOn.has(cause) || saysWho.has(cause) || (neverBegan.has(cause) && by === 'far-party') ? '' : releasedByWords(words, by, direction);
  return {
    what: words.t(key),
    who: who === '' ? undefined : words.t('seat.ended.by', { who }),
  };
}
