import { Alert, Segmented } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { Page } from '../../components/page.js';
import { useWholeSite } from '../../session/use-workplace.js';
import { Attempts } from './attempts.js';
import { Campaigns } from './campaigns/campaigns.js';
import { Consents } from './consents/consents.js';
import { Elements } from './elements.js';
import { FraudWatch } from './fraud-watch.js';
import { HoursRules } from './hours-rules.js';
import { ReadOnly } from './read-only.js';
import { Refusals } from './refusals.js';
import { Stops } from './stops.js';
import { WaysOut } from './ways-out.js';

const Rules = (): ReactNode => (
  <ReadOnly>
    <HoursRules />
  </ReadOnly>
);
const tabs = {
  attempts: Attempts,
  campaigns: Campaigns,
  consents: Consents,
  refusals: Refusals,
  elements: Elements,
  rules: Rules,
  fraud: FraudWatch,
} as const;
type Tab = keyof typeof tabs;

/** Who may be called, when, from which number, what is stopped, and the outcome of each outbound request. */
export default function CallingOutPage(): ReactNode {
  const { t } = useTranslation();
  const wholeSite = useWholeSite();
  const [address, setAddress] = useSearchParams();
  const names = Object.keys(tabs) as Tab[];
  const tab = names.find((one) => one === address.get('tab')) ?? 'attempts';
  const Body = tabs[tab];
  // Rules and lists belong to the whole site. A person with a smaller scope may only stop calls within it.
  if (!wholeSite)
    return (
      <Page title={t('callingOut.title')} testId="calling-out-page">
        <div className="stack">
          <Stops />
          <Campaigns />
          <Alert type="info" showIcon title={t('callingOut.ofWholeSite')} data-testid="of-whole-site" />
        </div>
      </Page>
    );
  return (
    <Page title={t('callingOut.title')} testId="calling-out-page">
      <div className="stack">
        <WaysOut />
        <Stops />
        <Segmented<Tab>
          className="filters"
          value={tab}
          aria-label={t('callingOut.title')}
          onChange={(next) => setAddress({ tab: next })}
          options={names.map((value) => ({
            value,
            label: <span data-testid={`tab-${value}`}>{t(`callingOut.tabs.${value}`)}</span>,
          }))}
        />
        <Body />
      </div>
    </Page>
  );
}
