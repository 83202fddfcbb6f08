import { DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerEntry, CustomerField } from '../../../../services/shared/contracts/customer.js';
import { Field } from '../administer/fields.js';
import { nameOf } from '../seat/queue-names.js';

export const emptyEntry: CustomerEntry = { name: '', fields: {}, tags: [], note: '' };

/** A customer's entered data as form values. */
export const entryOf = ({ name, fields, tags, note }: CustomerEntry): CustomerEntry => ({ name, fields, tags, note });

/** The form of a customer: the same at the seat and on the page. */
export function CustomerForm({
  value,
  fields,
  tried,
  onChange,
}: {
  readonly value: CustomerEntry;
  readonly fields: readonly CustomerField[];
  readonly tried: boolean;
  readonly onChange: (value: CustomerEntry) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const fault = tried && value.name.trim() === '' ? t('customers.nameNeeded') : undefined;
  const set = (id: string, text: string): void => onChange({ ...value, fields: { ...value.fields, [id]: text } });
  return (
    <div className="stack" data-testid="customer-form">
      <Field label={t('customers.name')} fault={fault}>
        {(id) => (
          <Input
            id={id}
            value={value.name}
            maxLength={80}
            autoComplete="off"
            status={fault === undefined ? '' : 'error'}
            onChange={({ target }) => onChange({ ...value, name: target.value })}
            data-testid="customer-name"
          />
        )}
      </Field>
      {fields.map((field) => (
        <Field key={field.id} label={nameOf(field.label, i18n.language)}>
          {(id) => <Value id={id} field={field} value={value.fields[field.id] ?? ''} onChange={(text) => set(field.id, text)} />}
        </Field>
      ))}
      <Field label={t('customers.tags')} hint={t('customers.tagsHint')}>
        {(id) => (
          <Select
            id={id}
            mode="tags"
            open={false}
            suffix={null}
            value={[...value.tags]}
            tokenSeparators={[';', '；', ',', '，']}
            onChange={(tags: string[]) =>
              onChange({ ...value, tags: tags.map((tag) => tag.trim().slice(0, 30)).filter((tag) => tag !== '') })
            }
          />
        )}
      </Field>
      <Field label={t('customers.note')}>
        {(id) => (
          <Input.TextArea
            id={id}
            value={value.note}
            maxLength={2_000}
            autoSize={{ minRows: 2, maxRows: 6 }}
            onChange={({ target }) => onChange({ ...value, note: target.value })}
            data-testid="customer-note"
          />
        )}
      </Field>
    </div>
  );
}

function Value({
  id,
  field,
  value,
  onChange,
}: {
  readonly id: string;
  readonly field: CustomerField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  if (field.kind === 'choice')
    return (
      <Select
        id={id}
        className="full"
        allowClear
        value={value === '' ? null : value}
        options={field.choices.map((choice) => ({ value: choice, label: choice }))}
        onChange={(next?: string | null) => onChange(next ?? '')}
      />
    );
  if (field.kind === 'date')
    return (
      <DatePicker
        id={id}
        className="full"
        value={value === '' ? null : dayjs(value)}
        onChange={(day) => onChange(day === null ? '' : day.format('YYYY-MM-DD'))}
      />
    );
  return <Input id={id} value={value} maxLength={500} autoComplete="off" onChange={({ target }) => onChange(target.value)} />;
}
