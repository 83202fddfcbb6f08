import { PROOF_NUMBER } from '../../../shared/domain/proof.js';
import type { RowOf } from '../../../shared/records/record.js';
import type { recordingExtract } from '../../../shared/records/recording.js';
import type { Reads } from '../../../shared/records/reads.js';
import type { RecordingLooks, Stretch } from '../../ports.js';
import type { RecordingRow } from '../../quality/call-row.js';

/** How many recordings a pack looks at itself, drawn at random where there are more: so many that it waits some seconds for them. */
const MOST_LOOKS = 2_000;
/** How many of them the store is asked for at once. */
const AT_ONCE = 8;

/** Asks the store for the length of an object. Each reading of rows creates its own asker. */
export type SizeOf = (key: string, version: string) => Promise<number | undefined>;

type Stored = Pick<
  RowOf<typeof recordingExtract>,
  '_id' | 'startedAt' | 'sha256' | 'durationMs' | 'sizeBytes' | 'facets' | 'objectKey' | 'objectVersion' | 'deletion' | 'opened'
>;

interface FoundRecording {
  readonly row: Omit<RecordingRow, 'kept'>;
  readonly object?: { readonly key: string; readonly version: string };
  readonly deleted: boolean;
}

export function toRecording(stored: Stored): FoundRecording {
  const { _id, startedAt, sha256, durationMs, sizeBytes, facets, objectKey, objectVersion, deletion, opened } = stored;
  return {
    row: {
      callId: _id,
      atMs: Date.parse(startedAt),
      sha256,
      durationMs,
      sizeBytes,
      queueId: facets.queueId ?? '',
      called: facets.called,
      handled: facets.agentIds.length > 0 && facets.direction !== 'outbound',
      ...(opened === undefined ? {} : { openedAtMs: Date.parse(opened.at) }),
      ...(opened?.damage === undefined || deletion !== undefined
        ? {}
        : { damage: opened.damage, damageFoundAtMs: Date.parse(opened.found?.at ?? opened.at), damageFoundBy: opened.found?.by ?? '' }),
    },
    ...(objectKey === undefined ? {} : { object: { key: objectKey, version: objectVersion ?? '' } }),
    deleted: deletion !== undefined,
  };
}

/**
 * The entry of a recording does not prove that the recording exists: the store is asked for each, and for packs some of the objects that it
 * lists are read. What a check or a look found damaged is never stored.
 */
export async function* withObjects(
  batches: AsyncIterable<readonly FoundRecording[]>,
  { calls, recordings }: Pick<Reads, 'calls' | 'recordings'>,
  {
    sizeOf,
    looks,
    stretch,
    random = Math.random,
  }: {
    readonly sizeOf: SizeOf;
    readonly looks?: RecordingLooks | undefined;
    readonly stretch: Stretch;
    readonly random?: () => number;
  },
): AsyncGenerator<readonly RecordingRow[]> {
  const share = looks === undefined ? 0 : MOST_LOOKS / Math.max(1, await recordings.count(startedIn(stretch)));

  async function looked({ row, object, deleted }: FoundRecording): Promise<RecordingRow> {
    if (deleted) return { ...row, kept: 'deleted' };
    if (object === undefined || row.damage !== undefined) return { ...row, kept: 'missing' };
    const bytes = await sizeOf(object.key, object.version);
    // The stored object is the sealed file, which is longer than the played one.
    const isListed = bytes !== undefined && bytes >= row.sizeBytes;
    if (looks === undefined || (isListed && random() >= share)) return { ...row, kept: isListed ? 'stored' : 'missing' };
    const { at, damage } = await looks.end(row.callId, { ...object, bytes: bytes ?? row.sizeBytes });
    const seen = { ...row, lookedAtMs: at.getTime() };
    if (damage === undefined) return { ...seen, kept: isListed ? 'stored' : 'missing' };
    return { ...seen, kept: 'missing', damage, damageFoundAtMs: at.getTime(), damageFoundBy: 'pack' };
  }

  for await (const batch of batches) {
    const ids = batch.map(({ row }) => row.callId);
    const practice = new Set((await calls.find({ _id: { $in: ids }, class: 'test' }, { fields: [] })).map(({ _id }) => _id));
    const found: RecordingRow[] = [];
    for (let i = 0; i < batch.length; i += AT_ONCE) found.push(...(await Promise.all(batch.slice(i, i + AT_ONCE).map(looked))));
    yield found.map((row) => ({ ...row, handled: row.handled && !practice.has(row.callId) }));
  }
}

const startedIn = ({ fromMs, untilMs }: Stretch) => ({
  startedAt: { $gte: new Date(fromMs).toISOString(), $lt: new Date(untilMs).toISOString() },
  'facets.called': { $ne: PROOF_NUMBER },
});
