import { Segmented } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Page } from '../../components/page.js';
import { Appeals } from './appeals.js';
import { Draws } from './draws.js';
import { Figures } from './figures.js';
import { Forms } from './forms.js';

const tabs = { draws: Draws, figures: Figures, appeals: Appeals, forms: Forms } as const;
type Tab = keyof typeof tabs;

/** Quality review: what to listen to, the results, appeals, and the forms. */
export default function QualityPage(): ReactNode {
  const { t } = useTranslation();
  const [address, setAddress] = useSearchParams();
  const asked = address.get('tab') ?? '';
  const tab: Tab = asked in tabs ? (asked as Tab) : 'draws';
  const Body = tabs[tab];
  return (
    <Page title={t('quality.title')} testId="quality-page">
      <div className="stack">
        <Segmented<Tab>
          className="filters"
          value={tab}
          aria-label={t('quality.title')}
          onChange={(next) => setAddress({ tab: next })}
          options={(Object.keys(tabs) as Tab[]).map((value) => ({ value, label: t(`quality.tabs.${value}`) }))}
        />
        <Body />
      </div>
    </Page>
  );
}
