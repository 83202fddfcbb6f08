import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const NONCE_MS = 60_000;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

export interface DigestAnswer {
  readonly username: string;
  readonly realm: string;
  readonly nonce: string;
  readonly uri: string;
  readonly response: string;
  readonly qop?: string | undefined;
  readonly nc?: string | undefined;
  readonly cnonce?: string | undefined;
}

/** Reads an Authorization header of the Digest scheme (RFC 8760, RFC 7616 section 3.4); undefined when it is not one. */
export function parseDigest(header: string | undefined): DigestAnswer | undefined {
  if (header === undefined || !/^digest\s/i.test(header)) return undefined;
  const fields = new Map<string, string>();
  for (const [, name = '', quoted, plain] of header.slice(7).matchAll(/(?<![a-z])([a-z]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/gi))
    fields.set(name.toLowerCase(), quoted ?? plain ?? '');
  const [username, realm, nonce, uri, response] = ['username', 'realm', 'nonce', 'uri', 'response'].map((name) => fields.get(name));
  if (username === undefined || realm === undefined || nonce === undefined || uri === undefined || response === undefined) return undefined;
  return { username, realm, nonce, uri, response, qop: fields.get('qop'), nc: fields.get('nc'), cnonce: fields.get('cnonce') };
}

/**
 * Digest without stored nonces: a nonce is its own time, signed. It is valid for a minute, and each nonce count only once, so an
 * intercepted request cannot be replayed.
 */
export function createDigest({ key, realm, nowMs }: { readonly key: string; readonly realm: string; readonly nowMs: () => number }): {
  challenge(stale?: boolean): string;
  /** `stale`: the response is right, but its nonce is too old or was used. */
  check(answer: DigestAnswer, method: string, password: string): 'right' | 'wrong' | 'stale';
} {
  const used = new Map<string, number>();
  const sign = (atMs: string): string => createHmac('sha256', key).update(`nonce:${atMs}`).digest('base64url').slice(0, 24);

  function fresh(nonce: string, use: string): boolean {
    const [atMs = '', signature = ''] = nonce.split('.');
    if (signature !== sign(atMs)) return false;
    const now = nowMs();
    if (now - Number.parseInt(atMs, 36) > NONCE_MS) return false;
    for (const [key, untilMs] of used) if (untilMs < now) used.delete(key);
    if (used.has(use)) return false;
    used.set(use, now + NONCE_MS);
    return true;
  }

  return {
    challenge(stale = false) {
      const atMs = nowMs().toString(36);
      return `Digest realm="${realm}", nonce="${atMs}.${sign(atMs)}", algorithm=MD5, qop="auth"${stale ? ', stale=true' : ''}`;
    },
    check(answer, method, password) {
      const a1 = md5(`${answer.username}:${realm}:${password}`);
      const a2 = md5(`${method}:${answer.uri}`);
      const expected =
        answer.qop === undefined
          ? md5(`${a1}:${answer.nonce}:${a2}`)
          : md5(`${a1}:${answer.nonce}:${answer.nc ?? ''}:${answer.cnonce ?? ''}:${answer.qop}:${a2}`);
      const [a, b] = [Buffer.from(expected), Buffer.from(answer.response)];
      if (answer.realm !== realm || a.length !== b.length || !timingSafeEqual(a, b)) return 'wrong';
      return fresh(answer.nonce, `${answer.nonce}:${answer.nc ?? ''}:${answer.cnonce ?? ''}`) ? 'right' : 'stale';
    },
  };
}
