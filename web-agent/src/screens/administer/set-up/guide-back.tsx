import { LeftOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';

/** The way back, on a page that the guide led to. */
export function GuideBack(): ReactNode {
  const { t } = useTranslation();
  const go = useNavigate();
  const [address] = useSearchParams();
  if (!address.has('guide')) return null;
  return (
    <Button icon={<LeftOutlined />} onClick={() => void go('/set-up')} data-testid="guide-back">
      {t('setUp.back')}
    </Button>
  );
}

/** Whether the address asks for the form of a new object, which the guide's button opens at once. */
export function useAskedNew(what = 'new'): boolean {
  return useSearchParams()[0].get('guide') === what;
}
