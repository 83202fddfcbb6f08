import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRead } from '../../session/use-server.js';
import { Field } from '../administer/fields.js';

/** The client unit of a new customer when none was chosen: the first one that the person may see. */
export const useFirstUnit = (): string => useRead('/customer-units').data?.units[0] ?? '';

/** The client unit that a customer belongs to; hidden where there is only one. */
export function UnitSelect({ value, onChange }: { readonly value: string; readonly onChange: (unit: string) => void }): ReactNode {
  const { t } = useTranslation();
  const units = useRead('/customer-units').data?.units ?? [];
  if (units.length < 2) return null;
  return (
    <Field label={t('customers.unit')}>
      {(id) => (
        <Select
          id={id}
          className="full"
          value={value}
          options={units.map((unit) => ({ value: unit, label: unit === '' ? t('customers.noUnit') : unit }))}
          onChange={onChange}
        />
      )}
    </Field>
  );
}
