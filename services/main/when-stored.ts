import type { DocumentStore } from '../shared/platform/stores/mongo.js';
import type { Service } from '../shared/platform/processes/service.js';

/** A service that needs the document store: it starts when the store is reached, and its role does not wait for it. */
export function whenStored(documents: Pick<DocumentStore, 'onceThere'>, service: Service): Service {
  let state: 'waiting' | 'started' | 'stopped' = 'waiting';
  return {
    ...service,
    name: service.name,
    start: () =>
      documents.onceThere(async () => {
        if (state === 'stopped') return;
        state = 'started';
        await service.start();
      }),
    async stop(ending) {
      const hadStarted = state === 'started';
      state = 'stopped';
      if (hadStarted) await service.stop(ending);
    },
    health: async () =>
      state === 'waiting' ? { ok: false, reason: 'waits for the document store' } : ((await service.health?.()) ?? { ok: true }),
  };
}

/** Whether the store is up, and the time of the settings that this process uses. */
export const documentsWatch = (documents: Pick<DocumentStore, 'isThere'>, copiedAt: () => string | undefined): Service => ({
  name: 'documents',
  start: async () => undefined,
  stop: async () => undefined,
  async health() {
    if (documents.isThere()) return { ok: true };
    const settingsCopiedAt = copiedAt();
    return {
      ok: false,
      reason:
        'the document store is unreachable: calls continue' +
        (settingsCopiedAt === undefined ? '' : ` by the settings as copied at ${settingsCopiedAt}`) +
        ', and what is to be written waits on this machine',
      ...(settingsCopiedAt === undefined ? {} : { facts: { settingsCopiedAt } }),
    };
  },
});
