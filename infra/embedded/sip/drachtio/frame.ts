/** Larger than any SIP message that could be forwarded. A client that announces more is broken. */
export const MAX_FRAME_BYTES = 1024 * 1024;

/** `<bytes>#<payload>`: the framing in both directions. */
export function frame(leader: string, message?: Buffer): Buffer {
  const head = Buffer.from(message ? `${leader}\r\n` : leader, 'utf8');
  const length = head.length + (message?.length ?? 0);
  const prefix = Buffer.from(`${String(length)}#`, 'latin1');
  return message ? Buffer.concat([prefix, head, message]) : Buffer.concat([prefix, head]);
}

/** Cuts the byte stream of a client into payloads. */
export class FrameReader {
  private held: Buffer = Buffer.alloc(0);
  private chunks: Buffer[] = [];
  private chunkBytes = 0;
  private wantedBytes = 0;

  /** The complete payloads so far, or `broken` when the stream is not drachtio's protocol. It cannot be read after that. */
  push(chunk: Buffer): readonly Buffer[] | 'broken' {
    this.chunks.push(chunk);
    this.chunkBytes += chunk.length;
    // A large frame arrives in many pieces, which are joined once and not at every piece.
    if (this.held.length + this.chunkBytes < this.wantedBytes) return [];
    let rest = this.held.length === 0 && this.chunks.length === 1 ? chunk : Buffer.concat([this.held, ...this.chunks]);
    this.chunks = [];
    this.chunkBytes = 0;
    this.wantedBytes = 0;
    const payloads: Buffer[] = [];
    for (;;) {
      const hash = rest.indexOf(35);
      if (hash < 0) {
        if (rest.length > 7) return 'broken';
        break;
      }
      const text = rest.toString('latin1', 0, hash);
      const length = /^\d{1,7}$/.test(text) ? Number(text) : 0;
      if (length === 0 || length > MAX_FRAME_BYTES) return 'broken';
      const end = hash + 1 + length;
      if (rest.length < end) {
        this.wantedBytes = end;
        break;
      }
      payloads.push(rest.subarray(hash + 1, end));
      rest = rest.subarray(end);
    }
    this.held = rest;
    return payloads;
  }
}
