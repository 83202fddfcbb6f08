import { CallCentreError } from '../../shared/domain/failure.js';
import type { ObjectArchive, Recording, Sealer } from './ports.js';
import { damaged } from './damage.js';
import { sealedBytes, segmentRange } from './sealed-range.js';

/** How long the check of a whole file stays valid. Each segment is authenticated whenever it is read. */
const BELIEVED_MS = 600_000;

export type PlayableRecording = Pick<
  Recording,
  'callId' | 'objectKey' | 'objectVersion' | 'objectSha256' | 'sha256' | 'sizeBytes' | 'format' | 'key'
>;

/** Reads recordings from the archive. A recording that does not match the hash of its record is never sent. */
export class Playback {
  readonly #believed = new Map<string, number>();

  constructor(
    private readonly deps: {
      readonly archive: Pick<ObjectArchive, 'get'>;
      readonly sealer: Pick<Sealer, 'open' | 'sha256'>;
      readonly steadyMs: () => number;
    },
  ) {}

  /** The audio file, with its hash checked. Fails with `recording-damaged`, `recording-truncated` or `recording-missing`. */
  async whole(recording: PlayableRecording): Promise<Uint8Array> {
    const { archive, sealer, steadyMs } = this.deps;
    const sealed = await archive.get(recording.objectKey, recording.objectVersion);
    if (sealed === undefined) throw damaged('recording-missing');
    if (sealed.length < sealedBytes(recording.format)) throw damaged('recording-truncated');
    if (sealer.sha256(sealed) !== recording.objectSha256) throw damaged('recording-damaged');
    const plain = await this.#open(sealed, 0, recording);
    if (sealer.sha256(plain) !== recording.sha256) throw damaged('recording-damaged');
    this.#believed.set(identity(recording), steadyMs());
    return plain;
  }

  /** Bytes `[from, to)`. The whole file is checked first, unless it was checked lately. */
  async part(recording: PlayableRecording, from: number, to: number): Promise<Uint8Array> {
    const since = this.#believed.get(identity(recording));
    if (since === undefined || this.deps.steadyMs() - since > BELIEVED_MS) return (await this.whole(recording)).subarray(from, to);
    const range = segmentRange(recording.format, from, to);
    const sealed = await this.deps.archive.get(recording.objectKey, recording.objectVersion, range);
    if (sealed === undefined) throw damaged('recording-missing');
    if (sealed.length < range.length) throw damaged('recording-truncated');
    const plain = await this.#open(sealed, range.first, recording);
    const start = from - range.first * recording.format.segmentBytes;
    return plain.subarray(start, start + to - from);
  }

  async #open(sealed: Uint8Array, first: number, recording: PlayableRecording): Promise<Uint8Array> {
    try {
      return await this.deps.sealer.open(sealed, first, recording.format, recording.key, recording.callId);
    } catch (error) {
      if (error instanceof CallCentreError) throw error;
      throw damaged('recording-damaged');
    }
  }
}

const identity = ({ objectKey, objectVersion }: PlayableRecording): string => `${objectKey}#${objectVersion}`;

/**
 * `bytes=a-b` of RFC 9110 section 14, only one range; `undefined` for no range or a form that may be ignored, `unsatisfiable` for an
 * impossible range.
 */
export function parseRange(
  header: string | undefined,
  size: number,
): { readonly from: number; readonly to: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (match === null) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const from = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return from >= size || from >= to ? 'unsatisfiable' : { from, to };
}
