import { mkdir, readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventBus } from '../../shared/events/catalogue.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import type { MailIntake } from '../intake/mail-intake.js';

/** The number of attempts for one mail, some seconds apart, before people must handle it. */
const TRIES = 5;

/**
 * Takes the `.eml` files from a folder that a mail server writes to (under another name, then renamed). A file goes to `done`, `ignored` or
 * `failed`. Unreadable files are reported to people, never dropped.
 */
export function createMailFolder({
  folder,
  intake,
  bus,
  log,
}: {
  readonly folder: string;
  readonly intake: MailIntake;
  readonly bus: EventBus;
  readonly log: Logger;
}) {
  const tries = new Map<string, number>();
  const into = (where: 'done' | 'ignored' | 'failed', name: string): Promise<void> => rename(join(folder, name), join(folder, where, name));

  async function takeOne(name: string): Promise<void> {
    const raw = await readFile(join(folder, name));
    const verdict = await intake.take(raw, 'system:mail', 'mail-folder');
    await into('complaint' in verdict ? 'done' : 'ignored', name);
  }

  return {
    async open(): Promise<void> {
      for (const where of ['done', 'ignored', 'failed']) await mkdir(join(folder, where), { recursive: true, mode: 0o700 });
    },
    async look(): Promise<void> {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).sort();
      for (const name of names) {
        try {
          await takeOne(name);
        } catch (error) {
          const failures = (tries.get(name) ?? 0) + 1;
          tries.set(name, failures);
          log.error({ err: error, file: name, failures }, 'a mail could not become a case');
          // A store that is down for a moment is not a fault of the mail.
          if (failures < TRIES) continue;
          tries.delete(name);
          await into('failed', name);
          await bus.publish('notice.raised', {
            at: new Date().toISOString(),
            code: 'complaint-mail-failed',
            subject: name.slice(0, 200),
            text: {
              'zh-CN': `投诉邮件 ${name} 无法受理,请人工处理`,
              en: `The complaint mail ${name} could not become a case; please look at it`,
            },
          });
        }
      }
    },
  };
}
