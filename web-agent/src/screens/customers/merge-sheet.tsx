import { Input, Modal, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../../../../services/shared/contracts/customer.js';
import { useChange, useRead } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';

const SHORTEST_REASON = 3;
const SHORTEST_SEARCH = 2;

/** Chooses who is merged into a customer, and why. */
export function MergeSheet({ customer, onClose }: { readonly customer: Customer; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const [otherId, setOtherId] = useState<string | null>(null);
  const [reason, setReason] = useState('');
  const found = useRead('/customers', { query: { search, limit: 20 }, enabled: search.length >= SHORTEST_SEARCH });
  const merge = useChange<'POST /customers/:id/merge'>('customers', onClose);
  const others = (found.data?.customers ?? []).filter(({ id, clientUnit }) => id !== customer.id && clientUnit === customer.clientUnit);
  return (
    <Modal
      open
      title={t('customers.merge.title', { name: customer.name })}
      okText={t('customers.merge.confirm')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: otherId === null || reason.trim().length < SHORTEST_REASON, 'data-testid': 'confirm-merge' }}
      confirmLoading={merge.isPending}
      onCancel={onClose}
      onOk={() =>
        otherId !== null &&
        merge.mutate({ route: 'POST /customers/:id/merge', params: { id: customer.id }, body: { otherId, reason: reason.trim() } })
      }
    >
      <div className="stack">
        <span>{t('customers.merge.text')}</span>
        <Input.Search
          placeholder={t('customers.search')}
          aria-label={t('customers.merge.find')}
          maxLength={80}
          onSearch={(text) => setSearch(text.trim())}
          data-testid="merge-search"
        />
        <Field label={t('customers.merge.find')} hint={t('customers.merge.pick')}>
          {(id) => (
            <Select
              id={id}
              className="full"
              value={otherId}
              options={others.map((other) => ({
                value: other.id,
                label: [other.name, ...other.numbers.map(({ masked }) => masked)].join(' '),
              }))}
              onChange={setOtherId}
              data-testid="merge-other"
            />
          )}
        </Field>
        <Reason value={reason} onChange={setReason} />
      </div>
    </Modal>
  );
}

/** Undoes a merge, with a reason. */
export function SeparateSheet({
  customer,
  other,
  onClose,
}: {
  readonly customer: Customer;
  readonly other: Customer['merged'][number];
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [reason, setReason] = useState('');
  const separate = useChange<'POST /customers/:id/separate'>('customers', onClose);
  const body = { otherId: other.id, reason: reason.trim() };
  return (
    <Modal
      open
      title={t('customers.merge.undoTitle', { name: other.name })}
      okText={t('customers.merge.undo')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: reason.trim().length < SHORTEST_REASON }}
      confirmLoading={separate.isPending}
      onCancel={onClose}
      onOk={() => separate.mutate({ route: 'POST /customers/:id/separate', params: { id: customer.id }, body })}
    >
      <Reason value={reason} onChange={setReason} />
    </Modal>
  );
}

function Reason({ value, onChange }: { readonly value: string; readonly onChange: (reason: string) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Field label={t('shell.reasonOfThree')}>
      {(id) => <Input id={id} value={value} maxLength={300} onChange={({ target }) => onChange(target.value)} data-testid="merge-reason" />}
    </Field>
  );
}
