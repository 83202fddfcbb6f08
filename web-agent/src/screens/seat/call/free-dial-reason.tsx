import { Alert, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FREE_REASON } from '../../../../../services/shared/domain/calls/dial-permit.js';

/** The reason why an agent dials a number that is on no register; asked again for each number. */
export default function FreeDialReason({
  reason,
  onReason,
}: {
  readonly reason: string;
  readonly onReason: (reason: string) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Alert
      type="warning"
      showIcon
      title={t('freeDial.title')}
      description={
        <div className="stack">
          <span>{t('freeDial.text')}</span>
          <Input.TextArea
            value={reason}
            rows={2}
            maxLength={FREE_REASON.most}
            showCount
            aria-label={t('freeDial.reason')}
            placeholder={t('freeDial.reasonHint')}
            onChange={({ target }) => onReason(target.value)}
            data-testid="free-reason"
          />
        </div>
      }
      data-testid="free-dial"
    />
  );
}
