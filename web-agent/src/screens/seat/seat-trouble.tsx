import { Alert, Button } from 'antd';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '../../components/time/elapsed.js';
import { loadPageWords } from '../../i18n/language.js';
import { currentCall, expectsSound } from '../../phone/phone.js';
import { adviceFor } from '../../phone/quality.js';
import { useDesk, usePhone, useQuality } from '../../session/use-workplace.js';

/** Help with a network or a certificate, for the few who need it; loaded with its words when it is shown. */
const LineHelp = lazy(async () => (await Promise.all([import('./line-help.js'), loadPageWords()]))[0]);
const LinkHelp = lazy(async () => ({ default: (await Promise.all([import('./line-help.js'), loadPageWords()]))[0].LinkHelp }));

/** A server that starts again is back before this. */
const LINK_HELP_AFTER_MS = 20_000;
const LINE_HELP_AFTER_MS = 10_000;

/** What is wrong in plain words, with what happens meanwhile and the next step. One banner, for the gravest trouble. */
export function SeatTrouble(): ReactNode {
  const { t, i18n } = useTranslation();
  const { seat, phone } = usePhone();
  const desk = useDesk();
  const quality = useQuality();
  const now = useNow();
  const [opened] = useState(() => Date.now());
  const isTroubled = phone.lineTrouble !== null;
  const [troubledAt, setTroubledAt] = useState<number | null>(null);
  useEffect(() => setTroubledAt(isTroubled ? Date.now() : null), [isTroubled]);
  const troubledMs = troubledAt === null ? 0 : Math.max(1, now - troubledAt);
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
  const linkAway = phone.link === 'connecting' ? now - opened : phone.link === 'lost' ? now - (phone.linkLostAtMs ?? now) : 0;
  if (linkAway > LINK_HELP_AFTER_MS && call === null)
    return (
      <Suspense>
        <LinkHelp />
      </Suspense>
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
  if (phone.lineTrouble !== null && call === null && troubledMs > (phone.lineTrouble.stage === 'media' ? 0 : LINE_HELP_AFTER_MS))
    return (
      <Suspense>
        <LineHelp trouble={phone.lineTrouble} />
      </Suspense>
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
