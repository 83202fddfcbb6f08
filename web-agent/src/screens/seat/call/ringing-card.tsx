import { BellFilled, PhoneFilled } from '@ant-design/icons';
import { Button, Space } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCallerName } from '../../../components/names/caller-name.js';
import { useNow } from '../../../components/time/elapsed.js';
import { clockText } from '../../../components/time/times.js';
import type { RingingCall } from '../../../phone/phone.js';
import { usePhonePart } from '../../../session/use-workplace.js';
import { BriefingFacts } from './briefing-facts.js';
import { IntroductionLine } from './introduction-line.js';
import { useQueueName } from '../queue-names.js';
import { useSeatActions } from '../seat-actions.js';
import { DeclineMenu } from '../seat-parts.js';

export function RingingCard({ offer }: { readonly offer: RingingCall }): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const asking = usePhonePart((phone) => phone.asking);
  const act = useSeatActions();
  const now = useNow();
  const queueName = useQueueName(i18n.language);
  const leftMs = offer.rangAtMs + offer.ringForMs - now;
  return (
    <section
      className="panel call-card ringing"
      data-testid="ringing-card"
      data-why={offer.introduction?.kind ?? 'queue'}
      data-call={offer.callId}
      aria-label={t('seat.ringing')}
    >
      {offer.introduction !== undefined && <IntroductionLine introduction={offer.introduction} />}
      <div className="row">
        <BellFilled className="ring-icon" />
        <strong>{t(offer.introduction?.kind === 'consultation' ? 'handOver.consultationRings' : 'seat.ringing')}</strong>
        {offer.ringForMs > 0 && offer.introduction === undefined && (
          <span className="soft figures">{t('seat.ringsFor', { seconds: Math.max(0, Math.ceil(leftMs / 1_000)) })}</span>
        )}
      </div>
      <div className="caller" data-testid="ringing-caller">
        {callerName(offer.callerMasked)}
      </div>
      <dl className="facts">
        <dt>{t('seat.queue')}</dt>
        <dd>{queueName(offer.queueId)}</dd>
        <dt>{t('seat.called')}</dt>
        <dd>{offer.called}</dd>
        {offer.introduction === undefined && (
          <>
            <dt>{t('seat.waited')}</dt>
            <dd className="figures">{clockText(offer.waitedMs)}</dd>
          </>
        )}
        {offer.choices.length > 0 && (
          <>
            <dt>{t('seat.choices')}</dt>
            <dd>{offer.choices.join(' › ')}</dd>
          </>
        )}
      </dl>
      <BriefingFacts callId={offer.callId} />
      <Space>
        <Button
          type="primary"
          size="large"
          icon={<PhoneFilled />}
          onClick={act.answer}
          loading={asking === 'call:answer'}
          data-testid="answer"
        >
          {t('seat.answer')} <kbd>Enter</kbd>
        </Button>
        <DeclineMenu />
      </Space>
    </section>
  );
}
