import { Button, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange, useRead } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';
import { CustomerForm, emptyEntry } from './customer-form.js';
import { UnitSelect, useFirstUnit } from './unit-select.js';
import { FormDrawer } from '../../components/form-drawer.js';

/** Creates a customer without a call. Only its own buttons close it, so that a key loses nothing that was typed. */
export function NewCustomer({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: (id: string) => void }): ReactNode {
  const { t } = useTranslation();
  const fields = useRead('/customer-fields').data?.fields ?? [];
  const first = useFirstUnit();
  const [entry, setEntry] = useState(emptyEntry);
  const [chosen, setChosen] = useState<string | null>(null);
  const [numbers, setNumbers] = useState<string[]>([]);
  const [tried, setTried] = useState(false);
  const unit = chosen ?? first;
  const make = useChange<'POST /customers'>('customers', ({ id }) => {
    onClose();
    onMade(id);
  });
  function save(): void {
    setTried(true);
    if (entry.name.trim() === '') return;
    make.mutate({ route: 'POST /customers', body: { ...entry, numbers, ...(unit === '' ? {} : { clientUnit: unit }) } });
  }
  return (
    <FormDrawer
      open
      size={480}
      title={t('customers.make')}
      onClose={onClose}
      keyboard={false}
      mask={{ closable: false }}
      extra={
        <Button type="primary" loading={make.isPending} onClick={save} data-testid="save-customer">
          {t('shell.save')}
        </Button>
      }
    >
      <div className="stack">
        <UnitSelect value={unit} onChange={setChosen} />
        <CustomerForm value={entry} fields={fields} tried={tried} onChange={setEntry} />
        <Field label={t('customers.numbers')} hint={t('customers.numberHint')}>
          {(id) => (
            <Select
              id={id}
              mode="tags"
              open={false}
              suffix={null}
              value={numbers}
              tokenSeparators={[';', '；', ',', '，']}
              onChange={setNumbers}
              data-testid="customer-numbers"
            />
          )}
        </Field>
      </div>
    </FormDrawer>
  );
}
