import { Alert, Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { accountTemplate, type AccountRowFault } from '../../../../../services/shared/domain/people/account-list.js';
import { saveBlob } from '../../../components/save-blob.js';
import { useFailureWords, useReadAgain } from '../../../session/use-server.js';
import { say } from '../../../session/notices.js';
import { useApp } from '../../../session/use-workplace.js';
import { ListImport } from '../../calling-out/campaigns/list-import.js';
import { useImportRun, type ImportProgress } from './import-run.js';
import { passwordsCsv } from './made-accounts.js';

/** Accounts from a list: checked first, then created a few at a time, so that each first password arrives here whatever comes after it. */
export function AccountImport({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const { run } = useImportRun(setProgress);

  async function send(file: File, commit: 'yes' | 'no') {
    const checked = await session.api.send('POST /users/import', { query: { fileName: file.name, commit }, file });
    if (checked.order === null) return checked;
    const refused = await run(checked.order, 'make');
    return { ...checked, good: checked.good - refused.length, refused: [...checked.refused, ...refused] };
  }

  return (
    <ListImport<AccountRowFault>
      title={t('accountImport.title')}
      hint={t('accountImport.hint')}
      template={accountTemplate}
      name="people"
      before={progress !== null && <MadeAccounts progress={progress} />}
      send={send}
      faultWords={(fault) => t(`accountImport.faults.${fault}`)}
      columnWords={(column) => t(`accountImport.columns.${column}`)}
      onClose={onClose}
    />
  );
}

/** The progress of an import, and the first passwords that are on this page. */
export function MadeAccounts({ progress }: { readonly progress: ImportProgress }): ReactNode {
  const { order, kind, made, isRunning, isStopped } = progress;
  const { t } = useTranslation();
  const { session } = useApp();
  const wordsOf = useFailureWords();
  const readAgain = useReadAgain();
  const waiting = made.filter((account) => account.waiting > 0).length;
  const heads = [t('accountImport.heads.name'), t('accountImport.heads.displayName'), t('accountImport.heads.password')] as const;
  const title = isStopped ? 'accountImport.stopped' : kind === 'make' ? 'accountImport.made' : 'accountImport.renewed';

  /** The server is notified once the file exists: until then the passwords can be generated again. */
  async function save(): Promise<void> {
    saveBlob(new Blob([passwordsCsv(made, heads)], { type: 'text/csv' }), 'first-passwords.csv');
    try {
      const lines = made.map(({ line }) => line);
      await session.api.send('POST /users/imports/:id/handed', { params: { id: order }, body: { lines } });
      await readAgain('users');
    } catch (error) {
      void say('error', wordsOf(error), 6);
    }
  }

  return (
    <Alert
      type={isStopped ? 'warning' : 'success'}
      showIcon
      data-testid="made-accounts"
      title={t(title, { count: made.length })}
      description={
        <div className="stack">
          {waiting > 0 && <span>{t('accountImport.waiting', { count: waiting })}</span>}
          {made.length > 0 && (
            <>
              <span>{t('accountImport.passwords')}</span>
              <Button disabled={isRunning} onClick={() => void save()} data-testid="save-passwords">
                {t('accountImport.save')}
              </Button>
            </>
          )}
        </div>
      }
    />
  );
}
