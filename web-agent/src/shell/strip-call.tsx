import { useCallerName } from '../components/names/caller-name.js';
import { Button, Space } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { LiveCall } from '../../../services/shared/contracts/calls/commands.js';
import { monitoringMode } from '../phone/phone.js';
import { MonitorModes } from '../screens/seat/monitor-modes.js';
import { useAgentNames } from '../screens/seat/agent-names.js';
import { useSeatActions } from '../screens/seat/seat-actions.js';
import { stopListening } from '../session/own-listening.js';
import { usePhone, useProfile } from '../session/use-workplace.js';
import { listed } from '../i18n/language.js';

/**
 * The call of the seat on any other page: with whom, and how to get back to it. A listening supervisor changes the mode or stops; only a
 * talking agent hangs up.
 */
export function StripCall({ call }: { readonly call: LiveCall }): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const { phone, seat } = usePhone();
  const { userId } = useProfile();
  const names = useAgentNames();
  const go = useNavigate();
  const act = useSeatActions();
  const mode = monitoringMode(call);
  const others = call.parties
    .filter(({ kind, label }) => kind !== 'caller' && label !== userId)
    .map(({ kind, label }) => {
      if (kind === 'agent') return names.get(label) ?? label;
      return label === '' ? t('seat.target.number') : callerName(label);
    });
  return (
    <Space wrap data-testid="strip-call" data-part={call.part}>
      <Button size="small" onClick={() => void go('/seat')} data-testid="strip-to-call">
        {t('seat.openSeat')}
      </Button>
      {mode !== undefined && <span className="soft">{t(`handOver.monitoring.${mode}`)}</span>}
      <strong data-testid="strip-caller">{callerName(call.callerMasked)}</strong>
      {others.length > 0 && (
        <span className="soft" data-testid="strip-parties">
          {listed(others, i18n)}
        </span>
      )}
      {mode !== 'listen' && (
        <Button size="small" onClick={act.mute} data-testid="strip-mute">
          {phone.muted ? t('seat.unmute') : t('seat.mute')}
        </Button>
      )}
      {mode === undefined ? (
        <Button size="small" danger onClick={act.hangUp} data-testid="strip-hang-up">
          {t('seat.hangUp')}
        </Button>
      ) : (
        <>
          <MonitorModes call={call} inStrip />
          <Button size="small" onClick={() => stopListening(seat, call.callId)} data-testid="strip-stop-monitoring">
            {t('handOver.stopMonitoring')}
          </Button>
        </>
      )}
    </Space>
  );
}
