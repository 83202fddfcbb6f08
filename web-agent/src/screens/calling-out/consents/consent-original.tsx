import { App, Button, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { saveBlob } from '../../../components/save-blob.js';
import { useFailureWords, useReadAgain } from '../../../session/use-server.js';
import { useApp, useMay } from '../../../session/use-workplace.js';
import type { Consent } from '../calling-out.js';

const kinds = ['pdf', 'png', 'jpg', 'jpeg', 'docx', 'xlsx', 'zip', 'ofd', 'csv', 'txt'];

/** The proof of a consent: a file to download, a call to open, or what must still be submitted. */
export function ConsentOriginal({ consent: { id, original } }: { readonly consent: Pick<Consent, 'id' | 'original'> }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  if (original?.kind === 'call') return <Link to={`/calls/${original.callId}`}>{t('callingOut.originals.call')}</Link>;
  if (original?.kind === 'file') return <OriginalFile consentId={id} fileName={original.fileName} sha256={original.sha256} />;
  return may('outbound.edit') ? <OriginalUpload consentId={id} /> : <span className="soft">{t('callingOut.originals.none')}</span>;
}

/** Its hash is shown under the pointer, and checked before the file is sent. */
export function OriginalFile({
  consentId,
  fileName,
  sha256,
}: {
  readonly consentId: string;
  readonly fileName: string;
  readonly sha256: string;
}): ReactNode {
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  async function take(): Promise<void> {
    try {
      saveBlob(await session.api.file('/outbound/consents/:id/original', { params: { id: consentId } }), fileName);
    } catch (error) {
      void message.error(wordsOf(error), 6);
    }
  }
  return (
    <Button type="link" size="small" title={`SHA-256 ${sha256}`} onClick={() => void take()} data-testid={`original-${consentId}`}>
      {fileName}
    </Button>
  );
}

function OriginalUpload({ consentId }: { readonly consentId: string }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const readAgain = useReadAgain();
  const [uploading, setUploading] = useState(false);
  async function send(file: File): Promise<void> {
    setUploading(true);
    try {
      await session.api.send('POST /outbound/consents/:id/original', { params: { id: consentId }, query: { fileName: file.name }, file });
      await readAgain('outbound');
    } catch (error) {
      void message.error(wordsOf(error), 6);
    } finally {
      setUploading(false);
    }
  }
  return (
    <Upload
      accept={kinds.map((kind) => `.${kind}`).join(',')}
      showUploadList={false}
      beforeUpload={(file) => {
        void send(file);
        return false;
      }}
    >
      <Button size="small" loading={uploading} data-testid={`add-original-${consentId}`}>
        {t('callingOut.originals.add')}
      </Button>
    </Upload>
  );
}
