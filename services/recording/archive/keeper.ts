import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { Audit } from '../../shared/platform/http/route.js';
import { facetsIn } from './archiver.js';
import { damageIn, damages, damageWords, type Damage } from './damage.js';
import type { Playback } from './playback.js';
import type { CallIndex, DeletionStore, KeyWrapper, LockProbes, ObjectArchive, Recording, RecordingStore } from './ports.js';
import { DAY_MS } from './retention.js';
import type { CallId } from '../../shared/domain/ids.js';

const BATCH = 200;
/** How many recordings of the day before, and how many older ones, are opened and compared each night, chosen at random. */
const SCRUB_LIMIT = 500;
const PROBE_KEY = 'lock-probe/probe.bin';
const WHO = 'system:recording';
/** The nightly check raises one alarm for each kind of finding. */
const SCRUB = 'nightly-check';

export interface KeeperDependencies {
  readonly recordings: RecordingStore;
  readonly archive: ObjectArchive;
  readonly calls: CallIndex;
  readonly deletions: DeletionStore;
  readonly probes: LockProbes;
  readonly playback: Pick<Playback, 'whole' | 'part'>;
  readonly keys: KeyWrapper;
  readonly sha256: (bytes: Uint8Array) => string;
  readonly bus: EventBus;
  readonly audit: Audit;
  readonly log: Logger;
  readonly random: () => number;
}

/** What deleting one recording needs. */
interface Deleting {
  readonly recordings: Pick<RecordingStore, 'markDeleted'>;
  readonly archive: Pick<ObjectArchive, 'remove'>;
  readonly deletions: Pick<DeletionStore, 'add'>;
  readonly audit: Audit;
}

/** What opening the sample of a night needs. */
interface Scrubbing {
  readonly recordings: Pick<RecordingStore, 'stored' | 'find' | 'noteOpened'>;
  readonly playback: Pick<Playback, 'whole'>;
  readonly bus: Pick<EventBus, 'publish'>;
  readonly log: Logger;
  readonly random: () => number;
}

/** Deletes all recordings that are past their retention and not held, each with a record. A failed deletion does not stop the others. */
export async function deleteDue(
  {
    recordings,
    archive,
    deletions,
    audit,
    log,
  }: Deleting & Pick<KeeperDependencies, 'log'> & { readonly recordings: Pick<RecordingStore, 'due'> },
  now: Date,
): Promise<{ readonly deleted: number; readonly failed: number }> {
  let deleted = 0;
  const failed: string[] = [];
  const next = (): Promise<Recording[]> => recordings.due(now, BATCH, failed);
  for (let batch = await next(); batch.length > 0; batch = await next())
    for (const recording of batch)
      try {
        await deleteOne({ recordings, archive, deletions, audit }, recording, {
          now,
          by: WHO,
          rule: `end of time of class ${recording.retentionClass}`,
        });
        deleted += 1;
      } catch (error) {
        failed.push(recording.callId);
        log.error({ err: error, callId: recording.callId }, 'a recording past its retention time could not be deleted');
      }
  return { deleted, failed: failed.length };
}

/**
 * First the record, then the object, then the audit log. So nothing disappears without a record, an incomplete deletion is tried again, and
 * the audit log never reports a deletion before it happened.
 */
export async function deleteOne(
  { recordings, archive, deletions, audit }: Deleting,
  recording: Recording,
  { now, by, rule }: { readonly now: Date; readonly by: string; readonly rule: string },
): Promise<void> {
  const at = now.toISOString();
  await deletions.add({
    callId: recording.callId,
    ledgerNumber: recording.ledgerNumber,
    sha256: recording.sha256,
    durationMs: recording.durationMs,
    startedAt: recording.startedAt,
    retentionClass: recording.retentionClass,
    at,
    by,
    rule,
  });
  await archive.remove(recording.objectKey, recording.objectVersion, { bypassGovernance: true });
  await audit({ who: by, what: 'recording.deleted', object: recording.callId, success: true, reason: rule });
  await recordings.markDeleted(recording.callId, { at, by, rule });
}

export interface ScrubVerdict {
  readonly opened: number;
  readonly damaged: readonly { readonly callId: CallId; readonly why: Damage }[];
  /** The store did not answer, so nothing is known about these. */
  readonly unread: number;
}

/** At most `many` of the values, each with the same probability, in one pass (reservoir sampling, Vitter's algorithm R). */
export async function anyOf<T>(values: AsyncIterable<T>, many: number, random: () => number): Promise<T[]> {
  const chosen: T[] = [];
  let seen = 0;
  for await (const value of values) {
    seen += 1;
    if (chosen.length < many) {
      chosen.push(value);
      continue;
    }
    const place = Math.floor(random() * seen);
    if (place < many) chosen[place] = value;
  }
  return chosen;
}

/**
 * Opens a sample of the stored recordings and compares them with their hashes. Damage is reported with its kind; packs say of each recording
 * when it was last opened, and do not count one that was damaged then.
 */
