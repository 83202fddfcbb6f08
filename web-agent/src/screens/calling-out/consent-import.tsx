import { Alert, App, Button, Drawer, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

import { consentTemplate, type ConsentColumn, type ImportFault } from '../../../../services/shared/domain/consent-list.js';
import { saveBlob } from '../../components/save-blob.js';
import type { AnswerOf } from '../../session/api.js';
import { ApiProblem } from '../../session/session.js';
import { useFailureWords, useReadAgain } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import { countFaults, refusedCsv } from './consent-list.js';

type Report = AnswerOf<'POST /outbound/consents/import'>;

/** The mark tells spreadsheets that it is UTF-8. */
const TEMPLATE = `\uFEFF${consentTemplate}`;

const missingOf = (error: unknown): readonly ConsentColumn[] =>
  error instanceof ApiProblem && typeof error.details === 'object' && error.details !== null && 'columns' in error.details
    ? (error.details.columns as readonly ConsentColumn[])
    : [];

/** A list of consents: checked first, with each refused row and its reason, and taken over when the person confirms. */
export function ConsentImport({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const readAgain = useReadAgain();
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<Report | null>(null);
  const [missing, setMissing] = useState<readonly ConsentColumn[]>([]);
  const [busy, setBusy] = useState(false);

  async function send(chosen: File, commit: 'yes' | 'no'): Promise<void> {
    setBusy(true);
    setMissing([]);
    try {
      setReport(await session.api.send('POST /outbound/consents/import', { query: { fileName: chosen.name, commit }, file: chosen }));
      setFile(chosen);
      if (commit === 'yes') await readAgain('outbound');
    } catch (error) {
      setReport(null);
      const columns = missingOf(error);
      setMissing(columns);
      if (columns.length === 0) void message.error(wordsOf(error), 6);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Drawer open size={480} title={t('callingOut.consents.list')} onClose={onClose}>
      <div className="stack">
        <p>
          {t('callingOut.consents.listHint')}{' '}
          <Button type="link" size="small" onClick={() => saveBlob(new Blob([TEMPLATE], { type: 'text/csv' }), 'consents-template.csv')}>
            {t('callingOut.consents.template')}
          </Button>
        </p>
        <Upload
          accept=".csv,.xlsx"
          showUploadList={false}
          beforeUpload={(chosen) => {
            void send(chosen, 'no');
            return false;
          }}
        >
          <Button type={report === null ? 'primary' : 'default'} loading={busy} data-testid="consent-list">
            {t('callingOut.consents.choose')}
          </Button>
        </Upload>
        {missing.length > 0 && (
          <Alert
            type="error"
            showIcon
            data-testid="missing-columns"
            title={t('callingOut.consents.missingColumns', {
              columns: new Intl.ListFormat(i18n.language).format(missing.map((column) => t(`callingOut.consents.columns.${column}`))),
            })}
          />
        )}
        {report !== null && <Checked report={report} busy={busy} onCommit={() => file !== null && void send(file, 'yes')} />}
      </div>
    </Drawer>
  );
}

function Checked({
  report,
  busy,
  onCommit,
}: {
  readonly report: Report;
  readonly busy: boolean;
  readonly onCommit: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { rows, good, refused, committed } = report;
  const wordsOf = (fault: ImportFault): string => t(`callingOut.consents.listFaults.${fault}`);
  const heads = [t('callingOut.consents.line'), t('callingOut.consents.reason')] as const;
  const counts = { rows, good, refused: refused.length };
  return (
    <>
      <Alert
        type={committed ? 'success' : good === 0 ? 'error' : 'info'}
        showIcon
        data-testid="list-report"
        title={committed ? t('callingOut.consents.imported', counts) : t('callingOut.consents.checked', counts)}
        description={
          <ul className="plain">
            {!committed && good === 0 && <li>{t('callingOut.consents.nothingGood')}</li>}
            {countFaults(refused).map(([fault, count]) => (
              <li key={fault}>{t('callingOut.consents.faultCount', { fault: wordsOf(fault), count })}</li>
            ))}
          </ul>
        }
      />
      <div className="row">
        {!committed && good > 0 && (
          <Button type="primary" loading={busy} onClick={onCommit} data-testid="commit-list">
            {t('callingOut.consents.commit', { count: good })}
          </Button>
        )}
        {refused.length > 0 && (
          <Button
            onClick={() => saveBlob(new Blob([refusedCsv(refused, heads, wordsOf)], { type: 'text/csv' }), 'consents-refused.csv')}
            data-testid="refused-rows"
          >
            {t('callingOut.consents.refusedFile')}
          </Button>
        )}
      </div>
    </>
  );
}
