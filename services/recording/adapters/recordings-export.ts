import { Zip, ZipPassThrough } from 'fflate';
import type { ExportKind, ExportQuery } from '../../shared/platform/reach/export-kind.js';
import type { ReachOf } from '../../shared/platform/reach/reach.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import { damageIn } from '../archive/damage.js';
import { exportList, type ExportLine } from '../archive/recording-export.js';
import type { Playback } from '../archive/playback.js';
import type { Recording, RecordingStore } from '../archive/ports.js';
import { withComments } from '../archive/opus-pieces.js';

/** An hour of audio is about 20 MB. Larger amounts are the task of the archive's own backup. */
const EXPORT_ROWS = 500;
const PAGE = 200;

interface AskedFor {
  readonly who: string;
  readonly from: string;
  readonly exportId: string;
  readonly reason: string;
}

/**
 * The recordings of a period as a ZIP file. Each is read back and compared before it is added; a recording that does not match is left out,
 * and the list says why. Each recording is written to the audit log before its first byte is sent.
 */
export function createRecordingsExport({
  recordings,
  playback,
  audit,
  reachOf,
  damagedFound,
  now,
}: {
  readonly recordings: Pick<RecordingStore, 'search'>;
  readonly playback: Pick<Playback, 'whole'>;
  readonly audit: Audit;
  readonly reachOf: ReachOf;
  readonly damagedFound: (recording: Recording, error: unknown) => Promise<void>;
  readonly now: () => Date;
}): ExportKind {
  async function found(query: ExportQuery, principal: Principal, most: number): Promise<Recording[]> {
    const reach = await reachOf(principal);
    const all: Recording[] = [];
    for (;;) {
      const last = all.at(-1);
      const page = await recordings.search({
        ...query,
        reach,
        limit: PAGE,
        ...(last === undefined ? {} : { before: { startedAt: last.startedAt, callId: last.callId } }),
      });
      all.push(...page);
      if (page.length < PAGE || all.length > most) return all.slice(0, most + 1);
    }
  }

  return {
    name: 'recordings',
    title: { zh: '录音文件', en: 'Recordings' },
    right: 'recordings.download',
    maxRows: EXPORT_ROWS,
    // One more than the limit is enough to see that there are too many.
    count: async (query, principal) => (await found(query, principal, EXPORT_ROWS)).length,
    async send(query, { principal, from, exportId, reason, response }) {
      const chosen = (await found(query, principal, EXPORT_ROWS)).slice(0, EXPORT_ROWS);
      response.attachment(`recordings_${exportId}.zip`).type('application/zip');
      await response.stream(archiveOf(chosen, { who: principal.userId, from, exportId, reason }));
    },
  };

  /**
   * The next recording is read while the previous one is being sent. The archive is never whole in memory, and nothing is read for a client
   * that has stopped.
   */
  async function* archiveOf(chosen: readonly Recording[], asked: AskedFor): AsyncGenerator<Uint8Array> {
    const ready: Uint8Array[] = [];
    const zip = new Zip((error, chunk) => {
      if (error) throw error;
      ready.push(chunk);
    });
    const add = (name: string, bytes: Uint8Array): void => {
      const file = new ZipPassThrough(name);
      zip.add(file);
      file.push(bytes, true);
    };
    const lines: ExportLine[] = [];
    for (const recording of chosen) {
      const line = await exported(recording, asked);
      if (line.bytes !== undefined && line.file !== undefined) add(line.file, line.bytes);
      lines.push(line);
      yield* ready.splice(0);
    }
    add('recordings.csv', new TextEncoder().encode(exportList(lines)));
    zip.end();
    yield* ready.splice(0);
  }

  async function exported(recording: Recording, asked: AskedFor): Promise<ExportLine & { readonly bytes?: Uint8Array }> {
    const { callId, ledgerNumber, durationMs, sha256 } = recording;
    if (recording.deletion !== undefined) return { recording, verdict: 'deleted' };
    const { who, from, exportId } = asked;
    const reason = `export ${exportId}: ${asked.reason}`;
    await audit({ who, what: 'recording.downloaded', object: callId, from, success: true, reason });
    try {
      const comments = { CALL: callId, LEDGER: String(ledgerNumber), ORIGINAL_SHA256: sha256, EXPORT: exportId, DOWNLOADED_BY: who };
      const bytes = withComments(await playback.whole(recording), durationMs, { ...comments, DOWNLOADED_AT: now().toISOString() });
      return { recording, verdict: 'ok', file: `${ledgerNumber}_${callId}.ogg`, bytes };
    } catch (error) {
      const verdict = damageIn(error);
      if (verdict === undefined) throw error;
      await damagedFound(recording, error);
      return { recording, verdict };
    }
  }
}
