import { Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { provinces } from '../../../../services/shared/domain/numbers/province.js';
import { wordOf } from '../registry/register-types.js';

/** The provinces by name. Without a choice the address, the number and the site decide. Props come from the form. */
export function ProvinceSelect({
  id,
  value,
  onChange,
  placeholder,
}: {
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (province: string | undefined) => void;
  readonly placeholder?: string;
}): ReactNode {
  const { t, i18n } = useTranslation();
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      value={value ?? null}
      onChange={(province: string | null) => onChange?.(province ?? undefined)}
      placeholder={placeholder ?? t('complaints.provinceUnknown')}
      aria-label={t('complaints.province')}
      data-testid="province"
      options={Object.entries(provinces).map(([name, words]) => ({ value: name, label: wordOf(words, i18n.language) }))}
    />
  );
}
