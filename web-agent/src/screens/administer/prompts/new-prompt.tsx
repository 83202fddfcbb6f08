import { Alert, App, Button, Input, Segmented, Upload } from 'antd';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFailureWords } from '../../../session/use-server.js';
import { useApp } from '../../../session/use-workplace.js';
import { Field } from '../fields.js';
import type { PromptName } from './prompt-listen.js';
import { FormModal } from '../../../components/form-drawer.js';

/** The server refuses larger files too; here they are refused before they are sent. */
export const PROMPT_BYTES = 20_000_000;

/** Uploads an audio file as a prompt. Returns the objection in words, or nothing when callers hear it from now on. */
export function usePromptUpload(): (prompt: PromptName, file: Blob) => Promise<string | undefined> {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const client = useQueryClient();
  const wordsOf = useFailureWords();
  return async (params, file) => {
    if (file.size > PROMPT_BYTES) return t('library.prompts.refusals.too-large');
    try {
      await session.api.send('PUT /prompts/:language/:promptId', { params, file });
      void message.success(t('library.prompts.replaced'));
      await client.invalidateQueries({ queryKey: ['prompts'] });
      return undefined;
    } catch (error) {
      return wordsOf(error);
    }
  };
}

/** A prompt of the site under a new name. Under an existing name it replaces what callers hear. */
export function NewPrompt({
  known,
  onClose,
}: {
  readonly known: readonly { readonly promptId: string; readonly language: 'zh-CN' | 'en' }[];
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const upload = usePromptUpload();
  const [promptId, setPromptId] = useState('');
  const [language, setLanguage] = useState<'zh-CN' | 'en'>(i18n.language === 'en' ? 'en' : 'zh-CN');
  const [file, setFile] = useState<File | null>(null);
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState('');
  const isThere = known.some((prompt) => prompt.promptId === promptId && prompt.language === language);
  const isNamed = /^[a-z0-9-]{1,60}$/.test(promptId);

  async function send(): Promise<void> {
    if (file === null) return;
    setSending(true);
    const against = await upload({ language, promptId }, file);
    setSending(false);
    if (against === undefined) onClose();
    else setRefused(against);
  }

  return (
    <FormModal
      open
      title={t('library.prompts.add')}
      okText={t('library.prompts.send')}
      cancelText={t('shell.cancel')}
      confirmLoading={sending}
      okButtonProps={{ disabled: !isNamed || file === null, 'data-testid': 'send-prompt' }}
      onCancel={onClose}
      onOk={() => void send()}
    >
      <div className="stack">
        <Field label={t('library.prompts.name')} hint={t('library.prompts.nameHint')}>
          {(id) => (
            <Input
              id={id}
              value={promptId}
              maxLength={60}
              status={promptId === '' || isNamed ? '' : 'error'}
              onChange={({ target }) => setPromptId(target.value)}
              data-testid="prompt-name"
            />
          )}
        </Field>
        <div className="field">
          <span>{t('library.prompts.language')}</span>
          <Segmented
            value={language}
            options={(['zh-CN', 'en'] as const).map((value) => ({ value, label: t(`library.numbers.languages.${value}`) }))}
            onChange={setLanguage}
          />
        </div>
        <div className="row">
          <Upload
            accept="audio/*"
            maxCount={1}
            showUploadList={false}
            beforeUpload={(chosen) => {
              setFile(chosen);
              setRefused('');
              return false;
            }}
          >
            <Button>{t('library.prompts.chooseFile')}</Button>
          </Upload>
          <span className="soft">{file?.name ?? t('library.prompts.fileHint')}</span>
        </div>
        {isThere && <Alert type="warning" showIcon title={t('library.prompts.isThere')} data-testid="prompt-is-there" />}
        {refused !== '' && <Alert type="error" showIcon title={refused} data-testid="prompt-refused" />}
      </div>
    </FormModal>
  );
}
