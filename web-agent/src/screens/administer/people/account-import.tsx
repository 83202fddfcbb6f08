import { Alert, Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MadeAccount } from '../../../../../services/shared/contracts/api/centre/identity.js';
import { accountTemplate, type AccountRowFault } from '../../../../../services/shared/domain/people/account-list.js';
import { saveBlob } from '../../../components/save-blob.js';
import { useFailureWords, useReadAgain } from '../../../session/use-server.js';
import { say } from '../../../session/notices.js';
import { useApp } from '../../../session/use-workplace.js';
import { ListImport } from '../../calling-out/campaigns/list-import.js';
import { passwordsCsv, queuesWith } from './made-accounts.js';

interface Progress {
  readonly made: readonly MadeAccount[];
  readonly line: number;
  readonly stopped: boolean;
}

/** Accounts from a list: checked first, then created a few at a time, so that each first password arrives here whatever comes after it. */
export function AccountImport({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const readAgain = useReadAgain();
  const giveWork = useGiveWorkToAll();
  const [progress, setProgress] = useState<Progress | null>(null);

  async function makeAll(file: File) {
    const made: MadeAccount[] = [];
    const refused: { readonly line: number; readonly fault: AccountRowFault }[] = [];
    let after = 1;
    try {
      for (;;) {
        const part = await session.api.send('POST /users/import', { query: { fileName: file.name, commit: 'yes', after }, file });
        made.push(...part.made);
        refused.push(...part.refused);
        const line = part.next ?? Math.max(after, ...[...part.made, ...part.refused].map((row) => row.line));
        setProgress({ made: [...made], line, stopped: false });
        if (part.next === null) return { ...part, good: made.length, refused };
        after = part.next;
      }
    } catch (error) {
      setProgress({ made: [...made], line: after, stopped: true });
      throw error;
    } finally {
      await giveWork(made);
      await readAgain('users');
    }
  }

  return (
    <ListImport<AccountRowFault>
      title={t('accountImport.title')}
      hint={t('accountImport.hint')}
      template={accountTemplate}
      name="people"
      before={progress !== null && <Made progress={progress} />}
      send={async (file, commit) => {
        if (commit === 'yes') return makeAll(file);
        return session.api.send('POST /users/import', { query: { fileName: file.name, commit }, file });
      }}
      faultWords={(fault) => t(`accountImport.faults.${fault}`)}
      columnWords={(column) => t(`accountImport.columns.${column}`)}
      onClose={onClose}
    />
  );
}

/** The progress of the import, and the first passwords of the accounts created so far. */
function Made({ progress: { made, line, stopped } }: { readonly progress: Progress }): ReactNode {
  const { t } = useTranslation();
  const waiting = made.filter((account) => account.waiting > 0).length;
  const heads = [t('accountImport.heads.name'), t('accountImport.heads.displayName'), t('accountImport.heads.password')] as const;
  return (
    <Alert
      type={stopped ? 'warning' : 'success'}
      showIcon
      data-testid="made-accounts"
      title={t(stopped ? 'accountImport.stopped' : 'accountImport.made', { count: made.length, line })}
      description={
        <div className="stack">
          {waiting > 0 && <span>{t('accountImport.waiting', { count: waiting })}</span>}
          {made.length > 0 && (
            <>
              <span>{t('accountImport.passwords')}</span>
              <Button
                onClick={() => saveBlob(new Blob([passwordsCsv(made, heads)], { type: 'text/csv' }), 'first-passwords.csv')}
                data-testid="save-passwords"
              >
                {t('accountImport.save')}
              </Button>
            </>
          )}
        </div>
      }
    />
  );
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
  return async (made) => {
    try {
      for (const { id, skills } of made)
        if (Object.keys(skills).length > 0)
          await session.api.send('PUT /agents/:agentId/skills', { params: { agentId: id }, body: { skills } });
      if (made.some(({ serves }) => serves.length > 0)) {
        const { queues } = await session.api.get('/queues');
        for (const { id, ...queue } of queuesWith(queues, made))
          await session.api.send('PUT /queues/:queueId', { params: { queueId: id }, body: queue });
      }
    } catch (error) {
      void say('error', t('setUp.work.kept', { why: wordsOf(error) }), 10);
    }
    await Promise.all([readAgain('agents'), readAgain('queues')]);
  };
}
