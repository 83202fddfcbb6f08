import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/logger.js';
import type { Audit } from '../../shared/platform/route.js';
import { facetsIn } from './archiver.js';
import { damageIn, damageWords, type Damage } from './damage.js';
import type { Playback } from './playback.js';
import type { CallIndex, DeletionStore, KeyWrapper, LockProbes, ObjectArchive, Recording, RecordingStore } from './ports.js';
import { DAY_MS } from './retention.js';

const BATCH = 200;
/** Of the recordings of the last thirty days, so many are opened and compared each night, besides all of the day before. */
const SCRUB_DAYS = 30;
const SCRUB_LIMIT = 500;
const PROBE_KEY = 'lock-probe/probe.bin';
const WHO = 'system:recording';

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

/** Deletes what is over its time and held by nothing, each with a record. Returns how many. */
export async function deleteDue({ recordings, archive, deletions, audit, log }: KeeperDependencies, now: Date): Promise<number> {
  let deleted = 0;
  for (const recording of await recordings.due(now, BATCH)) {
    try {
      await deleteOne({ recordings, archive, deletions, audit }, recording, {
        now,
        by: WHO,
        rule: `end of time of class ${recording.retentionClass}`,
      });
      deleted += 1;
    } catch (error) {
      log.error({ err: error, callId: recording.callId }, 'a recording at the end of its time could not be deleted');
    }
  }
  return deleted;
}

/** Record first, object then: what is gone without a record cannot happen, a record without an end is tried again. */
export async function deleteOne(
  { recordings, archive, deletions, audit }: Pick<KeeperDependencies, 'recordings' | 'archive' | 'deletions' | 'audit'>,
  recording: Recording,
  { now, by, rule }: { readonly now: Date; readonly by: string; readonly rule: string },
): Promise<void> {
  const at = now.toISOString();
  await audit({ who: by, what: 'recording.deleted', object: recording.callId, success: true, reason: rule });
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
  await recordings.markDeleted(recording.callId, { at, by, rule });
}

export interface ScrubVerdict {
  readonly opened: number;
  readonly damaged: readonly { readonly callId: string; readonly why: Damage }[];
  /** The store did not answer: nothing is known of these. */
  readonly unread: number;
}

/** Opens a sample of what is stored and compares it with its hashes; what is wrong is told with its kind. */
export async function scrub(deps: KeeperDependencies, now: Date): Promise<ScrubVerdict> {
  const { recordings, playback, bus, log, random } = deps;
  const yesterday = await recordings.sample(new Date(now.getTime() - DAY_MS), now, SCRUB_LIMIT);
  const older = await recordings.sample(new Date(now.getTime() - SCRUB_DAYS * DAY_MS), new Date(now.getTime() - DAY_MS), 10 * SCRUB_LIMIT);
  const share = SCRUB_LIMIT / Math.max(SCRUB_LIMIT, older.length);
  const damaged: { callId: string; why: Damage }[] = [];
  let [opened, unread] = [0, 0];
  for (const recording of [...yesterday, ...older.filter(() => random() < share)]) {
    opened += 1;
    try {
      await playback.whole(recording);
    } catch (error) {
      const { callId, ledgerNumber } = recording;
      const why = damageIn(error);
      if (why === undefined) unread += 1;
      else damaged.push({ callId, why });
      log.error({ err: error, callId, ledgerNumber }, 'the scrub found a recording that it could not read as it was stored');
    }
  }
  if (damaged.length > 0)
    await bus.publish('notice.raised', { at: now.toISOString(), level: 'alarm', code: 'recording-damaged', text: scrubWords(damaged) });
  return { opened, damaged, unread };
}

function scrubWords(damaged: ScrubVerdict['damaged']): { readonly en: string; readonly 'zh-CN': string } {
  const kinds = Object.entries(damageWords)
    .map(([why, words]) => ({ words, count: damaged.filter((one) => one.why === why).length }))
    .filter(({ count }) => count > 0);
  return {
    en: `The nightly check found stored recordings that are not as they were stored: ${kinds.map(({ words, count }) => `${words.en}: ${count}`).join(', ')}.`,
    'zh-CN': `夜间抽检发现录音与存入时不一致：${kinds.map(({ words, count }) => `${count} 份${words['zh-CN']}`).join('，')}。`,
  };
}

/** Tries to remove and to weaken a locked object, and writes down what the store answered. The truth about the lock, not its settings. */
export async function probeLock({ archive, probes, sha256, bus }: KeeperDependencies, now: Date): Promise<boolean | undefined> {
  const at = now.toISOString();
  const { lock } = await archive.prepare();
  if (!lock) {
    await probes.add({ at, lock: false, remove: 'allowed', shorten: 'allowed', intact: true });
    return undefined;
  }
  const bytes = new TextEncoder().encode(`proofline lock probe ${at.slice(0, 10)}`);
  const key = `${PROBE_KEY}.${at.slice(0, 10)}`;
  // As recordings are locked: a store that pays no heed to a lock that comes with its object is found out.
  const { version } = await archive.put(key, bytes, sha256(bytes), {
    again: false,
    lock: { mode: 'COMPLIANCE', until: new Date(now.getTime() + DAY_MS) },
  });
  const answer = await archive.tryToBreak(key, version);
  // Writing over it makes another version; the locked one must still read the same.
  await archive.overwrite(key, new TextEncoder().encode('overwritten'));
  const after = await archive.get(key, version);
  const intact = after !== undefined && sha256(after) === sha256(bytes);
  await probes.add({ at, lock: true, ...answer, intact });
  const holds = answer.remove === 'refused' && answer.shorten === 'refused' && intact;
  if (!holds)
    await bus.publish('notice.raised', {
      at,
      level: 'alarm',
      code: 'object-lock-broken',
      text: {
        en: 'The object store let a locked object be removed or changed. Its Object Lock cannot be relied on.',
        'zh-CN': '对象存储允许删除或更改已锁定的对象，其对象锁定不可信。',
      },
    });
  return holds;
}

/** Wraps the keys of recordings with the current master key; the audio is not touched. Returns how many were wrapped anew. */
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

/** Copies what a recording is found by from its call's record, which may be written after the recording. */
export async function refreshFacets(
  { recordings, calls }: Pick<KeeperDependencies, 'recordings' | 'calls'>,
  callId: string,
): Promise<void> {
  const facets = facetsIn(await calls.find(callId));
  if (facets !== undefined) await recordings.setFacets(callId, facets);
}
