import { Alert, Button, Popconfirm } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { UnfinishedImport } from '../../../../../services/shared/contracts/api/centre/account-imports.js';
import { timeText } from '../../../components/time/times.js';
import { say } from '../../../session/notices.js';
import { useChange, useFailureWords, useRead } from '../../../session/use-server.js';
import { MadeAccounts } from './account-import.js';
import { useImportRun, type ImportProgress, type RunKind } from './import-run.js';

/** Imports that stopped before their end, or whose first passwords nobody has saved: what happened, and what to do. */
export function UnfinishedImports(): ReactNode {
  const { t } = useTranslation();
  const imports = useRead('/users/imports').data?.imports ?? [];
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const { run, busy } = useImportRun(setProgress);
  const wordsOf = useFailureWords();
  const end = useChange<'POST /users/imports/:id/end'>('users');

  async function carryOn(order: string, kind: RunKind): Promise<void> {
    setProgress(null);
    try {
      const refused = await run(order, kind);
      if (refused.length > 0) void say('warning', t('accountImport.refusedNow', { count: refused.length }), 10);
    } catch (error) {
      void say('error', wordsOf(error), 6);
    }
  }
  const isOnPage = ({ id }: UnfinishedImport): boolean => progress?.order === id && progress.made.length > 0;

  return (
    <>
      {imports.map((each) => (
        <Alert
          key={each.id}
          type="warning"
          showIcon
          data-testid="unfinished-import"
          title={t('accountImport.unfinished', { file: each.fileName, at: timeText(each.askedAt) })}
          description={
            <div className="stack">
              <span>{t('accountImport.counts', { made: each.made, rows: each.rows, left: each.left })}</span>
              {each.unread > 0 && <span>{t('accountImport.unread', { count: each.unread })}</span>}
              {isOnPage(each) && <span>{t('accountImport.saveFirst')}</span>}
              <div className="row">
                {each.left > 0 && (
                  <Button
                    type="primary"
                    loading={busy}
                    disabled={isOnPage(each)}
                    onClick={() => void carryOn(each.id, 'make')}
                    data-testid="continue-import"
                  >
                    {t('accountImport.goOn', { count: each.left })}
                  </Button>
                )}
                {each.unread > 0 && (
                  <Button
                    loading={busy}
                    disabled={isOnPage(each)}
                    onClick={() => void carryOn(each.id, 'renew')}
                    data-testid="renew-passwords"
                  >
                    {t('accountImport.renew', { count: each.unread })}
                  </Button>
                )}
                <Popconfirm
                  title={t('accountImport.endWhat')}
                  okText={t('accountImport.end')}
                  cancelText={t('shell.cancel')}
                  onConfirm={() => end.mutate({ route: 'POST /users/imports/:id/end', params: { id: each.id } })}
                >
                  <Button danger disabled={busy} data-testid="end-import">
                    {t('accountImport.end')}
                  </Button>
                </Popconfirm>
              </div>
            </div>
          }
        />
      ))}
      {progress !== null && <MadeAccounts progress={progress} />}
    </>
  );
}
