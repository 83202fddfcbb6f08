import { App, Button, Input, Radio, Select, Upload } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange, useFailureWords } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import type { Complaint } from './complaint.js';
import { FormModal } from '../../components/form-drawer.js';

const kinds = ['pdf', 'png', 'jpg', 'docx', 'xlsx', 'zip', 'ofd', 'csv', 'txt'];

/** Attaches evidence of consent, which is a file or a recorded call, or a corrective action, which may be text alone. */
export function EvidenceSheet({ complaint, onClose }: { readonly complaint: Complaint; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const [kind, setKind] = useState<'consent' | 'corrective-action'>('consent');
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const [callId, setCallId] = useState<string | null>(null);
  const [uploading, setUploading] = useState(false);
  const attach = useChange('complaints', onClose);
  const unproved = kind === 'consent' && file === null && callId === null;

  async function save(): Promise<void> {
    setUploading(true);
    try {
      const kept =
        file === null
          ? undefined
          : await session.api.send('POST /complaints/:id/files', { params: { id: complaint.id }, query: { fileName: file.name }, file });
      attach.mutate({
        route: 'POST /complaints/:id/act',
        params: { id: complaint.id },
        body: {
          act: {
            type: 'attach-evidence',
            kind,
            text: text.trim(),
            ...(kept === undefined ? {} : { fileId: kept.fileId }),
            ...(callId === null ? {} : { callId }),
          },
          revision: complaint.revision,
        },
      });
    } catch (error) {
      void message.error(wordsOf(error), 6);
    } finally {
      setUploading(false);
    }
  }

  return (
    <FormModal
      open
      title={t('complaints.do.attach-evidence')}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: text.trim() === '' || unproved, loading: uploading || attach.isPending, 'data-testid': 'case-save' }}
      onCancel={onClose}
      onOk={() => void save()}
    >
      <div className="stack">
        <Radio.Group
          value={kind}
          onChange={({ target }) => setKind(target.value === 'consent' ? 'consent' : 'corrective-action')}
          options={(['consent', 'corrective-action'] as const).map((value) => ({ value, label: t(`complaints.evidenceKinds.${value}`) }))}
        />
        <Input.TextArea
          autoFocus
          rows={3}
          value={text}
          placeholder={t('complaints.evidenceHead')}
          aria-label={t('complaints.evidenceHead')}
          onChange={({ target }) => setText(target.value)}
          data-testid="case-words"
        />
        <Upload
          maxCount={1}
          accept={kinds.map((each) => `.${each}`).join(',')}
          fileList={file === null ? [] : [{ uid: 'chosen', name: file.name }]}
          beforeUpload={(chosen) => {
            setFile(chosen);
            return false;
          }}
          onRemove={() => setFile(null)}
        >
          <Button data-testid="evidence-file">{t('complaints.evidenceFile')}</Button>
        </Upload>
        <span className="soft">{t('complaints.evidenceFileHint', { kinds: kinds.join(', ') })}</span>
        {kind === 'consent' && complaint.callIds.length > 0 && (
          <Select
            allowClear
            value={callId}
            placeholder={t('complaints.evidenceOfCall')}
            aria-label={t('complaints.evidenceOfCall')}
            onChange={(value: string | undefined) => setCallId(value ?? null)}
            options={complaint.callIds.map((value) => ({ value, label: value }))}
          />
        )}
        {unproved && <span className="soft">{t('complaints.evidenceNeeded')}</span>}
      </div>
    </FormModal>
  );
}
