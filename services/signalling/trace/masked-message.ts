import { maskNumber } from '../../shared/domain/numbers/phone-number.js';
import { readSipText, unescaped, writeSipText, type SipText } from './sip-text.js';

const USER = /((?:sips?|tel):)([^@\s<>;,"?:]*)/gi;
/** User parts that do not identify anybody. */
const NOBODY = new Set(['', 'seat', 'anonymous', 'unavailable', 'unknown', 'localhost', 'invalid']);
/** This many digits at the end of a number identify it wherever they appear. */
const TAIL = 7;
/** Headers whose text people and vendors write freely. */
const FREE = new Set(['user-agent', 'server', 'reason', 'warning']);

const digitsOf = (text: string): string => text.replace(/\D/g, '');
const hidden = (text: string): string => text.replace(/\d/g, '*');

function maskedUser(user: string): string {
  const plain = unescaped(user);
  if (NOBODY.has(plain.toLowerCase())) return user;
  if (/^\+?\d{1,24}$/.test(plain)) return maskNumber(plain);
  return /\d/.test(plain) ? hidden(plain).replace(/[^*]/g, '*') : '***';
}

/** Replaces each user part of an address. A `sip:` without a following `@` is a host without a user. */
function mappedUsers(text: string, of: (user: string) => string): string {
  const ends = /[\s<>,"@]/g;
  /**
   * The position of the next `@`, or the end of an address. It is searched for only once between two of them, so a message full of
   * addresses stays cheap.
   */
  let endsAt = -1;
  return text.replace(USER, (whole: string, scheme: string, user: string, offset: number) => {
    const behind = offset + whole.length;
    if (endsAt < behind) {
      ends.lastIndex = behind;
      endsAt = ends.exec(text)?.index ?? text.length;
    }
    return /^tel:/i.test(scheme) || text[endsAt] === '@' ? `${scheme}${of(user)}` : whole;
  });
}

const maskedUris = (text: string): string => mappedUsers(text, maskedUser);

/** Display names are often names or numbers of people: the text before a `<`, from the comma after the address before it. */
function withoutNames(value: string): string {
  const parts = value.replace(/=?"(?:[^"\\]|\\[\s\S])*(?:"|\\?$)/g, (quoted) => (quoted.startsWith('=') ? quoted : '"***"')).split('<');
  return parts.map((part, place) => (place === parts.length - 1 ? part : withoutName(part, place === 0))).join('<');
}

/** The text between two `<`: the rest of an address with its parameters, a comma, a name. */
function withoutName(part: string, isFirst: boolean): string {
  const close = isFirst ? -1 : part.indexOf('>');
  const comma = close < 0 ? -1 : part.indexOf(',', close);
  if (close >= 0 && comma < 0) return part;
  const name = part.slice(comma + 1);
  return name.trim() === '' ? part : `${part.slice(0, comma + 1)}"***" `;
}

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

/** The author of the session, its name, a mail address, a telephone number: `o=138… 1 1 IN IP4 …`. */
const maskedLine = (line: string): string =>
  line
    .replace(/^o=\S+/, 'o=-')
    .replace(
      /^([siuep])=(?!-?$)(.*)$/,
      (_whole, type: string, text: string) => `${type}=${/\d{5}/.test(text) || 'ep'.includes(type) ? '***' : text}`,
    );

/** The user parts of its addresses that are numbers, as digits. */
function numbersIn({ start, fields }: SipText): string[] {
  const found: string[] = [];
  const noted = (user: string): string => {
    const digits = digitsOf(unescaped(user));
    if (digits.length >= TAIL) found.push(digits);
    return user;
  };
  for (const text of [start, ...fields.map(([, value]) => value)]) mappedUsers(text, noted);
  return found;
}

/**
 * The messages of one leg for people who may not see whole numbers. A number in an address of one message is hidden everywhere in all of
 * them.
 */
export function maskedMessages(texts: readonly string[]): string[] {
  const read = texts.map(readSipText);
  const tails = new Set(read.flatMap(numbersIn).map((number) => number.slice(-TAIL)));
  const has = (digits: string): boolean => {
    for (let at = 0; at + TAIL <= digits.length; at += 1) if (tails.has(digits.slice(at, at + TAIL))) return true;
    return false;
  };
  const known = (text: string): string => text.replace(/[^\s;,<>"=@]+/g, (token) => (has(digitsOf(token)) ? hidden(token) : token));
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
