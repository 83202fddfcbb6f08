import { maskNumber } from '../../shared/domain/phone-number.js';
import { readSipText, writeSipText, type SipText } from './sip-text.js';

const USER = /((?:sips?|tel):)([^@\s<>;,"?:]*)/gi;
/** Users that are nobody's. */
const NOBODY = new Set(['', 'seat', 'anonymous', 'unavailable', 'unknown', 'localhost', 'invalid']);
/** So many digits at the end of a number make it known wherever they stand. */
const TAIL = 7;
/** Texts that people and vendors write freely. */
const FREE = new Set(['user-agent', 'server', 'reason', 'warning']);

const digitsOf = (text: string): string => text.replace(/\D/g, '');
const hidden = (text: string): string => text.replace(/\d/g, '*');

function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

function maskedUser(user: string): string {
  const plain = decoded(user);
  if (NOBODY.has(plain.toLowerCase())) return user;
  if (/^\+?\d{1,24}$/.test(plain)) return maskNumber(plain);
  return /\d/.test(plain) ? hidden(plain).replace(/[^*]/g, '*') : '***';
}

/** Each user of an address in its turn. A part `sip:` without `@` behind it is a host, and no user. */
const mappedUsers = (text: string, of: (user: string) => string): string =>
  text.replace(USER, (whole: string, scheme: string, user: string, offset: number) => {
    const isUser = /^tel:/i.test(scheme) || /^[^\s<>,"]*@/.test(text.slice(offset + whole.length));
    return isUser ? `${scheme}${of(user)}` : whole;
  });

const maskedUris = (text: string): string => mappedUsers(text, maskedUser);

/** Names beside addresses are people's, and often their numbers. */
const withoutNames = (value: string): string => value.replace(/"[^"]*"?(?=\s*<)/g, '"***"').replace(/(^|,\s*)[^"<,:]+(?=<)/g, '$1*** ');

const NAMED = new Set(
  'from to contact p-asserted-identity p-preferred-identity p-called-party-id remote-party-id diversion history-info refer-to referred-by'.split(
    ' ',
  ),
);

function maskedField(name: string, value: string): string {
  const key = name.toLowerCase();
  if (FREE.has(key)) return value.replace(/\+?\d[\d\-. ]{5,}\d/g, hidden);
  return maskedUris(NAMED.has(key) ? withoutNames(value) : value);
}

/** Who made the session, its name, a mail address, a telephone number: `o=138… 1 1 IN IP4 …`. */
const maskedLine = (line: string): string =>
  line
    .replace(/^o=\S+/, 'o=-')
    .replace(
      /^([siuep])=(?!-?$)(.*)$/,
      (_whole, type: string, text: string) => `${type}=${/\d{5}/.test(text) || 'ep'.includes(type) ? '***' : text}`,
    );

/** The users in its addresses that are numbers, as digits. */
function numbersIn({ start, fields }: SipText): string[] {
  const found: string[] = [];
  const noted = (user: string): string => {
    const digits = digitsOf(decoded(user));
    if (digits.length >= TAIL) found.push(digits);
    return user;
  };
  for (const text of [start, ...fields.map(([, value]) => value)]) mappedUsers(text, noted);
  return found;
}

/** Messages of one leg for whoever may not see whole numbers: a number that stands in an address of one of them is hidden in all, wherever it stands. */
export function maskedMessages(texts: readonly string[]): string[] {
  const read = texts.map(readSipText);
  const tails = [...new Set(read.flatMap(numbersIn).map((number) => number.slice(-TAIL)))];
  const known = (text: string): string =>
    text.replace(/[^\s;,<>"=@]+/g, (token) => {
      const digits = digitsOf(token);
      return digits.length >= TAIL && tails.some((tail) => digits.includes(tail)) ? hidden(token) : token;
    });
  return read.map(({ start, fields, body }) =>
    known(
      writeSipText({
        start: maskedUris(start),
        fields: fields.map(([name, value]) => [name, maskedField(name, value)] as const),
        body: body.split('\r\n').map(maskedLine).join('\r\n'),
      }),
    ),
  );
}
