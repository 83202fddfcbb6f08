/** A longer body contains more than a digit. */
const LONGEST_BODY = 256;

/** The digit of an INFO (`application/dtmf-relay`, `application/dtmf`); undefined when the body has none. */
export function digitOf(contentType: string | undefined, body: string): string | undefined {
  if (body.length > LONGEST_BODY) return undefined;
  const kind = contentType?.split(';')[0]?.trim().toLowerCase();
  const written =
    kind === 'application/dtmf-relay'
      ? /^\s*Signal\s*=\s*(\S{1,2})\s*$/im.exec(body)?.[1]
      : kind === 'application/dtmf'
        ? body.trim()
        : undefined;
  const digit = written === undefined ? undefined : (byNumber[written] ?? written);
  return digit !== undefined && /^[0-9*#]$/.test(digit) ? digit : undefined;
}

/** Some gateways write the event number of RFC 4733 instead of the character. */
const byNumber: Readonly<Record<string, string>> = { '10': '*', '11': '#' };
