import { Alert, App, Button, Drawer, Progress, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { InvalidRequest } from '../../../../services/shared/domain/failure-details.js';
import { saveBlob } from '../../components/save-blob.js';
import { ApiProblem } from '../../session/session.js';
import { useFailureWords, useRead, useRefreshOn } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import type { Complaint } from './complaint.js';

const HEADS = 'source, kind, name, number, text, receivedAt, eventAt, clientUnit, province';
/** The headers, and an example line; the byte order mark tells spreadsheets that it is UTF-8. */
const TEMPLATE = `\uFEFF${HEADS.replaceAll(' ', '')}\nletter,waiting,王女士,13800138000,等待四十分钟无人接听,2026-03-02T10:00:00+08:00,,,上海\n`;

type Faults = Extract<InvalidRequest, { readonly faultCount: number }>;

const faultsOf = (error: unknown): Faults | null =>
  error instanceof ApiProblem && error.details !== undefined && 'faultCount' in error.details ? error.details : null;

/** A CSV of many cases, all or none, with its progress; or one mail as a file. */
export function ImportDrawer({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const [importId, setImportId] = useState<string | null>(null);
  const [faults, setFaults] = useState<Faults | null>(null);
  const [mail, setMail] = useState<Complaint | null>(null);
  const [busy, setBusy] = useState(false);

  async function attempt(work: () => Promise<void>): Promise<void> {
    setBusy(true);
    setFaults(null);
    try {
      await work();
    } catch (error) {
      setFaults(faultsOf(error));
      if (faultsOf(error) === null) void message.error(wordsOf(error), 6);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Drawer open size={480} title={t('complaints.import')} onClose={onClose}>
      <div className="stack">
        <p>
          {t('complaints.importHint', { heads: HEADS })}{' '}
          <Button type="link" size="small" onClick={() => saveBlob(new Blob([TEMPLATE], { type: 'text/csv' }), 'complaints-template.csv')}>
            {t('complaints.importTemplate')}
          </Button>
        </p>
        <Upload
          accept=".csv,text/csv"
          showUploadList={false}
          beforeUpload={(file) => {
            void attempt(async () => setImportId((await session.api.send('POST /complaints/import', { file })).importId));
            return false;
          }}
        >
          <Button type="primary" loading={busy} data-testid="import-file">
            {t('complaints.importChoose')}
          </Button>
        </Upload>
        <Upload
          accept=".eml,message/rfc822"
          showUploadList={false}
          beforeUpload={(file) => {
            void attempt(async () => setMail(await session.api.send('POST /complaints/mail', { file })));
            return false;
          }}
        >
          <Button disabled={busy}>{t('complaints.mailFile')}</Button>
        </Upload>
        {importId !== null && <ImportProgress importId={importId} />}
        {mail !== null && (
          <Alert
            type="success"
            showIcon
            title={t('complaints.mailTaken', { number: mail.number })}
            action={<Link to={`/complaints/${mail.id}`}>{t('complaints.openCase')}</Link>}
          />
        )}
        {faults !== null && (
          <Alert
            type="error"
            showIcon
            title={t('complaints.importFaults', { count: faults.faultCount })}
            data-testid="import-faults"
            description={
              <ul className="plain">
                {faults.faults.slice(0, 50).map(({ line, column }) => (
                  <li key={`${line} ${column}`}>{t('complaints.importFault', { line, column })}</li>
                ))}
                {faults.faultCount > 50 && <li>{t('complaints.moreFaults', { count: faults.faultCount - 50 })}</li>}
              </ul>
            }
          />
        )}
      </div>
    </Drawer>
  );
}

function ImportProgress({ importId }: { readonly importId: string }): ReactNode {
  const { t } = useTranslation();
  useRefreshOn('complaints', ['complaint.import-progress']);
  const { data } = useRead('/complaints/import/:importId', { params: { importId } });
  if (data === undefined) return null;
  const { total, done, finished } = data;
  return (
    <div role="status" data-testid="import-progress" data-finished={finished}>
      <Progress percent={Math.round((done / Math.max(1, total)) * 100)} status={finished ? 'success' : 'active'} />
      {finished ? t('complaints.importDone', { total }) : t('complaints.importRunning', { done, total })}
    </div>
  );
}
