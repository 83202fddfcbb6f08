import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from './config.js';
import { whenMissing } from '../processes/error-code.js';
import type { Logger } from '../processes/logger.js';
import { isStoreAway } from '../stores/mongo.js';
import { createSecretCipher } from '../stores/secret-cipher.js';
import { systemClock } from '../processes/system-clock.js';

/**
 * Settings as they were last read from the document store: in memory, and on the disk of this machine for a process that starts while the
 * store is down.
 */
export interface LastKnown {
  /**
   * Returns the result of `read` and saves it on the disk. While the store is down, returns the newer of what this process read last and
   * what any process of this machine saved last, without waiting when the store is known to be down. Fails like `read` when there is
   * neither (a copy that was changed on the disk does not count), and when the store is up and `read` fails. `what` names the file; `shape`
   * is the shape of the result as JSON.
   */
  of<T>(what: string, shape: z.ZodType<T>, read: () => Promise<T>): () => Promise<T>;
  /** Whether this machine has ever read settings from the store. */
  hasAny(): Promise<boolean>;
  /** The time of the oldest copy that this process works with; UTC, ISO 8601. Undefined when everything was read from the store. */
  copiedAt(): string | undefined;
}

const Saved = z.object({ savedAt: z.iso.datetime(), content: z.unknown() });

/** An answer of the store. `savedAt`: when the store was asked. */
interface Copy<T> {
  readonly savedAt: string;
  readonly content: T;
}

/**
 * Each copy is one file below `home`, sealed with the master key (AES-256-GCM), because it holds passwords of trunks and numbers of
 * callers. A file that was changed, or swapped with another, does not open.
 */
export function createLastKnown({
  config,
  isThere,
  log,
}: {
  readonly config: Pick<Config, 'PROOFLINE_HOME' | 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS'>;
  /** Whether the store is up, as far as is known. Checked before each read, so that no call waits for a store that is down. */
  readonly isThere: () => boolean;
  readonly log: Logger;
}): LastKnown {
  const folder = join(config.PROOFLINE_HOME, 'last-known');
  const cipher = createSecretCipher([config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS], 'last known settings');
  const copiesInUse = new Map<string, string>();

  /** The last result of this process, as JSON, because the receiver may have changed its own copy. */
  const inMemory = new Map<string, { readonly savedAt: string; readonly text: string }>();

  async function save(what: string, savedAt: string, text: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, what);
    // Several processes of one machine read the same settings.
    const part = `${path}.${randomUUID()}.part`;
    const file = await open(part, 'w', 0o600);
    try {
      await file.writeFile(cipher.seal(`{"savedAt":"${savedAt}","content":${text}}`, what));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  }

  async function load<T>(what: string, shape: z.ZodType<T>): Promise<Copy<T> | undefined> {
    const sealed = await readFile(join(folder, what), 'utf8').catch(whenMissing);
    if (sealed === undefined) return undefined;
    const { savedAt, content } = Saved.parse(JSON.parse(cipher.open(sealed, what)));
    return { savedAt, content: shape.parse(content) };
  }

  /** A process that has not read for a while may know less than its neighbour has saved. A process whose disk is full knows more. */
  async function newest<T>(what: string, shape: z.ZodType<T>): Promise<Copy<T> | undefined> {
    const onDisk = await load(what, shape).catch((damage: unknown) => {
      log.error({ err: damage, what }, 'the copy of settings on the disk cannot be used');
      return undefined;
    });
    const own = inMemory.get(what);
    if (own === undefined || (onDisk !== undefined && onDisk.savedAt > own.savedAt)) return onDisk;
    return { savedAt: own.savedAt, content: shape.parse(JSON.parse(own.text)) };
  }

  function used<T>(what: string, { savedAt, content }: Copy<T>): T {
    if (!copiesInUse.has(what))
      log.warn({ what, savedAt }, 'the document store is unreachable; the settings are the ones that were last read');
    copiesInUse.set(what, savedAt);
    return content;
  }

  return {
    of(what, shape, read) {
      let saved: string | undefined;

      return async () => {
        if (!isThere()) {
          const copy = await newest(what, shape);
          if (copy !== undefined) return used(what, copy);
        }
        const savedAt = new Date(systemClock.nowMs()).toISOString();
        try {
          const found = await read();
          copiesInUse.delete(what);
          const text = JSON.stringify(found);
          inMemory.set(what, { savedAt, text });
          if (text !== saved)
            await save(what, savedAt, text).then(
              () => (saved = text),
              (error: unknown) => log.warn({ err: error, what }, 'settings could not be copied to the disk of this machine'),
            );
          return found;
        } catch (error) {
          if (!isStoreAway(error)) throw error;
          const copy = await newest(what, shape);
          if (copy === undefined) throw error;
          return used(what, copy);
        }
      };
    },
    hasAny: async () => ((await readdir(folder).catch(whenMissing)) ?? []).some((name) => !name.endsWith('.part')),
    copiedAt: () => [...copiesInUse.values()].sort()[0],
  };
}
