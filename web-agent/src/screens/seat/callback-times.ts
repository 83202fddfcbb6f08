/** Minutes from now that are offered for a callback with one press. */
export const soonMinutes = [15, 60, 120] as const;

/** Nine in the morning of the next day, in the reader's zone. */
export const tomorrowAtNine = (now: Date): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9);

/** A time as an input of the kind `datetime-local` has it: the reader's zone, to the minute. */
export function inputTime(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
