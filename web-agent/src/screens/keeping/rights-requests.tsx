import { Button, Input, Select, Space, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import type { RightsRequest } from '../../../../services/shared/contracts/api/calls/retention.js';

const kinds = ['copy', 'delete', 'explain'] as const;
const SHORTEST = 3;

/** People's requests about their recordings: registered, answered within fifteen days, a refusal with its reason. */
export function RightsRequests(): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/rights-requests');
  return (
    <>
      <NewRequest />
      <Loaded query={read} isEmpty={({ requests }) => requests.length === 0} empty={t('keeping.noRequests')}>
        {({ requests }) => (
          <>
            {requests.map((request) => (
              <RequestPanel key={request.id} request={request} />
            ))}
          </>
        )}
      </Loaded>
    </>
  );
}

function NewRequest(): ReactNode {
  const { t } = useTranslation();
  const [kind, setKind] = useState<(typeof kinds)[number]>('copy');
  const [callId, setCallId] = useState('');
  const [identifiedBy, setIdentifiedBy] = useState('');
  const register = useChange('rights-requests', () => {
    setCallId('');
    setIdentifiedBy('');
  });
  return (
    <section className="panel row filters" aria-label={t('keeping.register')}>
      <Select
        value={kind}
        className="seconds"
        aria-label={t('keeping.kind')}
        onChange={setKind}
        options={kinds.map((value) => ({ value, label: t(`keeping.requestKinds.${value}`) }))}
      />
      <Input
        className="search"
        value={callId}
        placeholder={t('keeping.callId')}
        aria-label={t('keeping.callId')}
        onChange={({ target }) => setCallId(target.value.trim())}
      />
      <Input
        className="grow wide-field"
        value={identifiedBy}
        maxLength={300}
        placeholder={t('keeping.identifiedBy')}
        aria-label={t('keeping.identifiedBy')}
        onChange={({ target }) => setIdentifiedBy(target.value)}
      />
      <Button
        type="primary"
        disabled={callId === '' || identifiedBy.trim().length < SHORTEST}
        loading={register.isPending}
        onClick={() => register.mutate({ route: 'POST /rights-requests', body: { kind, callId, identifiedBy: identifiedBy.trim() } })}
        data-testid="register-request"
      >
        {t('keeping.register')}
      </Button>
    </section>
  );
}

function RequestPanel({ request }: { readonly request: RightsRequest }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const rest = request.answer?.rest;
  return (
    <section className="panel stack" data-testid="rights-request">
      <div className="row">
        <strong>{t(`keeping.requestKinds.${request.kind}`)}</strong>
        <Tag color={request.state === 'open' ? 'gold' : request.state === 'granted' ? 'green' : 'default'}>
          {t(`keeping.states.${request.state}`)}
        </Tag>
        {request.customerId === undefined && <Link to={`/calls/${request.callId}`}>{t('calls.open')}</Link>}
        {request.customerId !== undefined && <AboutCustomer request={request} customerId={request.customerId} />}
        <span className="soft">
          {t('keeping.dueBy', { received: timeText(request.receivedAt).slice(0, 10), due: timeText(request.dueAt).slice(0, 10) })}
        </span>
      </div>
      <span>{request.identifiedBy}</span>
      {request.answer !== undefined && (
        <span>
          {timeText(request.answer.at)} {request.answer.text}
        </span>
      )}
      {rest !== undefined && (
        <span className="soft" data-testid="erasure-rest">
          {t('keeping.rest', { ...rest })} {rest.recordingsUntil !== undefined && t('keeping.restUntil', { day: rest.recordingsUntil })}
        </span>
      )}
      {request.state === 'open' && may('recordings.delete') && <Answer requestId={request.id} />}
    </section>
  );
}

function Answer({ requestId }: { readonly requestId: string }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const answer = useChange('rights-requests');
  const send = (granted: boolean): void =>
    answer.mutate({ route: 'POST /rights-requests/:id/answer', params: { id: requestId }, body: { granted, text: text.trim() } });
  const ready = text.trim().length >= SHORTEST;
  return (
    <Space.Compact>
      <Input
        value={text}
        maxLength={300}
        placeholder={t('keeping.answerText')}
        aria-label={t('keeping.answerText')}
        onChange={({ target }) => setText(target.value)}
      />
      <Button disabled={!ready} loading={answer.isPending} onClick={() => send(true)}>
        {t('keeping.grant')}
      </Button>
      <Button disabled={!ready} loading={answer.isPending} onClick={() => send(false)}>
        {t('keeping.refuse')}
      </Button>
    </Space.Compact>
  );
}

/** The customer record that the request is about; an erased one no longer exists. */
function AboutCustomer({ request, customerId }: { readonly request: RightsRequest; readonly customerId: string }): ReactNode {
  const { t } = useTranslation();
  const isErased = request.kind === 'delete' && request.state === 'granted';
  return isErased ? <span>{t('keeping.ofCustomer')}</span> : <Link to={`/customers?open=${customerId}`}>{t('keeping.ofCustomer')}</Link>;
}
