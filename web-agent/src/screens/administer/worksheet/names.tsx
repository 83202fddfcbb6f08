import { Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Disposition } from '../../../../../services/shared/contracts/workspace.js';

/** A name in both languages, side by side. */
export function Names({
  name,
  tried,
  testId,
  onChange,
}: {
  readonly name: Disposition['name'];
  readonly tried: boolean;
  readonly testId: string;
  readonly onChange: (name: Disposition['name']) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {(['zh-CN', 'en'] as const).map((language) => (
        <Input
          key={language}
          className="result-name"
          value={name[language]}
          maxLength={60}
          placeholder={t(`worksheet.names.${language}`)}
          aria-label={t(`worksheet.names.${language}`)}
          status={tried && name[language].trim() === '' ? 'error' : ''}
          onChange={({ target }) => onChange({ ...name, [language]: target.value })}
          data-testid={`${testId}-${language}`}
        />
      ))}
    </>
  );
}
