import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveCall } from '../../../../services/shared/contracts/calls/commands.js';
import { interventions, rightOfIntervention } from '../../../../services/shared/domain/calls/listening.js';
import { monitoringMode } from '../../phone/phone.js';
import { useMay, usePhone } from '../../session/use-workplace.js';

/** The ways in which a supervisor may take part in the call that is being listened to; the present one is marked. */
export function MonitorModes({ call, inStrip = false }: { readonly call: LiveCall; readonly inStrip?: boolean }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { phone, seat } = usePhone();
  const mode = monitoringMode(call);
  return interventions
    .filter((each) => each === mode || may(rightOfIntervention[each]))
    .map((each) => (
      <Button
        key={each}
        size={inStrip ? 'small' : 'middle'}
        type={each === mode ? 'primary' : 'default'}
        aria-pressed={each === mode}
        disabled={phone.link !== 'up'}
        onClick={() => each !== mode && void seat?.ask('call:monitor', { callId: call.callId, mode: each })}
        data-testid={`${inStrip ? 'strip-' : ''}monitor-${each}`}
      >
        {t(`supervise.agents.modes.${each}`)}
      </Button>
    ));
}
