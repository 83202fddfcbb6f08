import { Alert, Input, Modal, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../components/time/times.js';
import type { AnswerOf } from '../../session/api.js';
import { useChange, useRead } from '../../session/use-server.js';
import { complaintKinds, type Complaint } from './complaint.js';
import { ProvinceSelect } from './province-select.js';

type Outlook = AnswerOf<'GET /complaints/:id/recount'>;

/** Another kind or province of a case. Its effect on the deadline is shown before saving, and saved as shown. */
export function RecountSheet({
  complaint,
  change,
  onClose,
}: {
  readonly complaint: Complaint;
  readonly change: 'change-kind' | 'change-province';
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [kind, setKind] = useState(complaint.kind);
  const [province, setProvince] = useState<string | undefined>(complaint.province);
  const [text, setText] = useState('');
  const save = useChange('complaints', onClose);
  const isKind = change === 'change-kind';
  const isChosen = isKind ? kind !== complaint.kind : province !== undefined;
  const outlook = useRead('/complaints/:id/recount', {
    params: { id: complaint.id },
    query: isKind ? { kind } : { province: province ?? '' },
    enabled: isChosen,
  });
  const seen = isChosen ? outlook.data : undefined;
  const needsText = !isKind || seen?.outcome === 'later';
  const blocked = seen === undefined || outlook.isFetching || seen.outcome === 'clock-paused' || (needsText && text.trim() === '');

  function put(): void {
    const seenDueAt = seen?.next?.dueAt;
    const words = { ...(text.trim() === '' ? {} : { text: text.trim() }), ...(seenDueAt === undefined ? {} : { seenDueAt }) };
    save.mutate({
      route: 'POST /complaints/:id/act',
      params: { id: complaint.id },
      body: {
        act: isKind ? { type: 'change-kind', kind, ...words } : { type: 'change-province', province: province ?? '', ...words },
        revision: complaint.revision,
      },
    });
  }

  return (
    <Modal
      open
      title={t(`complaints.do.${change}`)}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: blocked, loading: save.isPending, 'data-testid': 'case-save' }}
      onCancel={onClose}
      onOk={put}
    >
      <div className="stack">
        {isKind ? (
          <Select
            aria-label={t('complaints.kind')}
            value={kind}
            onChange={setKind}
            data-testid="case-kind"
            options={complaintKinds.map((value) => ({ value, label: t(`complaints.kinds.${value}`) }))}
          />
        ) : (
          <ProvinceSelect {...(province === undefined ? {} : { value: province })} onChange={setProvince} />
        )}
        {seen !== undefined && <Outlook seen={seen} />}
        <Input.TextArea
          rows={3}
          value={text}
          placeholder={t(needsText ? 'complaints.rules.recount.why' : 'complaints.rules.recount.mayWhy')}
          aria-label={t('complaints.rules.recount.why')}
          onChange={({ target }) => setText(target.value)}
          data-testid="case-words"
        />
      </div>
    </Modal>
  );
}

const colours = {
  later: 'warning',
  earlier: 'warning',
  same: 'info',
  stopped: 'info',
  'ran-out': 'info',
  'clock-paused': 'error',
} as const;

/** The current and the new due time of the answer. */
function Outlook({ seen: { outcome, dueAt, next, isPast } }: { readonly seen: Outlook }): ReactNode {
  const { t } = useTranslation();
  const moves = outcome === 'later' || outcome === 'earlier';
  return (
    <Alert
      type={isPast === true ? 'error' : colours[outcome]}
      showIcon
      data-testid="recount"
      data-outcome={outcome}
      title={t(`complaints.rules.recount.outcomes.${isPast === true ? 'past' : outcome}`)}
      description={
        moves && dueAt !== undefined && next !== undefined ? (
          <>
            <div className="figures">{t('complaints.rules.recount.due', { from: timeText(dueAt), to: timeText(next.dueAt) })}</div>
            <div>{t('complaints.rules.recount.basis', { basis: next.basis })}</div>
          </>
        ) : undefined
      }
    />
  );
}
