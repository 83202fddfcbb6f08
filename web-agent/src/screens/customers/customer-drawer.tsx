import { Button, Drawer, Input, Space } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../../../../services/shared/contracts/customer.js';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useSentText } from '../../components/use-sent-text.js';
import type { AnswerOf } from '../../session/api.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { CustomerCalls, CustomerCases, CustomerFacts } from './customer-facts.js';
import { CustomerForm, entryOf } from './customer-form.js';
import { MergeSheet, SeparateSheet } from './merge-sheet.js';
import { RequestSheet } from './request-sheet.js';

type Card = AnswerOf<'GET /customers/:id'>;

/** One customer: the entered data, the numbers, and what other parts have on record about them. */
export function CustomerDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const read = useRead('/customers/:id', { params: { id } });
  return (
    <Drawer
      open
      size={720}
      title={read.data?.customer.name ?? t('customers.title')}
      onClose={onClose}
      // A key or a click outside does not lose what was typed.
      keyboard={!editing}
      mask={{ closable: !editing }}
      data-testid="customer"
    >
      <Loaded query={read}>{(card) => <Sheet card={card} editing={editing} setEditing={setEditing} />}</Loaded>
    </Drawer>
  );
}

function Sheet({
  card: { customer, fields, calls, consents, complaints },
  editing,
  setEditing,
}: {
  readonly card: Card;
  readonly editing: boolean;
  readonly setEditing: (editing: boolean) => void;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [sheet, setSheet] = useState<'merge' | 'request' | null>(null);
  if (editing) return <Edit customer={customer} fields={fields} onDone={() => setEditing(false)} />;
  return (
    <div className="stack">
      <Space wrap>
        {may('customers.edit') && (
          <>
            <Button type="primary" onClick={() => setEditing(true)} data-testid="edit-customer">
              {t('shell.edit')}
            </Button>
            <Button onClick={() => setSheet('merge')} data-testid="merge-customer">
              {t('customers.merge.button')}
            </Button>
          </>
        )}
        {may('recordings.hold') && (
          <Button onClick={() => setSheet('request')} data-testid="request-of-customer">
            {t('customers.request.button')}
          </Button>
        )}
      </Space>
      <CustomerFacts customer={customer} fields={fields} numbers={may('customers.edit') ? <Numbers customer={customer} /> : undefined} />
      {customer.merged.length > 0 && <Merged customer={customer} />}
      <CustomerCases consents={consents} complaints={complaints} />
      <CustomerCalls calls={calls} />
      {sheet === 'merge' && <MergeSheet customer={customer} onClose={() => setSheet(null)} />}
      {sheet === 'request' && <RequestSheet customer={customer} onClose={() => setSheet(null)} />}
    </div>
  );
}

function Edit({
  customer,
  fields,
  onDone,
}: {
  readonly customer: Customer;
  readonly fields: Card['fields'];
  readonly onDone: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [entry, setEntry] = useState(() => entryOf(customer));
  const [tried, setTried] = useState(false);
  const save = useChange<'PUT /customers/:id'>('customers', onDone);
  return (
    <div className="stack">
      <CustomerForm value={entry} fields={fields} tried={tried} onChange={setEntry} />
      <Space>
        <Button
          type="primary"
          loading={save.isPending}
          data-testid="save-customer"
          onClick={() => {
            setTried(true);
            if (entry.name.trim() !== '')
              save.mutate({ route: 'PUT /customers/:id', params: { id: customer.id }, body: { ...entry, version: customer.version } });
          }}
        >
          {t('shell.save')}
        </Button>
        <Button onClick={onDone}>{t('shell.cancel')}</Button>
      </Space>
    </div>
  );
}

function Numbers({ customer: { id, numbers } }: { readonly customer: Customer }): ReactNode {
  const { t } = useTranslation();
  const { text: typed, setText: setTyped, sending, accepted } = useSentText();
  const change = useChange<'POST /customers/:id/numbers'>('customers', accepted);
  const remove = useChange('customers');
  return (
    <div className="stack">
      {numbers.length === 0 && <span className="soft">{t('customers.noNumber')}</span>}
      {numbers.map((number) => (
        <div key={number.id} className="row">
          <span className="figures">{number.masked}</span>
          <Button
            size="small"
            onClick={() => remove.mutate({ route: 'DELETE /customers/:id/numbers/:numberId', params: { id, numberId: number.id } })}
          >
            {t('customers.removeNumber')}
          </Button>
        </div>
      ))}
      <Space.Compact>
        <Input
          value={typed}
          inputMode="tel"
          autoComplete="off"
          maxLength={32}
          aria-label={t('customers.number')}
          placeholder={t('customers.number')}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button
          disabled={typed.trim() === ''}
          loading={change.isPending}
          onClick={() => {
            sending();
            change.mutate({ route: 'POST /customers/:id/numbers', params: { id }, body: { number: typed.trim() } });
          }}
        >
          {t('customers.addNumber')}
        </Button>
      </Space.Compact>
    </div>
  );
}

function Merged({ customer }: { readonly customer: Customer }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [undoing, setUndoing] = useState<Customer['merged'][number] | null>(null);
  return (
    <div>
      <strong>{t('customers.merge.done')}</strong>
      <ul className="plain">
        {customer.merged.map((merge) => (
          <li key={merge.id} className="row">
            <span>{t('customers.merge.line', { ...merge, at: timeText(merge.at).slice(0, 16) })}</span>
            {may('customers.edit') && (
              <Button size="small" onClick={() => setUndoing(merge)}>
                {t('customers.merge.undo')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {undoing !== null && <SeparateSheet customer={customer} other={undoing} onClose={() => setUndoing(null)} />}
    </div>
  );
}