export async function scrub(deps: Scrubbing, now: Date): Promise<ScrubVerdict> {
  const { recordings, playback, bus, log, random } = deps;
  const dayBefore = new Date(now.getTime() - DAY_MS);
  const chosen = [
    ...(await anyOf(recordings.stored(dayBefore, now), SCRUB_LIMIT, random)),
    ...(await anyOf(recordings.stored(undefined, dayBefore), SCRUB_LIMIT, random)),
  ];
  const damaged: { callId: CallId; why: Damage }[] = [];
  const looked: { readonly recording: Pick<Recording, 'callId' | 'opened'>; readonly damage?: Damage }[] = [];
  let [opened, unread] = [0, 0];
  for (const callId of chosen) {
    const recording = await recordings.find(callId);
    // The recording was deleted after it was chosen.
    if (recording === undefined || recording.deletion !== undefined) continue;
    opened += 1;
    let damage: Damage | undefined;
    try {
      await playback.whole(recording);
    } catch (error) {
      const { ledgerNumber } = recording;
      log.error({ err: error, callId, ledgerNumber }, 'the scrub found a recording that differs from what was stored');
      damage = damageIn(error);
      if (damage === undefined) {
        unread += 1;
        continue;
      }
      damaged.push({ callId, why: damage });
    }
    const { opened: before } = recording;
    looked.push({
      recording: { callId, ...(before === undefined ? {} : { opened: before }) },
      ...(damage === undefined ? {} : { damage }),
    });
  }
  for (const code of damages) {
    const count = damaged.filter(({ why }) => why === code).length;
    if (count > 0) await bus.publish('notice.raised', { at: now.toISOString(), code, subject: SCRUB, text: scrubWords(code, count) });
  }
  // After the alarms, which a store that is away must not hold back.
  for (const { recording, ...found } of looked) await recordings.noteOpened(recording, { at: now.toISOString(), by: 'nightly', ...found });
  return { opened, damaged, unread };
}

const scrubWords = (damage: Damage, count: number): { readonly en: string; readonly 'zh-CN': string } => ({
  en: `The nightly check opened a sample of the stored recordings. It found ${count} of which each ${damageWords[damage].en}.`,
  'zh-CN': `夜间抽检发现 ${count} 份录音${damageWords[damage]['zh-CN']}。`,
});

/**
 * Tries to remove and to weaken a locked object, and records the answers of the store. This shows how the lock behaves, not how it is
 * configured.
 */
export async function probeLock({ archive, probes, sha256, bus }: KeeperDependencies, now: Date): Promise<boolean | undefined> {
  const at = now.toISOString();
  const { lock } = await archive.prepare();
  if (!lock) {
    await probes.add({ at, lock: false, remove: 'allowed', shorten: 'allowed', intact: true });
    return undefined;
  }
  const bytes = new TextEncoder().encode(`proofline lock probe ${at.slice(0, 10)}`);
  const key = `${PROBE_KEY}.${at.slice(0, 10)}`;
  // Locked in the same way as recordings, so a store that ignores a lock sent with its object is found.
  const { version } = await archive.put(key, bytes, sha256(bytes), {
    again: false,
    lock: { mode: 'COMPLIANCE', until: new Date(now.getTime() + DAY_MS) },
  });
  const answer = await archive.tryToBreak(key, version);
  // Overwriting creates another version. The locked version must still read the same.
  await archive.overwrite(key, new TextEncoder().encode('overwritten'));
  const after = await archive.get(key, version);
  const intact = after !== undefined && sha256(after) === sha256(bytes);
  await probes.add({ at, lock: true, ...answer, intact });
  const holds = answer.remove === 'refused' && answer.shorten === 'refused' && intact;
  if (holds) await bus.publish('notice.cleared', { at, code: 'object-lock-broken' });
  else
    await bus.publish('notice.raised', {
      at,
      code: 'object-lock-broken',
      text: {
        en: 'The object store let a locked object be removed or changed. Its Object Lock cannot be relied on.',
        'zh-CN': '对象存储允许删除或更改已锁定的对象，其对象锁定不可信。',
      },
    });
  return holds;
}

/** Wraps the keys of recordings with the current master key; the audio is not touched. Returns how many were wrapped again. */
export async function rewrapKeys({ recordings, keys }: Pick<KeeperDependencies, 'recordings' | 'keys'>): Promise<number> {
  let wrapped = 0;
  for (;;) {
    const batch = await recordings.underOtherKey(keys.currentKeyId, BATCH);
    if (batch.length === 0) return wrapped;
    for (const { callId, key } of batch) {
      await recordings.setKey(callId, await keys.wrap(await keys.unwrap(key, callId), callId));
      wrapped += 1;
    }
  }
}

/** Copies the search fields of a recording from the record of its call, which may be written after the recording. */
export async function refreshFacets(
  { recordings, calls }: Pick<KeeperDependencies, 'recordings' | 'calls'>,
  callId: CallId,
): Promise<void> {
  const facets = facetsIn(await calls.find(callId));
  if (facets !== undefined) await recordings.setFacets(callId, facets);
}
