import type { Logger } from '../../../services/shared/platform/processes/logger.js';
import type { Process } from '../scheduler.js';
import type { World } from '../world.js';

/** What the product logs is part of the history. An error that has no failure code is looked at by a person. */
export function simulatedLog(world: World, process: Process): Logger {
  const line =
    (level: string) =>
    (fields: object, message: string): void => {
      const { err, ...more } = fields as { err?: unknown };
      world.note(process.name, `${level}: ${message}`, {
        ...more,
        ...(err instanceof Error ? { err: `${err.name}: ${err.message}` } : {}),
      });
      // An error of the language itself is a fault of the code wherever it was caught.
      if (err instanceof TypeError || err instanceof RangeError || err instanceof ReferenceError)
        world.fail('crash', `${process.name} logged ${err.stack ?? err.message}`);
    };
  const log: Logger = { debug: () => undefined, info: line('info'), warn: line('warn'), error: line('error'), child: () => log };
  return log;
}
