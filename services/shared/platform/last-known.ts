import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from './config.js';
import { whenMissing } from './error-code.js';
import type { Logger } from './logger.js';
import { isStoreAway } from './mongo.js';
import { createSecretCipher } from './secret-cipher.js';

/** Settings as they were last read from the document store, on the disk of this machine, for a process that starts while the store is away. */
export interface LastKnown {
  /**
   * `read`, whose answer is saved on the disk; while the store is away, what was saved last. Fails as `read` when nothing was saved, when it
   * was changed on the disk, and when the store is there and `read` fails. `what` names the file; `shape` is what JSON makes of the answer.
   */
  of<T>(what: string, shape: z.ZodType<T>, read: () => Promise<T>): () => Promise<T>;
  /** Whether this machine has ever read settings from the store. */
  hasAny(): Promise<boolean>;
  /** The oldest of the copies that this process works with now; UTC, ISO 8601. Undefined when all was read from the store. */
  copiedAt(): string | undefined;
}

const Copy = z.object({ savedAt: z.iso.datetime(), content: z.unknown() });

/**
 * Each copy is one file below `home`, sealed with the master key (AES-256-GCM): it holds passwords of trunks and numbers of callers, and a file
 * that was changed, or put in the place of another, does not open.
 */
export function createLastKnown({
  config,
  log,
}: {
  readonly config: Pick<Config, 'PROOFLINE_HOME' | 'MASTER_KEY' | 'MASTER_KEY_PREVIOUS'>;
  readonly log: Logger;
}): LastKnown {
  const folder = join(config.PROOFLINE_HOME, 'last-known');
  const cipher = createSecretCipher([config.MASTER_KEY, ...config.MASTER_KEY_PREVIOUS], 'last known settings');
  const copiesInUse = new Map<string, string>();

  async function save(what: string, content: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, what);
    // Several processes of one machine read the same settings.
    const part = `${path}.${randomUUID()}.part`;
    const file = await open(part, 'w', 0o600);
    try {
      await file.writeFile(cipher.seal(`{"savedAt":"${new Date().toISOString()}","content":${content}}`, what));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  }

  async function load<T>(what: string, shape: z.ZodType<T>): Promise<{ readonly savedAt: string; readonly content: T } | undefined> {
    const sealed = await readFile(join(folder, what), 'utf8').catch(whenMissing);
    if (sealed === undefined) return undefined;
    const { savedAt, content } = Copy.parse(JSON.parse(cipher.open(sealed, what)));
    return { savedAt, content: shape.parse(content) };
  }

  return {
    of(what, shape, read) {
      let saved: string | undefined;

      return async () => {
        try {
          const found = await read();
          copiesInUse.delete(what);
          const content = JSON.stringify(found);
          if (content !== saved)
            await save(what, content).then(
              () => (saved = content),
              (error: unknown) => log.warn({ err: error, what }, 'settings could not be copied to the disk of this machine'),
            );
          return found;
        } catch (error) {
          if (!isStoreAway(error)) throw error;
          const copy = await load(what, shape).catch((damage: unknown) => {
            log.error({ err: damage, what }, 'the copy of settings on the disk cannot be used');
            return undefined;
          });
          if (copy === undefined) throw error;
          if (!copiesInUse.has(what))
            log.warn({ what, savedAt: copy.savedAt }, 'the document store is away; settings are those of the copy');
          copiesInUse.set(what, copy.savedAt);
          return copy.content;
        }
      };
    },
    hasAny: async () => ((await readdir(folder).catch(whenMissing)) ?? []).some((name) => !name.endsWith('.part')),
    copiedAt: () => [...copiesInUse.values()].sort()[0],
  };
}
