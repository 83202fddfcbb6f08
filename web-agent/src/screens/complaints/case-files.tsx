import { App, Button, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { saveBlob } from '../../components/save-blob.js';
import { sizeText, timeText } from '../../components/time/times.js';
import { useFailureWords } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import type { CaseFile, Complaint } from './complaint.js';

/** A file of a case as a download; its hash is shown under the pointer. */
export function CaseFileLink({ complaintId, file }: { readonly complaintId: string; readonly file: CaseFile }): ReactNode {
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const { fileId, fileName, sizeBytes, sha256 } = file;
  const load = async (): Promise<void> => {
    try {
      saveBlob(await session.api.file('/complaints/:id/files/:fileId', { params: { id: complaintId, fileId } }), fileName);
    } catch (error) {
      void message.error(wordsOf(error), 6);
    }
  };
  return (
    <Button type="link" size="small" title={`SHA-256 ${sha256}`} onClick={() => void load()} data-testid={`file-${fileName}`}>
      {fileName} <span className="soft figures">{sizeText(sizeBytes)}</span>
    </Button>
  );
}

/** The letters of a case, newest first. A letter with a whole number is only for people who may see whole numbers. */
export function LettersPanel({
  complaint: { id, letters = [], answers },
  nameOf,
}: {
  readonly complaint: Complaint;
  readonly nameOf: (id: string | undefined) => string;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  if (letters.length === 0) return null;
  const sent = new Set(answers.map(({ letterId }) => letterId));
  return (
    <section className="panel" data-testid="letters">
      <h2>{t('complaints.letters')}</h2>
      <ul className="plain">
        {[...letters].reverse().map(({ letterId, at, by, language, whole, files }) => (
          <li key={letterId}>
            <Tag>{t(`complaints.letterIn.${language}`)}</Tag>
            {whole === true && <Tag color="gold">{t('complaints.letterWholeTag')}</Tag>}
            {sent.has(letterId) && <Tag color="green">{t('complaints.actions.answered')}</Tag>}
            {(whole !== true || may('numbers.unmask')) &&
              files.map((file) => <CaseFileLink key={file.fileId} complaintId={id} file={file} />)}{' '}
            <span className="soft figures">
              {nameOf(by)} · {timeText(at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
