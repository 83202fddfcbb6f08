/** The user part of a request URI, without its parameters; a `tel:` number as it is. */
export function userOf(uri: string): string {
  const user = /^(?:sips?|tel):([^@;?]*)/i.exec(uri)?.[1] ?? '';
  try {
    return decodeURIComponent(user);
  } catch {
    return '';
  }
}
