/** The user part of a request URI, without its parameters; a `tel:` number as it is. */
export function userOf(uri: string): string {
  const user = /^(?:sips?|tel):([^@;?]*)/i.exec(uri)?.[1] ?? '';
  try {
    return decodeURIComponent(user);
  } catch {
    return '';
  }
}

/** Whether a request to this URI uses TLS: addresses of a trunk name their transport. */
export const isOverTls = (uri: string): boolean => /;transport=tls(?:;|$)/i.test(uri);
