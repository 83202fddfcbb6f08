import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Customer, CustomerField, CustomerReferences } from '../../../../services/shared/contracts/customer.js';
import { timeText } from '../../components/time/times.js';
import { useMay } from '../../session/use-workplace.js';
import { useAgentNames } from '../seat/agent-names.js';
import { nameOf, useQueueName } from '../seat/queue-names.js';
import { listed } from '../../i18n/language.js';

/** The entered data of a customer. */
export function CustomerFacts({
  customer,
  fields,
  numbers,
}: {
  readonly customer: Customer;
  readonly fields: readonly CustomerField[];
  /** Replaces the plain list of numbers, for people who may change them. */
  readonly numbers?: ReactNode;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const filled = fields.filter(({ id }) => customer.fields[id] !== undefined);
  return (
    <div className="stack" data-testid="customer-facts">
      {customer.tags.length > 0 && (
        <div>
          {customer.tags.map((tag) => (
            <Tag key={tag}>{tag}</Tag>
          ))}
        </div>
      )}
      <dl className="facts">
        <dt>{t('customers.numbers')}</dt>
        <dd className="figures">
          {numbers ??
            listed(
              customer.numbers.map(({ masked }) => masked),
              i18n,
            )}
        </dd>
        {filled.map(({ id, label }) => (
          <FieldLine key={id} label={nameOf(label, i18n.language)} value={customer.fields[id] ?? ''} />
        ))}
      </dl>
      {customer.note !== '' && <div className="written">{customer.note}</div>}
      <div className="soft">{t('customers.changedLine', { by: customer.changedBy, at: timeText(customer.changedAt).slice(0, 16) })}</div>
    </div>
  );
}

function FieldLine({ label, value }: { readonly label: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </>
  );
}

/** Consents and complaints of all the customer's numbers, read from where they are kept. */
export function CustomerCases({ consents, complaints }: Pick<CustomerReferences, 'consents' | 'complaints'>): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  return (
    <>
      <div>
        <strong>{t('customers.complaints')}</strong>
        {complaints.length === 0 && <div className="soft">{t('customers.noComplaints')}</div>}
        <ul className="plain">
          {complaints.map(({ id, number, kind, state, receivedAt }) => (
            <li key={id}>
              {may('complaints.read') ? <Link to={`/complaints/${id}`}>{number}</Link> : number} {t(`complaints.kinds.${kind}`)}{' '}
              <Tag>{t(`complaints.states.${state}`)}</Tag>
              <span className="soft">{timeText(receivedAt).slice(0, 10)}</span>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <strong>{t('customers.consents')}</strong>
        {consents.length === 0 && <div className="soft">{t('customers.noConsents')}</div>}
        <ul className="plain">
          {consents.map(({ id, numberMasked, purposes, validUntil }) => (
            <li key={id}>
              <span className="figures">{numberMasked}</span>{' '}
              {listed(
                purposes.map((purpose) => t(`seat.dial.purposes.${purpose}`)),
                i18n,
              )}{' '}
              {validUntil !== undefined && <span className="soft">{t('customers.until', { day: timeText(validUntil).slice(0, 10) })}</span>}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

/** Calls of all the customer's numbers, each with a link to its page. */
export function CustomerCalls({ calls }: Pick<CustomerReferences, 'calls'>): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  return (
    <div data-testid="customer-calls">
      <strong>{t('customers.calls')}</strong>
      {calls.length === 0 && <div className="soft">{t('customers.noCalls')}</div>}
      <ul className="plain history">
        {calls.map(({ callId, at, direction, callerMasked, queueId, agentId, cause }) => (
          <li key={callId} className="row">
            <Link to={`/calls/${callId}`} className="figures">
              {timeText(at).slice(0, 16)}
            </Link>
            <Tag>{t(`customers.${direction}`)}</Tag>
            <span className="figures">{callerMasked}</span>
            <span>{queueName(queueId)}</span>
            <span>{agentId === undefined ? '' : (names.get(agentId) ?? agentId)}</span>
            <span className="soft">{t(`calls.causes.${cause}`)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
