import { Button, Input, Modal, Tag } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallerName } from '../../../components/names/caller-name.js';
import { useChange } from '../../../session/use-server.js';
import { useMay } from '../../../session/use-workplace.js';
import { useAgentNames } from '../../seat/agent-names.js';
import type { ShownCall } from './call-so-far.js';

const LEAST_REASON = 3;
const MOST_REASON = 200;
/** The second press of a double click, which is meant for the step before. */
const DOUBLE_CLICK_MS = 500;

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
  return (
    <Modal
      open
      title={t('calls.end.title')}
      onCancel={onClose}
      footer={
        asked ? (
          <EndFooter
            isPending={change.isPending}
            onBack={() => setAsked(false)}
            onEnd={() => change.mutate({ route: 'POST /calls/:callId/end', params: { callId: call.callId }, body: { reason } })}
          />
        ) : (
          <>
            <Button onClick={onClose} data-testid="end-call-back">
              {t('shell.cancel')}
            </Button>
            <Button type="primary" disabled={!isWhole} onClick={() => setAsked(true)} data-testid="end-call-next">
              {t('calls.end.next')}
            </Button>
          </>
        )
      }
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
            autoFocus
            onPressEnter={(event) => {
              if (event.nativeEvent.isComposing || !isWhole) return;
              // The rest of this press would reach the button that has the focus next.
              event.preventDefault();
              setAsked(true);
            }}
            data-testid="end-call-reason"
          />
        </div>
      )}
    </Modal>
  );
}

/** The step that cannot be undone: the focus is on the way back, and the end takes no press that was meant for the step before. */
function EndFooter({
  isPending,
  onBack,
  onEnd,
}: {
  readonly isPending: boolean;
  readonly onBack: () => void;
  readonly onEnd: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [takes, setTakes] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setTakes(true), DOUBLE_CLICK_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <>
      <Button autoFocus onClick={onBack} data-testid="end-call-back">
        {t('calls.end.back')}
      </Button>
      <Button type="primary" danger disabled={!takes} loading={isPending} onClick={onEnd} data-testid="end-call-now">
        {t('calls.end.now')}
      </Button>
    </>
  );
}
