import { Button, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../../components/page.js';
import { SipLadder } from '../../../components/sip-ladder.js';
import { useExport } from '../../../components/use-export.js';
import { useRead } from '../../../session/use-server.js';
import { useApp, useMay } from '../../../session/use-workplace.js';

/** The SIP messages of a call, where they were traced. Read only on request: each look adds a row to the audit log. */
export function SipTrace({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  return (
    <section className="panel stack" data-testid="sip-trace">
      <h2>{t('sipTraces.ladder')}</h2>
      {asked ? (
        <CallLadder callId={callId} />
      ) : (
        <div className="row">
          <Button onClick={() => setAsked(true)} data-testid="sip-trace-show">
            {t('sipTraces.show')}
          </Button>
          <span className="soft">{t('sipTraces.showHint')}</span>
        </div>
      )}
    </section>
  );
}

function CallLadder({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const ladder = useRead('/calls/:callId/sip-trace', { params: { callId } });
  return (
    <Loaded query={ladder} isEmpty={({ legs }) => legs.length === 0} empty={t('sipTraces.empty')}>
      {(read) => (
        <>
          <SipLadder ladder={read} />
          {may('numbers.unmask') && <TakeFile callId={callId} />}
        </>
      )}
    </Loaded>
  );
}

function TakeFile({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const save = useExport();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  return (
    <div>
      <Button onClick={() => setAsking(true)} data-testid="sip-trace-take">
        {t('sipTraces.take')}
      </Button>
      <Modal
        open={asking}
        title={t('sipTraces.take')}
        okText={t('sipTraces.take')}
        cancelText={t('shell.cancel')}
        okButtonProps={{ disabled: reason.trim().length < 3, 'data-testid': 'sip-trace-take-confirm' }}
        onCancel={() => setAsking(false)}
        onOk={() => {
          const query = { reason: reason.trim() };
          save(session.api.file('/calls/:callId/sip-trace.pcap', { params: { callId }, query }), `sip-${callId}.pcapng`);
          setAsking(false);
        }}
      >
        <p>{t('sipTraces.takeHint')}</p>
        <Input
          value={reason}
          aria-label={t('shell.reasonOfThree')}
          placeholder={t('shell.reasonOfThree')}
          onChange={({ target }) => setReason(target.value)}
          data-testid="sip-trace-reason"
        />
      </Modal>
    </div>
  );
}
