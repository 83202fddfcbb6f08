/**
 * Whether a handshake comes from a page of this product: a browser names the page in `Origin` (RFC 6455 §10.2). A client without it is not
 * a browser. Behind a proxy that gives the server another name, our own origin must be configured; without that there is nothing to
 * compare.
 */
export function isOwnOrigin(
  { origin, host }: { readonly origin?: string | undefined; readonly host?: string | undefined },
  { configured, behindProxy }: { readonly configured?: string | undefined; readonly behindProxy: boolean },
): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const asking = new URL(origin);
  if (configured !== undefined && asking.origin === new URL(configured).origin) return true;
  return asking.host === host || (configured === undefined && behindProxy);
}
