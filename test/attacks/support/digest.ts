import { createHash } from 'node:crypto';
import { nonce } from './raw-sip.js';

/** The answer to a digest challenge (RFC 2617, MD5, qop=auth). */
export function digestFor(
  challenge: string,
  { method, uri, username, password }: { method: string; uri: string; username: string; password: string },
): string {
  const of = (name: string): string => new RegExp(`\\b${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const cnonce = nonce();
  const [realm, given] = [of('realm'), of('nonce')];
  const response = md5(`${md5(`${username}:${realm}:${password}`)}:${given}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  return `Digest username="${username}", realm="${realm}", nonce="${given}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}"`;
}
