import { Pagination, Segmented, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { alarmCodes, type AlarmCode } from '../../../../services/shared/domain/alarm.js';
import { Loaded, Page } from '../../components/page.js';
import { pageQuery } from '../../components/paging.js';
import { useRead, useRefreshOn } from '../../session/use-server.js';
import { useMay, useWholeSite } from '../../session/use-workplace.js';
import { AlarmCard } from './alarm-card.js';
import { AlarmSettings } from './alarm-settings.js';

const PAGE_ROWS = 20;
const READ_AFTER_MS = 150;
type Tab = 'current' | 'cleared' | 'settings';

/** The alarms addressed to this person; administrators also see who receives which alarm. */
export default function AlarmsPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const wholeSite = useWholeSite();
  const [tab, setTab] = useState<Tab>('current');
  const tabs: readonly Tab[] = may('alarms.edit') && wholeSite ? ['current', 'cleared', 'settings'] : ['current', 'cleared'];
  return (
    <Page title={t('shell.nav.alarms')} testId="alarms-page">
      <div className="stack">
        <Segmented<Tab>
          className="filters"
          value={tab}
          aria-label={t('shell.nav.alarms')}
          options={tabs.map((value) => ({ value, label: <span data-testid={`alarms-${value}`}>{t(`alarms.tabs.${value}`)}</span> }))}
          onChange={setTab}
        />
        {tab === 'settings' ? <AlarmSettings /> : <Alarms key={tab} state={tab} />}
      </div>
    </Page>
  );
}

function Alarms({ state }: { readonly state: 'current' | 'cleared' }): ReactNode {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const [code, setCode] = useState<AlarmCode>();
  useRefreshOn('alarms', ['notice.changed'], READ_AFTER_MS);
  const read = useRead('/alarms', {
    query: new URLSearchParams({ ...pageQuery(page, PAGE_ROWS), state, ...(code === undefined ? {} : { code }) }),
  });
  return (
    <>
      <Select<AlarmCode | ''>
        className="alarm-kind"
        aria-label={t('alarms.kind')}
        value={code ?? ''}
        showSearch={{ optionFilterProp: 'label' }}
        options={[
          { value: '' as const, label: t('alarms.allKinds') },
          ...alarmCodes.map((value) => ({ value, label: t(`alarms.kinds.${value}.title`) })),
        ]}
        onChange={(value) => {
          setCode(value === '' ? undefined : value);
          setPage(1);
        }}
        data-testid="alarm-kind"
      />
      <Loaded
        query={read}
        isEmpty={({ alarms }) => alarms.length === 0}
        empty={t(state === 'cleared' ? 'alarms.noneCleared' : 'alarms.none')}
      >
        {({ alarms, total }) => (
          <>
            {alarms.map((alarm) => (
              <AlarmCard key={alarm.id} alarm={alarm} />
            ))}
            <Pagination
              current={page}
              pageSize={PAGE_ROWS}
              total={total}
              hideOnSinglePage
              showSizeChanger={false}
              showTotal={(count) => t('shell.total', { count })}
              onChange={setPage}
            />
          </>
        )}
      </Loaded>
    </>
  );
}
