import { createHash, randomBytes } from 'node:crypto';
import { systemClock } from '../../shared/platform/processes/system-clock.js';

/** A SIP message as far as a caller needs it: start line, headers in order with lower-case names, body. */
export interface SipText {
  readonly startLine: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

const COMPACT: Readonly<Record<string, string>> = {
  v: 'via',
  f: 'from',
  t: 'to',
  i: 'call-id',
  m: 'contact',
  l: 'content-length',
  c: 'content-type',
};

export function parseSip(text: string): SipText | undefined {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [startLine = '', ...lines] = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
  if (!startLine.includes('SIP/2.0')) return undefined;
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const typed = line.slice(0, colon).trim().toLowerCase();
    const name = COMPACT[typed] ?? typed;
    headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { startLine, headers, body: rest.join('\r\n\r\n') };
}

export const statusOf = (message: SipText): number | undefined => {
  const status = /^SIP\/2\.0 (\d{3})/.exec(message.startLine)?.[1];
  return status === undefined ? undefined : Number(status);
};

export const header = (message: SipText, name: string): string => message.headers.get(name)?.[0] ?? '';

/** An offer of PCMA and telephone-event at 101 (RFC 4566, RFC 4733). */
export function sdpOffer(address: string, port: number): string {
  const family = address.includes(':') ? 'IP6' : 'IP4';
  return [
    'v=0',
    `o=proof ${systemClock.nowMs()} 1 IN ${family} ${address}`,
    's=proof',
    `c=IN ${family} ${address}`,
    't=0 0',
    `m=audio ${port} RTP/AVP 8 101`,
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=sendrecv',
    '',
  ].join('\r\n');
}

/** The address and port at which the other side wants the media. */
export function mediaOf(sdp: string): { readonly address: string; readonly port: number } | undefined {
  const address = /^c=IN IP[46] (\S+)/m.exec(sdp)?.[1];
  const port = /^m=audio (\d+) /m.exec(sdp)?.[1];
  return address === undefined || port === undefined ? undefined : { address, port: Number(port) };
}

/** RFC 2617 digest with qop=auth and MD5, as seats and trunks use it. */
export function digest(challenge: string, method: string, uri: string, username: string, password: string): string {
  const given = new Map(
    [...challenge.matchAll(/\b(\w{1,32})="?([^",]{1,512})"?/g)].map(([, name = '', value = '']) => [name.toLowerCase(), value]),
  );
  const of = (name: string): string => given.get(name) ?? '';
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const cnonce = randomBytes(8).toString('hex');
  const [realm, nonce, opaque] = [of('realm'), of('nonce'), of('opaque')];
  const response = md5(`${md5(`${username}:${realm}:${password}`)}:${nonce}:00000001:${cnonce}:auth:${md5(`${method}:${uri}`)}`);
  const parts = [
    `username="${username}"`,
    `realm="${realm}"`,
    `nonce="${nonce}"`,
    `uri="${uri}"`,
    `response="${response}"`,
    'algorithm=MD5',
    'qop=auth',
    'nc=00000001',
    `cnonce="${cnonce}"`,
  ];
  if (opaque !== '') parts.push(`opaque="${opaque}"`);
  return `Digest ${parts.join(', ')}`;
}
