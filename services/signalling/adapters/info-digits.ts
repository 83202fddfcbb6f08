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

/** As long as a digit of the relay. */
const LASTS_MS = 160;

/** The body of an INFO with a digit, in the form that every gateway with INFO reads. */
export const infoOf = (digit: string): { readonly headers: Readonly<Record<string, string>>; readonly body: string } => ({
  headers: { 'Content-Type': 'application/dtmf-relay' },
  body: `Signal=${digit}\r\nDuration=${String(LASTS_MS)}\r\n`,
});

/** Some gateways write the event number of RFC 4733 instead of the character. */
const byNumber: Readonly<Record<string, string>> = { '10': '*', '11': '#' };
