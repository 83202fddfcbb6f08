import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** How a call ended, in colour and words; a call without an end is live. */
export function CauseTag({ cause }: { readonly cause: string | null | undefined }): ReactNode {
  const { t, i18n } = useTranslation();
  const name = cause ?? 'ongoing';
  const color = name === 'completed' ? 'green' : name === 'ongoing' ? 'blue' : name.includes('failure') ? 'red' : 'gold';
  return <Tag color={color}>{i18n.exists(`calls.causes.${name}`) ? t(`calls.causes.${name}`) : name}</Tag>;
}
