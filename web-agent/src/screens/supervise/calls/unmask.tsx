import { WITHHELD } from '../../../../../services/shared/domain/calls/caller.js';
import { useCallerName } from '../../../components/names/caller-name.js';
import { Button, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';

/** A masked number with a "show" button for people who may: it asks for a reason and says that it is recorded. */
export function MaskedNumber({
  callId,
  attemptId,
  masked,
}: {
  readonly callId: string;
  /** The leg to the outside whose number it is; missing for the other side of the call. */
  readonly attemptId?: string;
  readonly masked: string | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const may = useMay();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const [whole, setWhole] = useState<string | null>(null);
  const told = (number: string): void => {
    setWhole(number);
    setAsking(false);
  };
  const unmask = useChange<'POST /calls/:callId/unmask'>('audit', ({ callerNumber }) => told(callerNumber));
  const unmaskLeg = useChange<'POST /calls/:callId/unmask-leg'>('audit', ({ number }) => told(number));
  const body = { reason: reason.trim() };
  const show = (): void =>
    attemptId === undefined
      ? unmask.mutate({ route: 'POST /calls/:callId/unmask', params: { callId }, body })
      : unmaskLeg.mutate({ route: 'POST /calls/:callId/unmask-leg', params: { callId }, body: { ...body, attemptId } });
  return (
    <span className="row">
      <span className="figures" data-testid={attemptId === undefined ? 'call-number' : 'leg-number'}>
        {whole ?? callerName(masked)}
      </span>
      {may('numbers.unmask') && masked !== WITHHELD && whole === null && (
        <Button size="small" type="link" onClick={() => setAsking(true)} data-testid={attemptId === undefined ? 'unmask' : 'unmask-leg'}>
          {t('calls.show')}
        </Button>
      )}
      <Modal
        open={asking}
        title={t('calls.show')}
        okText={t('calls.show')}
        cancelText={t('shell.cancel')}
        okButtonProps={{
          disabled: reason.trim().length < 3,
          loading: unmask.isPending || unmaskLeg.isPending,
          'data-testid': 'unmask-confirm',
        }}
        onCancel={() => setAsking(false)}
        onOk={show}
      >
        <p>{t('calls.showReason')}</p>
        <Input
          value={reason}
          aria-label={t('shell.reasonOfThree')}
          placeholder={t('shell.reasonOfThree')}
          onChange={({ target }) => setReason(target.value)}
          data-testid="unmask-reason"
        />
      </Modal>
    </span>
  );
}
