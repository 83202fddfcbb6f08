import type { Logger } from '../shared/platform/processes/logger.js';
import type { TrunkId } from '../shared/domain/ids.js';
import type { KeptFacts, WayFacts } from './way-state.js';

/** Keeps for the next process what calls have shown of each way. */
export interface WayMemory {
  all(): Promise<readonly { readonly trunkId: TrunkId; readonly uri: string; readonly facts: KeptFacts }[]>;
  /** Without facts the way is forgotten. */
  keep(trunkId: TrunkId, uri: string, facts: KeptFacts | undefined): Promise<void>;
}

/** What is worth a write: not every answer to OPTIONS. */
export const worthKeeping = (before: WayFacts, now: WayFacts): boolean =>
  before.ignores !== now.ignores ||
  before.saysTrying !== now.saysTrying ||
  (before.failedMs === undefined) !== (now.failedMs === undefined) ||
  (before.answeredMs === undefined) !== (now.answeredMs === undefined) ||
  // The last answer before an outage.
  (before.state === 'up' && now.state === 'down');

/** Reads what earlier processes knew, and writes what this one learns. The live state may be away: then it is read later. */
export function createRecall(
  { memory, log }: { readonly memory?: WayMemory | undefined; readonly log: Logger },
  apply: (trunkId: TrunkId, uri: string, facts: KeptFacts) => void,
) {
  const kept = new Map<string, KeptFacts>();
  let state: 'unread' | 'reading' | 'read' = memory === undefined ? 'read' : 'unread';
  const idOf = (trunkId: TrunkId, uri: string): string => `${trunkId} ${uri}`;
  return {
    of: (trunkId: TrunkId, uri: string): KeptFacts | undefined => kept.get(idOf(trunkId, uri)),
    read(): void {
      if (state !== 'unread' || memory === undefined) return;
      state = 'reading';
      memory.all().then(
        (all) => {
          state = 'read';
          for (const { trunkId, uri, facts } of all) {
            kept.set(idOf(trunkId, uri), facts);
            apply(trunkId, uri, facts);
          }
        },
        (error: unknown) => {
          state = 'unread';
          log.debug({ err: error }, 'the stored state of the carrier addresses could not be read yet');
        },
      );
    },
    write(trunkId: TrunkId, uri: string, facts: KeptFacts | undefined): void {
      // What is stored knows more than a process that has not read it.
      if (state !== 'read') return;
      if (facts === undefined) kept.delete(idOf(trunkId, uri));
      memory
        ?.keep(trunkId, uri, facts)
        .catch((error: unknown) => log.warn({ trunkId, err: error }, 'the state of a carrier address could not be stored'));
    },
  };
}
