import { Tabs } from 'antd';
import { lazy, Suspense, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { untilFetched } from '../../../components/until-fetched.js';
import { loadPageWords } from '../../../i18n/language.js';
import { CallHistory } from './call-history.js';
import { CustomerTab } from './customer-tab.js';
import { ScriptTab } from './script-tab.js';

const Notes = lazy(() => untilFetched(async () => (await Promise.all([import('./notes-tab.js'), loadPageWords()]))[0]));

/** What helps during a call: the script with its fields, earlier contacts, the customer, and the notes. */
export function CallTabs({ callId }: { readonly callId: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="panel fill tabs-panel" data-testid="call-tabs">
      <Tabs
        size="small"
        items={[
          { key: 'script', label: t('seat.tabs.script'), children: <ScriptTab callId={callId} /> },
          { key: 'history', label: t('seat.tabs.history'), children: <CallHistory callId={callId} /> },
          { key: 'customer', label: t('seat.tabs.customer'), children: <CustomerTab callId={callId} /> },
          {
            key: 'notes',
            label: (
              <Suspense>
                <Notes callId={callId} named />
              </Suspense>
            ),
            children: (
              <Suspense>
                <Notes callId={callId} />
              </Suspense>
            ),
          },
        ]}
      />
    </div>
  );
}
