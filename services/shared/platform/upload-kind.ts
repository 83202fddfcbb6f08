import { CallCentreError } from '../domain/failure.js';

const zip = [0x50, 0x4b, 0x03, 0x04];
/** First bytes of the kinds of files that are taken, by the ending of the name; none: text, which must not hold a zero byte. */
const kinds: Readonly<Record<string, readonly (readonly number[])[]>> = {
  pdf: [[0x25, 0x50, 0x44, 0x46, 0x2d]],
  png: [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  jpg: [[0xff, 0xd8, 0xff]],
  jpeg: [[0xff, 0xd8, 0xff]],
  docx: [zip],
  xlsx: [zip],
  zip: [zip],
  ofd: [zip],
  csv: [],
  txt: [],
};
const MOST_NEEDED = 8;

export const uploadKinds = Object.keys(kinds);

/**
 * Passes a file on when its name ends like one of the kinds above and its first bytes are of that kind. Whatever a browser might run (HTML,
 * SVG, scripts) is none of them. Throws `invalid-request` with `details.file = "kind"`.
 */
export async function* onlyKnownKinds(stream: AsyncIterable<Uint8Array>, fileName: string): AsyncGenerator<Uint8Array> {
  const starts = kinds[/\.([a-z0-9]{1,5})$/i.exec(fileName)?.[1]?.toLowerCase() ?? ''];
  const refuse = (): CallCentreError =>
    new CallCentreError('invalid-request', `Files of these kinds are taken: ${uploadKinds.join(', ')}.`, { details: { file: 'kind' } });
  if (starts === undefined) throw refuse();
  let head: Buffer | undefined = Buffer.alloc(0);
  const fits = (bytes: Uint8Array): boolean =>
    starts.length === 0 ? !bytes.includes(0) : starts.some((start) => start.every((byte, place) => bytes[place] === byte));
  for await (const chunk of stream) {
    if (head === undefined) {
      if (starts.length === 0 && chunk.includes(0)) throw refuse();
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < MOST_NEEDED) continue;
    if (!fits(head)) throw refuse();
    yield head;
    head = undefined;
  }
  if (head === undefined || head.length === 0) return;
  if (!fits(head)) throw refuse();
  yield head;
}
