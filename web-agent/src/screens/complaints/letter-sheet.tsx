import { Alert, Checkbox, Input, Radio } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import type { Complaint } from './complaint.js';
import { FormModal } from '../../components/form-drawer.js';

/** Makes the letter that answers a case: the finding and the answer, in the complainant's language. */
export function LetterSheet({ complaint, onClose }: { readonly complaint: Complaint; readonly onClose: () => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const last = complaint.letters?.at(-1);
  const [language, setLanguage] = useState(last?.language ?? (i18n.language === 'en' ? 'en' : 'zh-CN'));
  const [found, setFound] = useState(last?.found ?? '');
  const [answer, setAnswer] = useState(last?.answer ?? complaint.answers.at(-1)?.text ?? '');
  const [whole, setWhole] = useState(false);
  const [reason, setReason] = useState('');
  const make = useChange('complaints', onClose);
  const blocked = found.trim() === '' || answer.trim() === '' || (whole && reason.trim().length < 3);
  return (
    <FormModal
      open
      title={t('complaints.do.letter')}
      okText={t('complaints.letterMake')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: blocked, loading: make.isPending, 'data-testid': 'letter-make' }}
      onCancel={onClose}
      onOk={() =>
        make.mutate({
          route: 'POST /complaints/:id/letters',
          params: { id: complaint.id },
          body: { language, found, answer, ...(whole ? { wholeNumberReason: reason.trim() } : {}) },
        })
      }
    >
      <div className="stack">
        <Alert type="info" showIcon title={t('complaints.letterKeeps')} />
        <Radio.Group
          aria-label={t('complaints.letterLanguage')}
          value={language}
          onChange={({ target }) => setLanguage(target.value === 'en' ? 'en' : 'zh-CN')}
          options={(['zh-CN', 'en'] as const).map((value) => ({ value, label: t(`complaints.letterIn.${value}`) }))}
        />
        <label className="field">
          {t('complaints.letterFound')}
          <Input.TextArea autoFocus rows={4} value={found} onChange={({ target }) => setFound(target.value)} data-testid="letter-found" />
        </label>
        <label className="field">
          {t('complaints.letterAnswer')}
          <Input.TextArea rows={4} value={answer} onChange={({ target }) => setAnswer(target.value)} data-testid="letter-answer" />
        </label>
        {may('numbers.unmask') && (
          <Checkbox checked={whole} onChange={({ target }) => setWhole(target.checked)} data-testid="letter-whole">
            {t('complaints.letterWhole')}
          </Checkbox>
        )}
        {whole && (
          <Input
            value={reason}
            placeholder={t('complaints.letterWholeReason')}
            aria-label={t('complaints.letterWholeReason')}
            onChange={({ target }) => setReason(target.value)}
          />
        )}
      </div>
    </FormModal>
  );
}
