/** The two channels of a 16-bit stereo WAV. Fails for any other file. */
export function channelsOf(wav: Uint8Array): { readonly sampleRate: number; readonly left: Int16Array; readonly right: Int16Array } {
  const view = new DataView(wav.buffer, wav.byteOffset, wav.byteLength);
  const tag = (at: number): string => String.fromCharCode(...wav.subarray(at, at + 4));
  if (tag(0) !== 'RIFF' || tag(8) !== 'WAVE') throw new Error('not a WAV file');
  let sampleRate = 0;
  for (let at = 12; at + 8 <= wav.byteLength;) {
    const size = view.getUint32(at + 4, true);
    if (tag(at) === 'fmt ') {
      if (view.getUint16(at + 10, true) !== 2 || view.getUint16(at + 22, true) !== 16) throw new Error('not 16-bit stereo');
      sampleRate = view.getUint32(at + 12, true);
    }
    if (tag(at) === 'data') {
      // A file that was written to a pipe does not know its length in its header.
      const frames = Math.floor(Math.min(size, wav.byteLength - at - 8) / 4);
      const left = new Int16Array(frames);
      const right = new Int16Array(frames);
      for (let i = 0; i < frames; i += 1) {
        left[i] = view.getInt16(at + 8 + i * 4, true);
        right[i] = view.getInt16(at + 10 + i * 4, true);
      }
      return { sampleRate, left, right };
    }
    at += 8 + size + (size % 2);
  }
  throw new Error('a WAV file without data');
}
