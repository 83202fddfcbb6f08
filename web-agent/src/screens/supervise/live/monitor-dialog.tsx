import { Alert, Input, Modal, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentRow } from '../../../../../services/shared/contracts/queues/board.js';
import { rightOfIntervention } from '../../../../../services/shared/domain/calls/listening.js';
import {
  interventions,
  listeningReasons,
  type Intervention,
  type ListeningReason,
} from '../../../../../services/shared/domain/calls/listening.js';
import { browserClock } from '../../../phone/browser-clock.js';
import { lineUp } from '../../../phone/line-up.js';
import { useMay, usePhone } from '../../../session/use-workplace.js';

/** Asks for the reason before a call is listened to: the audit log keeps it. */
export function MonitorDialog({ agent, onClose }: { readonly agent: AgentRow; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { seat } = usePhone();
  const allowed = interventions.filter((each) => may(rightOfIntervention[each]));
  const [mode, setMode] = useState<Intervention>(allowed[0] ?? 'listen');
  const [reason, setReason] = useState<ListeningReason | null>(null);
  const [note, setNote] = useState('');
  const [asking, setAsking] = useState(false);
  const [away, setAway] = useState(false);
  const { callId } = agent;
  const isWhole = reason !== null && (reason !== 'other' || note.trim().length >= 3);

  async function begin(): Promise<void> {
    if (callId === undefined || reason === null) return;
    setAsking(true);
    if (seat === null || !(await lineUp(seat, browserClock))) {
      setAsking(false);
      setAway(true);
      return;
    }
    // The seat's banner shows a refusal.
    await seat.ask('call:monitor', { callId, mode, reason, ...(note.trim() === '' ? {} : { note: note.trim() }) });
    onClose();
  }

  return (
    <Modal
      open
      title={t('supervise.agents.listening.title', { name: agent.name })}
      okText={t('supervise.agents.listening.begin')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: !isWhole, 'data-testid': 'monitor-begin' }}
      confirmLoading={asking}
      onCancel={onClose}
      onOk={() => void begin()}
    >
      <div className="stack">
        <Radio.Group
          value={mode}
          onChange={({ target }) => setMode(target.value as Intervention)}
          aria-label={t('supervise.agents.monitor')}
          options={allowed.map((each) => ({
            value: each,
            label: <span data-testid={`monitor-${each}`}>{t(`supervise.agents.modes.${each}`)}</span>,
          }))}
        />
        <Select<ListeningReason>
          value={reason}
          onChange={setReason}
          placeholder={t('supervise.agents.listening.reason')}
          aria-label={t('supervise.agents.listening.reason')}
          options={listeningReasons.map((each) => ({ value: each, label: t(`supervise.agents.listening.reasons.${each}`) }))}
          data-testid="monitor-reason"
        />
        <Input
          value={note}
          maxLength={100}
          aria-label={t('supervise.agents.listening.note')}
          placeholder={t('supervise.agents.listening.note')}
          onChange={({ target }) => setNote(target.value)}
          data-testid="monitor-note"
        />
        <p className="soft">{t('supervise.agents.listening.logged')}</p>
        {away && <Alert type="error" showIcon title={t('supervise.agents.listening.noSound')} data-testid="monitor-no-sound" />}
      </div>
    </Modal>
  );
}
