import { Alert, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../components/time/elapsed.js';
import { currentCall, expectsSound } from '../../phone/phone.js';
import { adviceFor } from '../../phone/quality.js';
import { useDesk, usePhone, useQuality } from '../../session/use-workplace.js';

/** What is wrong in plain words, with what happens meanwhile and the next step. One banner, for the gravest trouble. */
export function SeatTrouble(): ReactNode {
  const { t, i18n } = useTranslation();
  const { seat, phone } = usePhone();
  const desk = useDesk();
  const quality = useQuality();
  const now = useNow();
  const call = currentCall(phone);
  const advice = adviceFor(quality, call !== null && expectsSound(call));

  if (phone.link === 'superseded')
    return (
      <Alert
        banner
        type="warning"
        data-testid="superseded"
        title={t('seat.trouble.superseded')}
        description={t('seat.trouble.supersededText')}
        action={
          <Button type="primary" onClick={() => seat?.takeOver()} data-testid="take-over">
            {t('seat.trouble.takeOver')}
          </Button>
        }
      />
    );
  if (phone.link === 'lost')
    return (
      <Alert
        banner
        type="error"
        data-testid="link-lost"
        title={t(call === null ? 'seat.trouble.linkLostIdle' : 'seat.trouble.linkLost', {
          seconds: Math.max(0, Math.floor((now - (phone.linkLostAtMs ?? now)) / 1_000)),
        })}
      />
    );
  if (phone.problem !== null)
    return (
      <Alert
        banner
        type="error"
        data-testid="seat-problem"
        data-code={phone.problem}
        closable={{ onClose: () => seat?.readProblem() }}
        title={i18n.exists(`failures.${phone.problem}`) ? t(`failures.${phone.problem}`) : t('failures.internal')}
      />
    );
  if (phone.line === 'lost' && call !== null)
    return <Alert banner type="error" data-testid="line-lost" title={t('seat.trouble.lineLost')} />;
  if (desk !== null && desk.state.movedTo !== null)
    return (
      <Alert
        banner
        type="warning"
        data-testid="device-moved"
        closable={{ onClose: () => desk.desk.moveRead() }}
        title={<span role="alert">{t('seat.trouble.moved', { device: desk.state.movedTo })}</span>}
      />
    );
  if (advice !== null) return <Alert banner type="warning" data-testid="quality-advice" title={t(`seat.advice.${advice}`)} />;
  return null;
}
