import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { normaliseNumber } from '../../../../services/shared/domain/numbers/phone-number.js';

/** Finds one person by the whole number; an empty search shows all. The number is never in the page's address. */
export function NumberSearch({ onSearch }: { readonly onSearch: (number: string) => void }): ReactNode {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const wrong = text.trim() !== '' && normaliseNumber(text.trim()) === undefined;
  return (
    <Input.Search
      className="search-narrow"
      allowClear
      value={text}
      inputMode="tel"
      autoComplete="off"
      maxLength={24}
      status={wrong ? 'error' : ''}
      placeholder={t('callingOut.findNumber')}
      aria-label={t('callingOut.findNumber')}
      onChange={({ target }) => {
        setText(target.value);
        if (target.value === '') onSearch('');
      }}
      onSearch={(value) => {
        if (!wrong) onSearch(value.trim());
      }}
      data-testid="find-number"
    />
  );
}
