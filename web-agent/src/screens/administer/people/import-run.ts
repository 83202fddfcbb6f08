import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MadeAccount } from '../../../../../services/shared/contracts/api/centre/account-imports.js';
import type { AccountRowFault } from '../../../../../services/shared/domain/people/account-list.js';
import { useFailureWords, useReadAgain } from '../../../session/use-server.js';
import { say } from '../../../session/notices.js';
import { useApp } from '../../../session/use-workplace.js';
import { queuesWith } from './made-accounts.js';

/** `make`: the accounts that are left. `renew`: new first passwords for accounts whose first password nobody has saved. */
export type RunKind = 'make' | 'renew';

export interface ImportProgress {
  readonly order: string;
  readonly kind: RunKind;
  /** Accounts whose first passwords are on this page. */
  readonly made: readonly MadeAccount[];
  readonly isRunning: boolean;
  readonly isStopped: boolean;
}

interface Refused {
  readonly line: number;
  readonly fault: AccountRowFault;
}

/**
 * Carries out an import, a portion at a time. Queues and skills of a portion are saved before its first passwords are shown: whoever has
 * the passwords has the whole of these accounts.
 */
export function useImportRun(onProgress: (progress: ImportProgress) => void) {
  const { session } = useApp();
  const readAgain = useReadAgain();
  const giveWork = useGiveWorkToAll();
  const [busy, setBusy] = useState(false);

  return {
    busy,
    /** Returns the rows that were refused when their turn came. Fails when a portion fails; what was made before stays on the page. */
    async run(order: string, kind: RunKind): Promise<readonly Refused[]> {
      const made: MadeAccount[] = [];
      const refused: Refused[] = [];
      const tell = (state: { readonly isRunning: boolean; readonly isStopped: boolean }): void =>
        onProgress({ order, kind, made: [...made], ...state });
      const take = async (portion: readonly MadeAccount[]): Promise<void> => {
        await giveWork(portion);
        made.push(...portion);
        tell({ isRunning: true, isStopped: false });
      };
      setBusy(true);
      try {
        if (kind === 'make')
          for (let left = 1; left > 0;) {
            const part = await session.api.send('POST /users/imports/:id/continue', { params: { id: order } });
            refused.push(...part.refused);
            await take(part.made);
            left = part.left;
          }
        else
          for (let after: number | null = 0; after !== null;) {
            const part: { readonly made: readonly MadeAccount[]; readonly next: number | null } = await session.api.send(
              'POST /users/imports/:id/passwords',
              { params: { id: order }, body: { after } },
            );
            await take(part.made);
            after = part.next;
          }
        tell({ isRunning: false, isStopped: false });
        return refused;
      } catch (error) {
        tell({ isRunning: false, isStopped: true });
        throw error;
      } finally {
        setBusy(false);
        await readAgain('users');
      }
    },
  };
}

/**
 * Saves the queues and skills of the new people by the routes for queues and skills. The accounts stay when one is refused, and the page
 * says so.
 */
function useGiveWorkToAll(): (made: readonly MadeAccount[]) => Promise<void> {
  const { t } = useTranslation();
  const { session } = useApp();
  const wordsOf = useFailureWords();
  const readAgain = useReadAgain();
  async function give(made: readonly MadeAccount[]): Promise<void> {
    for (const { id, skills } of made)
      if (Object.keys(skills).length > 0)
        await session.api.send('PUT /agents/:agentId/skills', { params: { agentId: id }, body: { skills } });
    if (made.some(({ serves }) => serves.length > 0)) {
      const { queues } = await session.api.get('/queues');
      for (const { id, ...queue } of queuesWith(queues, made))
        await session.api.send('PUT /queues/:queueId', { params: { queueId: id }, body: queue });
    }
  }
  return async (made) => {
    try {
      // Saving it again changes nothing: a connection that broke off once does not leave a person without work.
      await give(made).catch(() => give(made));
    } catch (error) {
      void say('error', t('setUp.work.kept', { why: wordsOf(error) }), 10);
    }
    await Promise.all([readAgain('agents'), readAgain('queues')]);
  };
}
