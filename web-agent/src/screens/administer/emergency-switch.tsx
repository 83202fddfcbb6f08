import { Alert, Button, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ServiceNumber } from '../../../../services/shared/contracts/calls/flow.js';
import { useChange } from '../../session/use-server.js';

/** Closes every number in service at once, whatever its hours, and opens them again. The audit log keeps the reason. */
export function EmergencySwitch({ numbers }: { readonly numbers: readonly ServiceNumber[] }): ReactNode {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const change = useChange('numbers', () => {
    setAsking(false);
    setReason('');
  });
  const closed = numbers.filter(({ status }) => status === 'closed');
  const open = numbers.filter(({ status }) => status === 'in-service');
  const closes = closed.length === 0;
  if (closes && open.length === 0) return null;
  return (
    <>
      {closed.length > 0 && (
        <Alert
          type="error"
          showIcon
          title={t('library.emergency.isClosed', { count: closed.length, numbers: closed.map(({ number }) => number).join(', ') })}
          action={
            <Button onClick={() => setAsking(true)} data-testid="open-again">
              {t('library.emergency.open')}
            </Button>
          }
        />
      )}
      {closes && (
        <div>
          <Button danger onClick={() => setAsking(true)} data-testid="emergency-close">
            {t('library.emergency.close')}
          </Button>
        </div>
      )}
      <Modal
        open={asking}
        title={closes ? t('library.emergency.close') : t('library.emergency.open')}
        okText={closes ? t('library.emergency.close') : t('library.emergency.open')}
        cancelText={t('shell.cancel')}
        okButtonProps={{ danger: closes, disabled: reason.trim().length < 3, 'data-testid': 'emergency-confirm' }}
        confirmLoading={change.isPending}
        onCancel={() => setAsking(false)}
        onOk={() => change.mutate({ route: 'POST /numbers/emergency', body: { closed: closes, reason: reason.trim() } })}
      >
        <p>
          {closes ? t('library.emergency.closeText', { count: open.length }) : t('library.emergency.openText', { count: closed.length })}
        </p>
        <Input
          value={reason}
          maxLength={200}
          aria-label={t('library.emergency.reason')}
          placeholder={t('library.emergency.reason')}
          onChange={({ target }) => setReason(target.value)}
          data-testid="emergency-reason"
        />
      </Modal>
    </>
  );
}
