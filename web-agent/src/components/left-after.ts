/** What stays in a field once `sent` was accepted: the letters that were typed while the answer was on its way. */
export function leftAfter(now: string, sent: string): string {
  if (sent === '') return now;
  // A text that was changed in the middle is no longer the one that was sent: nobody can tell what of it is new.
  return now.startsWith(sent) ? now.slice(sent.length).trimStart() : now;
}
