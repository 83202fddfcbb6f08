import { Segmented } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../../components/page.js';
import { Acknowledgements } from './acknowledgements.js';
import { ListeningReport } from './listening-report.js';
import { useMay } from '../../session/use-workplace.js';
import { HelpList } from './help-list.js';
import { RuleForm } from './rule-form.js';

const tabs = ['report', 'acknowledgements', 'rule', 'help'] as const;
type Tab = (typeof tabs)[number];

/** Who listened to whom, who has acknowledged the listening rule, and the rule. */
export default function ListeningPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const [tab, setTab] = useState<Tab>('report');
  return (
    <Page title={t('shell.nav.listening')} testId="listening-page">
      <div className="stack">
        <Segmented<Tab>
          className="filters"
          value={tab}
          aria-label={t('shell.nav.listening')}
          options={tabs
            .filter((each) => each !== 'help' || may('help.answer'))
            .map((value) => ({ value, label: <span data-testid={`listening-${value}`}>{t(`listening.tabs.${value}`)}</span> }))}
          onChange={setTab}
        />
        {tab === 'report' && <ListeningReport />}
        {tab === 'acknowledgements' && <Acknowledgements onRule={() => setTab('rule')} />}
        {tab === 'rule' && <RuleForm />}
        {tab === 'help' && <HelpList />}
      </div>
    </Page>
  );
}
