/**
 * Whether a handshake comes from a page of this product: a browser says in `Origin` whose page asks (RFC 6455 §10.2). What says nothing is no
 * browser. Behind a proxy that gives the server another name the own origin has to be configured; where it is not, nothing can be compared.
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
