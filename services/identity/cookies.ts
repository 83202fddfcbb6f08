/** The value of one cookie of a `Cookie` header (RFC 6265 section 5.4), or an empty text. */
export function cookieOf(header: string | undefined, name: string): string {
  const pair = (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  try {
    return decodeURIComponent(pair?.slice(name.length + 1) ?? '');
  } catch {
    return '';
  }
}
