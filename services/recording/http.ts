import { randomUUID } from 'node:crypto';
import { CALL_LIST_ROWS } from '../shared/contracts/api/calls/calls.js';
import type { RecordingsFound } from '../shared/contracts/api/calls/recording.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { NumberHash } from '../shared/platform/reach/number-hash.js';
import { withinReach, type ReachOf } from '../shared/platform/reach/reach.js';
import { handled, route, type Answer, type Audit, type RequestHead, type Route } from '../shared/platform/http/route.js';
import { recordingSheet, recordingWorkbook } from './adapters/recording-sheet.js';
import { withComments } from './archive/opus-pieces.js';
import { damageIn } from './archive/damage.js';
import { parseRange, type Playback } from './archive/playback.js';
import type { Encoder, Recording, RecordingStore } from './archive/ports.js';

export interface RecordingRoutesDependencies {
  readonly recordings: RecordingStore;
  readonly playback: Playback;
  readonly encoder: Pick<Encoder, 'toWav'>;
  readonly audit: Audit;
  readonly damagedFound: (recording: Recording, error: unknown) => Promise<void>;
  /** The hash of a full number, as the call records have it. */
  readonly numberHash: NumberHash;
  readonly reachOf: ReachOf;
  readonly now: () => Date;
}
/** One listening: the ranges that a player requests one after the other. */
const SAME_PLAY_MS = 600_000;

/** A hash that no recording has, apart from those whose call record is not written yet and that have no number. */
const NOBODY = 'nobody';

/** What pages see of a recording, without object and key. */
export function viewOf(recording: Recording) {
  const { objectKey: _key, objectVersion: _version, objectSha256: _sealed, format: _format, key: _wrapped, ...view } = recording;
  const { callerHash: _hash, ...facets } = view.facets;
  return { ...view, facets };
}

/** Finds recordings within a person's reach. Every other recording is answered with "not found". */
function finderOf({ recordings, reachOf }: Pick<RecordingRoutesDependencies, 'recordings' | 'reachOf'>) {
  return async (principal: Principal | undefined, id: string): Promise<Recording> => {
    const recording = await recordings.find(id);
    if (recording === undefined || !withinReach(await reachOf(principal), recording.facets, recording.startedAt))
      throw new CallCentreError('not-found', 'there is no such recording');
    return recording;
  };
}

export const createRecordingHttp = (deps: RecordingRoutesDependencies): Route[] => [...rowRoutes(deps), ...soundRoutes(deps)];

function rowRoutes(deps: RecordingRoutesDependencies): Route[] {
  const { recordings, audit, reachOf, now } = deps;
  const find = finderOf(deps);
  return [
    route('GET /recordings', {
      reach: { kind: 'filtered' },
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query: { number, cursor, limit, ...query } }) => {
        const split = cursor?.indexOf('_') ?? -1;
        const reach = await reachOf(principal);
        const found = await recordings.search({
          ...query,
          limit,
          reach,
          ...(number === undefined ? {} : { callerHash: deps.numberHash(number) ?? NOBODY }),
          ...(cursor === undefined ? {} : { before: { startedAt: cursor.slice(0, split), callId: cursor.slice(split + 1) } }),
        });
        const last = found.at(-1);
        return {
          recordings: found.map(viewOf),
          next: last === undefined || found.length < limit ? null : `${last.startedAt}_${last.callId}`,
        };
      },
    }),
    ...listFiles(deps),
    route('GET /recordings/:callId', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params }) => viewOf(await find(principal, params.callId)),
    }),
    route('GET /recordings/:callId/peaks', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params }) => {
        const recording = await find(principal, params.callId);
        const peaks = await recordings.peaks(recording.callId);
        if (peaks === undefined) throw new CallCentreError('not-found', 'there are no peaks of this recording');
        return { bucketMs: peaks.bucketMs, durationMs: recording.durationMs, caller: [...peaks.caller], agent: [...peaks.agent] };
      },
    }),
    route('POST /recordings/:callId/notes', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, body, from }) => {
        const recording = await find(principal, params.callId);
        const who = principal.userId;
        const note = { id: randomUUID(), ...body, by: who, at: now().toISOString() };
        await audit({ who, what: 'recording.noted', object: recording.callId, from, success: true, after: note });
        await recordings.addNote(recording.callId, note);
        return note;
      },
    }),
  ];
}

