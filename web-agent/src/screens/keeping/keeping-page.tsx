import { Segmented } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Page } from '../../components/page.js';
import { useMay } from '../../session/use-workplace.js';
import { Deletions, LockProbes } from './deletions.js';
import { LedgerDays } from './ledger-days.js';
import { Retention } from './retention.js';
import { RightsRequests } from './rights-requests.js';

const tabs = { ledger: LedgerDays, requests: RightsRequests, retention: Retention, deletions: Deletions, lock: LockProbes } as const;
type Tab = keyof typeof tabs;

/** How recordings are kept: the sealed days, requests from people, retention, deletions, and the lock of the store. */
export default function KeepingPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [address, setAddress] = useSearchParams();
  const shown = (Object.keys(tabs) as Tab[]).filter((tab) => tab !== 'requests' || may('recordings.hold'));
  const tab = shown.find((one) => one === address.get('tab')) ?? 'ledger';
  const Body = tabs[tab];
  return (
    <Page title={t('keeping.title')} testId="keeping-page">
      <div className="stack">
        <Segmented<Tab>
          className="filters"
          value={tab}
          aria-label={t('keeping.title')}
          onChange={(next) => setAddress({ tab: next })}
          options={shown.map((value) => ({ value, label: t(`keeping.tabs.${value}`) }))}
        />
        <Body />
      </div>
    </Page>
  );
}
