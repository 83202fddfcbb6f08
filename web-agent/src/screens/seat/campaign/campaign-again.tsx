import { Button, Select, Space, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../../components/time/times.js';
import { useChange } from '../../../session/use-server.js';

const HOUR_MS = 3_600_000;
const hours = { hour: 1, hours: 4, tomorrow: 24, week: 168 } as const;
type Delay = keyof typeof hours;

/** Promises the person, during the call and its wrap-up, another call from the same agent; `againAt`: the time already promised. */
export function CampaignAgain({ callId, againAt }: { readonly callId: string; readonly againAt: string | undefined }): ReactNode {
  const { t } = useTranslation();
  const change = useChange('campaign-offer');
  const [delay, setDelay] = useState<Delay>('tomorrow');
  const promise = (): void =>
    change.mutate({
      route: 'POST /campaign-offer/:callId/again',
      params: { callId },
      body: { at: new Date(Date.now() + hours[delay] * HOUR_MS) },
    });
  return (
    <Space wrap>
      <Select
        value={delay}
        className="dial-purpose"
        aria-label={t('campaigns.card.againWhen')}
        options={(Object.keys(hours) as Delay[]).map((value) => ({ value, label: t(`campaigns.card.again.${value}`) }))}
        onChange={setDelay}
        data-testid="campaign-again-when"
      />
      <Button loading={change.isPending} onClick={promise} data-testid="campaign-again">
        {t('campaigns.card.callAgain')}
      </Button>
      <span role="status">
        {againAt !== undefined && <Tag color="blue">{t('campaigns.card.promised', { time: timeText(againAt) })}</Tag>}
      </span>
    </Space>
  );
}
