import { App, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Customer } from '../../../../services/shared/contracts/customer.js';
import { useChange } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';
import { FormModal } from '../../components/form-drawer.js';

const kinds = ['delete', 'copy', 'explain'] as const;
const SHORTEST = 3;

/** Registers a person's request about their own record: it is answered on the page for all such requests. */
export function RequestSheet({
  customer: { id, name },
  onClose,
}: {
  readonly customer: Customer;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [kind, setKind] = useState<(typeof kinds)[number]>('delete');
  const [identifiedBy, setIdentifiedBy] = useState('');
  const register = useChange<'POST /rights-requests'>('rights-requests', () => {
    void message.success(t('customers.request.done'));
    onClose();
  });
  return (
    <FormModal
      open
      title={t('customers.request.title', { name })}
      okText={t('keeping.register')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ disabled: identifiedBy.trim().length < SHORTEST, 'data-testid': 'confirm-request' }}
      confirmLoading={register.isPending}
      onCancel={onClose}
      onOk={() => register.mutate({ route: 'POST /rights-requests', body: { kind, customerId: id, identifiedBy: identifiedBy.trim() } })}
    >
      <div className="stack">
        <span>{t('customers.request.text')}</span>
        <Field label={t('keeping.kind')}>
          {(field) => (
            <Select
              id={field}
              className="full"
              value={kind}
              options={kinds.map((value) => ({ value, label: t(`keeping.requestKinds.${value}`) }))}
              onChange={setKind}
            />
          )}
        </Field>
        <Field label={t('keeping.identifiedBy')}>
          {(field) => (
            <Input
              id={field}
              value={identifiedBy}
              maxLength={300}
              onChange={({ target }) => setIdentifiedBy(target.value)}
              data-testid="identified-by"
            />
          )}
        </Field>
      </div>
    </FormModal>
  );
}