/** The filtered list as a file: no audio, masked numbers. Each export is in the audit log. */
function listFiles({ recordings, audit, reachOf, numberHash }: RecordingRoutesDependencies): Route[] {
  async function chosen(principal: Principal, { number, ...query }: RecordingsFound, from: string, form: string): Promise<Recording[]> {
    const found = await recordings.search({
      ...query,
      limit: CALL_LIST_ROWS + 1,
      reach: await reachOf(principal),
      ...(number === undefined ? {} : { callerHash: numberHash(number) ?? NOBODY }),
    });
    if (found.length > CALL_LIST_ROWS)
      throw new CallCentreError('too-large', `At most ${CALL_LIST_ROWS} recordings are exported from the list.`, {
        details: { rows: found.length, max: CALL_LIST_ROWS },
      });
    const after = { rows: found.length };
    await audit({ who: principal.userId, what: 'recording.list-exported', object: form, from, success: true, after });
    return found;
  }
  return [
    route('GET /recordings/export.csv', {
      reach: { kind: 'filtered' },
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query, from, response }) => {
        response
          .attachment('recordings.csv')
          .type('text/csv')
          .end(recordingSheet(await chosen(principal, query, from, 'csv')));
        return handled;
      },
    }),
    route('GET /recordings/export.xlsx', {
      reach: { kind: 'filtered' },
      looksUp: ({ query }) => query.number,
      handle: async ({ principal, query, from, response }) => {
        const workbook = await recordingWorkbook(await chosen(principal, query, from, 'xlsx'));
        response.attachment('recordings.xlsx').type('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet').end(workbook);
        return handled;
      },
    }),
  ];
}

function createPlays({ playback, now, damagedFound, ...deps }: RecordingRoutesDependencies) {
  const find = finderOf(deps);
  const played = new Map<string, number>();

  async function findPlayable(principal: Principal | undefined, id: string): Promise<Recording> {
    const recording = await find(principal, id);
    if (recording.deletion !== undefined)
      throw new CallCentreError('not-found', 'this recording was deleted at the end of its retention time');
    return recording;
  }

  /** Damage is reported and recorded, and the recording is not sent. */
  async function guarded<T>(recording: Recording, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (damageIn(error) !== undefined) await damagedFound(recording, error);
      throw error;
    }
  }

  /** True for the first request of one person's listening. */
  function beginsPlay(principal: Principal | undefined, id: string): boolean {
    const key = `${principal?.sessionId ?? ''}:${id}`;
    const at = now().getTime();
    for (const [known, since] of played) if (at - since > SAME_PLAY_MS) played.delete(known);
    const begins = !played.has(key);
    played.set(key, at);
    return begins;
  }

  async function sendRange(request: RequestHead, response: Answer, recording: Recording): Promise<void> {
    const range = parseRange(request.headers.range, recording.sizeBytes);
    response.setHeader('Accept-Ranges', 'bytes');
    response.setHeader('Content-Type', 'audio/ogg; codecs=opus');
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('ETag', `"${recording.sha256}"`);
    if (range === 'unsatisfiable') {
      response.status(416).setHeader('Content-Range', `bytes */${recording.sizeBytes}`).end();
      return;
    }
    const bytes = await guarded(recording, () =>
      range === undefined ? playback.whole(recording) : playback.part(recording, range.from, range.to),
    );
    if (range !== undefined) response.status(206).setHeader('Content-Range', `bytes ${range.from}-${range.to - 1}/${recording.sizeBytes}`);
    response.setHeader('Content-Length', bytes.length);
    response.end(bytes);
  }

  return { findPlayable, guarded, beginsPlay, sendRange };
}

/** Playing and downloading. Each leaves a row in the audit log. */
function soundRoutes(deps: RecordingRoutesDependencies): Route[] {
  const { playback, audit, now } = deps;
  const { findPlayable, guarded, beginsPlay, sendRange } = createPlays(deps);
  return [
    route('GET /recordings/:callId/audio', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, query, from, request, response }) => {
        const recording = await findPlayable(principal, params.callId);
        if (beginsPlay(principal, recording.callId))
          await audit({ who: principal.userId, what: 'recording.played', object: recording.callId, from, success: true });
        if (query.format === 'ogg') await sendRange(request, response, recording);
        else {
          const wav = await deps.encoder.toWav(await guarded(recording, () => playback.whole(recording)));
          response.setHeader('Content-Type', 'audio/wav');
          response.setHeader('Cache-Control', 'no-store');
          response.setHeader('Content-Length', wav.length);
          response.end(wav);
        }
        return handled;
      },
    }),
    route('GET /recordings/:callId/download', {
      reach: { kind: 'object', of: 'call', param: 'callId' },
      handle: async ({ principal, params, query, from, response }) => {
        const recording = await findPlayable(principal, params.callId);
        const at = now().toISOString();
        await audit({
          who: principal.userId,
          what: 'recording.downloaded',
          object: recording.callId,
          from,
          success: true,
          reason: query.reason,
        });
        const bytes = withComments(await guarded(recording, () => playback.whole(recording)), recording.durationMs, {
          CALL: recording.callId,
          LEDGER: String(recording.ledgerNumber),
          ORIGINAL_SHA256: recording.sha256,
          DOWNLOADED_BY: principal.userId,
          DOWNLOADED_AT: at,
        });
        const name = `${recording.callId}_${principal.userId}_${at.replaceAll(/[-:]|\.\d+/g, '')}.ogg`;
        response.setHeader('Content-Type', 'audio/ogg');
        response.setHeader('Content-Disposition', `attachment; filename="${name}"`);
        response.setHeader('Cache-Control', 'no-store');
        response.setHeader('Content-Length', bytes.length);
        response.end(bytes);
        return handled;
      },
    }),
  ];
}
