/** What a chunk of a TCP or TLS stream contained. */
export interface Framed {
  readonly messages: readonly Buffer[];
  /** Double-CRLF pings to be answered with one CRLF each (RFC 5626 section 3.5.1). */
  readonly pings: number;
  /** Set when the stream can no longer be read; it must be closed. */
  readonly broken: string | undefined;
}

const CR = 13;
const LF = 10;
const HEAD_END = Buffer.from('\r\n\r\n');
const CONTENT_LENGTH = /(?:^|\r\n)(?:content-length|l)[ \t]*:[ \t]*(?:\r\n[ \t]+)?(\d{1,9})[ \t]*(?=\r\n|$)/i;

/**
 * Cuts a byte stream into SIP messages by Content-Length (RFC 3261 section 18.3, which makes it mandatory on streams). Holds at
 * most one message of `maxMessageBytes`.
 */
export class StreamFramer {
  private chunks: Buffer[] = [];
  private heldBytes = 0;
  /** The total bytes of the current message, once its header is complete. */
  private wantedBytes: number | undefined;

  constructor(private readonly maxMessageBytes: number) {}

  /** Whether a message has begun and is incomplete, the mark of a slow-loris attack when it lasts. */
  get partial(): boolean {
    return this.heldBytes > 0;
  }

  push(chunk: Buffer): Framed {
    this.chunks.push(chunk);
    this.heldBytes += chunk.length;
    const messages: Buffer[] = [];
    let pings = 0;
    if (this.wantedBytes !== undefined && this.heldBytes < this.wantedBytes) return { messages, pings, broken: undefined };

    let rest = this.chunks.length === 1 ? chunk : Buffer.concat(this.chunks);
    let broken: string | undefined;
    for (;;) {
      const leading = leadingCrlfs(rest);
      const tail = rest.length - leading * 2;
      pings += Math.floor(leading / 2);
      // A single CRLF, with or without the CR of the next one, may be half a ping whose other half is still on its way.
      const maybeMore = tail === 0 || (tail === 1 && rest[leading * 2] === CR);
      rest = rest.subarray(maybeMore && leading % 2 === 1 ? leading * 2 - 2 : leading * 2);
      if (maybeMore) break;
      const end = rest.indexOf(HEAD_END);
      if (end < 0) {
        if (rest.length > this.maxMessageBytes) broken = 'header too long';
        break;
      }
      const length = CONTENT_LENGTH.exec(rest.toString('latin1', 0, end));
      if (!length) {
        broken = 'no Content-Length on a stream';
        break;
      }
      this.wantedBytes = end + HEAD_END.length + Number(length[1]);
      if (this.wantedBytes > this.maxMessageBytes) {
        broken = 'message too long';
        break;
      }
      if (rest.length < this.wantedBytes) break;
      messages.push(rest.subarray(0, this.wantedBytes));
      rest = rest.subarray(this.wantedBytes);
      this.wantedBytes = undefined;
    }
    this.chunks = rest.length === 0 ? [] : [rest];
    this.heldBytes = rest.length;
    return { messages, pings, broken };
  }
}

/** The number of bytes of CRLF pairs at the front. */
function leadingCrlfs(data: Buffer): number {
  let count = 0;
  while (data[count * 2] === CR && data[count * 2 + 1] === LF) count += 1;
  return count;
}
