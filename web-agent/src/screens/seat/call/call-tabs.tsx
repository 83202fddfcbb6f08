import { Tabs } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CallHistory } from './call-history.js';
import { CustomerTab } from './customer-tab.js';
import { ScriptTab } from './script-tab.js';

/** What helps during a call: the script with its fields, earlier contacts, the customer. */
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
        ]}
      />
    </div>
  );
}
