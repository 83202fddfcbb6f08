import { PauseCircleOutlined, PhoneFilled } from '@ant-design/icons';
import { Button, Select, Space, Tag } from 'antd';
import { Fragment, useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { campaignSkipReasons, type CampaignSkipReason } from '../../../../../services/shared/domain/calls/campaign.js';
import { useNow } from '../../../components/time/elapsed.js';
import { clockText } from '../../../components/time/times.js';
import type { AnswerOf } from '../../../session/api.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { usePhonePart } from '../../../session/use-workplace.js';
import { wrappedUpCall } from '../call/briefing.js';
import { CampaignAgain } from './campaign-again.js';
import { FilledScript } from './filled-script.js';

type Offer = NonNullable<AnswerOf<'GET /campaign-offer'>['offer']>;
const READ_EVERY_MS = 1_000;
/** In wrap-up only the agent changes what there is to see. */
const WRAP_UP_EVERY_MS = 5_000;

/** Whom to call for a campaign, why, and what to say, until the end of its wrap-up; nothing while there is nobody. */
export default function CampaignCard(): ReactNode {
  const { t } = useTranslation();
  // Data that was read for an earlier row is not shown.
  const wrapUpOf = usePhonePart(wrappedUpCall) ?? undefined;
  const { data, isFetchedAfterMount } = useRead('/campaign-offer', {
    query: { wrapUpOf },
    everyMs: wrapUpOf === undefined ? READ_EVERY_MS : WRAP_UP_EVERY_MS,
  });
  // In a page whose seat was taken over by another one there is nothing to decide: Enter there would call from the other page.
  const decidesHere = usePhonePart((phone) => phone.link !== 'superseded');
  const offer = isFetchedAfterMount ? (data?.offer ?? null) : null;
  if (offer === null) return null;
  const { callId, campaign, purpose, from, numberMasked, name, note, fields, script, tries, until, againAt } = offer;
  return (
    <section className="panel call-card" data-testid="campaign-card" aria-label={t('campaigns.card.title')}>
      <div className="row">
        <strong>{t('campaigns.card.title')}</strong>
        <span className="soft">{campaign}</span>
      </div>
      <div className="caller">
        {name === '' ? numberMasked : name} <span className="figures soft">{name === '' ? '' : numberMasked}</span>
      </div>
      <dl className="facts">
        <dt>{t('campaigns.card.why')}</dt>
        <dd>
          {t(`seat.dial.purposes.${purpose}`)} <Tag color="green">{t('campaigns.card.consented')}</Tag>
        </dd>
        <dt>{t('callingOut.attempts.from')}</dt>
        <dd className="figures">{from}</dd>
        {tries > 0 && (
          <>
            <dt>{t('campaigns.tries')}</dt>
            <dd className="figures">{tries}</dd>
          </>
        )}
        {note !== '' && (
          <>
            <dt>{t('campaigns.card.note')}</dt>
            <dd className="wrap-words">{note}</dd>
          </>
        )}
        {fields.map((field) => (
          <Fragment key={field.name}>
            <dt className="wrap-words">{field.name}</dt>
            <dd className="wrap-words">{field.value}</dd>
          </Fragment>
        ))}
      </dl>
      {script !== '' && <FilledScript script={script} person={offer} />}
      {until === undefined ? (
        <CampaignAgain key={callId} callId={callId} againAt={againAt} />
      ) : (
        decidesHere && <Decide key={callId} offer={offer} until={until} />
      )}
    </section>
  );
}

/** *Call*, *Skip*, and the countdown that can be stopped. *Enter* calls: the button has the focus. */
function Decide({ offer, until }: { readonly offer: Offer; readonly until: string }): ReactNode {
  const { t } = useTranslation();
  const { rowId, dialAt, serverNow } = offer;
  const change = useChange('campaign-offer');
  const [reason, setReason] = useState<CampaignSkipReason>('later');
  // The server's clock decides; its offset from the page's was taken from the first answer.
  const [offsetMs] = useState(() => Date.parse(serverNow) - Date.now());
  const now = useNow(250) + offsetMs;
  const [button, setButton] = useState<HTMLElement | null>(null);
  useEffect(() => button?.focus(), [button]);
  const leftMs = (iso: string): number => Math.max(0, Date.parse(iso) - now);
  const params = { rowId };
  return (
    <div className="stack">
      <div className="row" role="timer">
        {dialAt === undefined ? (
          <span className="soft figures">{t('campaigns.card.left', { time: clockText(leftMs(until)) })}</span>
        ) : (
          <strong className="figures" data-testid="campaign-countdown">
            {t('campaigns.card.dialsIn', { seconds: Math.ceil(leftMs(dialAt) / 1_000) })}
          </strong>
        )}
        {dialAt !== undefined && (
          <Button
            icon={<PauseCircleOutlined />}
            onClick={() => change.mutate({ route: 'POST /campaign-offer/:rowId/hold', params })}
            data-testid="campaign-hold"
          >
            {t('campaigns.card.hold')}
          </Button>
        )}
      </div>
      <Space wrap>
        <Button
          type="primary"
          size="large"
          ref={setButton}
          icon={<PhoneFilled />}
          loading={change.isPending}
          onClick={() => change.mutate({ route: 'POST /campaign-offer/:rowId/call', params })}
          data-testid="campaign-call"
        >
          {t('seat.dial.call')} <kbd>Enter</kbd>
        </Button>
        <Select
          value={reason}
          className="dial-purpose"
          aria-label={t('campaigns.card.skipReason')}
          options={campaignSkipReasons.map((value) => ({ value, label: t(`campaigns.skipReasons.${value}`) }))}
          onChange={setReason}
          data-testid="campaign-skip-reason"
        />
        <Button
          disabled={change.isPending}
          onClick={() => change.mutate({ route: 'POST /campaign-offer/:rowId/skip', params, body: { reason } })}
          data-testid="campaign-skip"
        >
          {t('campaigns.card.skip')}
        </Button>
      </Space>
    </div>
  );
}
