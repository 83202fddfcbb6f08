import { Button, Input, Modal, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallerName } from '../../../components/names/caller-name.js';
import { useChange } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';
import type { ShownCall } from './call-so-far.js';

const LEAST_REASON = 3;
const MOST_REASON = 200;

type Called = Pick<ShownCall, 'callId' | 'callerMasked' | 'agentId' | 'dialled'>;

/** Ends a call in progress on both sides: first the reason, then the question whether it is meant. */
export function EndCall({ call }: { readonly call: Called }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [open, setOpen] = useState(false);
  if (!may('calls.end')) return null;
  if (call.dialled.some(({ emergency }) => emergency === true))
    return (
      <Tag color="gold" data-testid="end-call-emergency">
        ⚠ {t('calls.end.emergency')}
      </Tag>
    );
  return (
    <>
      <Button danger size="small" onClick={() => setOpen(true)} data-testid="end-call">
        {t('calls.end.open')}
      </Button>
      {open && <EndDialog call={call} onClose={() => setOpen(false)} />}
    </>
  );
}

function EndDialog({ call, onClose }: { readonly call: Called; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const callerName = useCallerName();
  const [written, setReason] = useState('');
  const [asked, setAsked] = useState(false);
  const change = useChange('calls', onClose);
  const reason = written.trim();
  const agent = names.get(call.agentId ?? '') ?? call.agentId ?? t('calls.end.noAgent');
  const isWhole = reason.length >= LEAST_REASON;
  const goOn = (): void => {
    if (!asked) setAsked(true);
    else change.mutate({ route: 'POST /calls/:callId/end', params: { callId: call.callId }, body: { reason } });
  };
  return (
    <Modal
      open
      title={t('calls.end.title')}
      onCancel={onClose}
      footer={[
        <Button key="back" onClick={() => (asked ? setAsked(false) : onClose())} data-testid="end-call-back">
          {t(asked ? 'calls.end.back' : 'shell.cancel')}
        </Button>,
        <Button
          key="on"
          type="primary"
          danger={asked}
          disabled={!isWhole}
          loading={change.isPending}
          onClick={goOn}
          data-testid={asked ? 'end-call-now' : 'end-call-next'}
        >
          {t(asked ? 'calls.end.now' : 'calls.end.next')}
        </Button>,
      ]}
    >
      {asked ? (
        <div className="stack" role="alert" data-testid="end-call-sure">
          <strong>{t('calls.end.sure')}</strong>
          <p>{t('calls.end.summary', { caller: callerName(call.callerMasked), agent, reason })}</p>
        </div>
      ) : (
        <div className="stack">
          <p>{t('calls.end.text')}</p>
          <Input
            value={written}
            maxLength={MOST_REASON}
            aria-label={t('calls.end.reason')}
            placeholder={t('calls.end.reason')}
            onChange={({ target }) => setReason(target.value)}
            onPressEnter={({ nativeEvent }) => !nativeEvent.isComposing && isWhole && goOn()}
            data-testid="end-call-reason"
          />
        </div>
      )}
    </Modal>
  );
}
