import { Alert, App, Button, Drawer, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { listed } from '../../../i18n/language.js';
import { saveBlob } from '../../../components/save-blob.js';
import { ApiProblem } from '../../../session/session.js';
import { useFailureWords } from '../../../session/use-server.js';
import { countFaults, refusedCsv } from '../consents/consent-list.js';

interface Report<F extends string> {
  readonly rows: number;
  readonly good: number;
  readonly refused: readonly { readonly line: number; readonly fault: F }[];
  /** Headers of further columns that agents see. */
  readonly fields?: readonly string[];
  /** Places of the campaign's script that no column fills. */
  readonly unfilled?: readonly string[];
  /** Headers that are not read. */
  readonly unread?: readonly string[];
  readonly committed: boolean;
}

const missingOf = (error: unknown): readonly string[] =>
  error instanceof ApiProblem && error.details !== undefined && 'columns' in error.details ? error.details.columns : [];

/** The byte order mark tells spreadsheets that it is UTF-8. */
const BOM = '\uFEFF';

/** A list from a file: checked first, with each refused row and its reason, and imported when the person confirms. */
export function ListImport<F extends string>({
  title,
  hint,
  template,
  name,
  before,
  send,
  faultWords,
  columnWords,
  onClose,
}: {
  readonly title: string;
  readonly hint: string;
  readonly template: string;
  /** The stem of the names of downloads, as in `consents-template.csv`. */
  readonly name: string;
  /** Shown above the choice of the file. */
  readonly before?: ReactNode;
  readonly send: (file: File, commit: 'yes' | 'no') => Promise<Report<F>>;
  readonly faultWords: (fault: F) => string;
  readonly columnWords: (column: string) => string;
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const [file, setFile] = useState<File | null>(null);
  const [report, setReport] = useState<Report<F> | null>(null);
  const [missing, setMissing] = useState<readonly string[]>([]);
  const [busy, setBusy] = useState(false);

  async function hand(chosen: File, commit: 'yes' | 'no'): Promise<void> {
    setBusy(true);
    setMissing([]);
    try {
      setReport(await send(chosen, commit));
      setFile(chosen);
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
    <Drawer open size={480} title={title} onClose={onClose}>
      <div className="stack">
        <p>
          {hint}{' '}
          <Button
            type="link"
            size="small"
            onClick={() => saveBlob(new Blob([BOM + template], { type: 'text/csv' }), `${name}-template.csv`)}
          >
            {t('callingOut.consents.template')}
          </Button>
        </p>
        {before}
        <Upload
          accept=".csv,.xlsx"
          showUploadList={false}
          beforeUpload={(chosen) => {
            void hand(chosen, 'no');
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
              columns: new Intl.ListFormat(i18n.language).format(missing.map(columnWords)),
            })}
          />
        )}
        {report !== null && (
          <Checked
            report={report}
            name={name}
            faultWords={faultWords}
            busy={busy}
            onCommit={() => file !== null && void hand(file, 'yes')}
          />
        )}
      </div>
    </Drawer>
  );
}

function Checked<F extends string>({
  report,
  name,
  faultWords,
  busy,
  onCommit,
}: {
  readonly report: Report<F>;
  readonly name: string;
  readonly faultWords: (fault: F) => string;
  readonly busy: boolean;
  readonly onCommit: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { rows, good, refused, fields = [], unfilled = [], unread = [], committed } = report;
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
              <li key={fault}>{t('callingOut.consents.faultCount', { fault: faultWords(fault), count })}</li>
            ))}
          </ul>
        }
      />
      <Named kind="info" names={fields} testId="further-columns" words={(columns) => t('campaigns.furtherColumns', { columns })} />
      <Named kind="warning" names={unfilled} testId="unfilled-places" words={(places) => t('campaigns.unfilled', { places })} />
      <Named
        kind="warning"
        names={unread}
        testId="unread-columns"
        words={(columns) => t('callingOut.consents.unreadColumns', { columns })}
      />
      <div className="row">
        {!committed && good > 0 && (
          <Button type="primary" loading={busy} onClick={onCommit} data-testid="commit-list">
            {t('callingOut.consents.commit', { count: good })}
          </Button>
        )}
        {refused.length > 0 && (
          <Button
            onClick={() => saveBlob(new Blob([refusedCsv(refused, heads, faultWords)], { type: 'text/csv' }), `${name}-refused.csv`)}
            data-testid="refused-rows"
          >
            {t('callingOut.consents.refusedFile')}
          </Button>
        )}
      </div>
    </>
  );
}

/** A sentence that names columns or places; nothing without any. */
function Named({
  kind,
  names,
  testId,
  words,
}: {
  readonly kind: 'info' | 'warning';
  readonly names: readonly string[];
  readonly testId: string;
  readonly words: (names: string) => string;
}): ReactNode {
  const { i18n } = useTranslation();
  return names.length === 0 ? null : <Alert type={kind} showIcon data-testid={testId} title={words(listed(names, i18n))} />;
}
