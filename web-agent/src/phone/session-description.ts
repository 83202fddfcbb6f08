const EVENT_PAYLOAD = '101';

/**
 * Gives telephone-event/8000 the payload type 101 in an offer: both legs of a seat must use the same one, and trunks use 101. Unchanged
 * when 101 is taken.
 */
export function normaliseTelephoneEvent(sdp: string): string {
  const found = /^a=rtpmap:(\d+) telephone-event\/8000/im.exec(sdp)?.[1];
  if (found === undefined || found === EVENT_PAYLOAD || new RegExp(`^a=rtpmap:${EVENT_PAYLOAD} `, 'm').test(sdp)) return sdp;
  return sdp
    .split('\r\n')
    .map((line) =>
      line.startsWith('m=')
        ? line
            .split(' ')
            .map((part, place) => (place > 2 && part === found ? EVENT_PAYLOAD : part))
            .join(' ')
        : line.replace(/^a=(rtpmap|fmtp|rtcp-fb):(\d+) /, (start, kind: string, payload: string) =>
            payload === found ? `a=${kind}:${EVENT_PAYLOAD} ` : start,
          ),
    )
    .join('\r\n');
}

/**
 * The answer with the caller's source. Chromium binds its track to the newest source; a source that comes back after a hold would be
 * audible but not visible to the meters. An `a=ssrc` line (RFC 5576) fixes that. A wrong line silences the track, so old ones are removed,
 * and when several may be heard (`null`) none is named.
 */
export function nameSource(answer: string, ssrc: number | null): string {
  const lines = answer.split('\r\n').filter((line) => !line.startsWith('a=ssrc:'));
  if (ssrc === null) return lines.join('\r\n');
  const mid = lines.findIndex((line) => line.startsWith('a=mid:'));
  const media = lines.findIndex((line) => line.startsWith('m=audio'));
  const after = mid >= 0 ? mid : media;
  if (after < 0) return answer;
  lines.splice(after + 1, 0, `a=ssrc:${ssrc >>> 0} cname:far`);
  return lines.join('\r\n');
}
