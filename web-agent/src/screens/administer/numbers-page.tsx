import { Button, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ServiceNumber } from '../../../../services/shared/contracts/calls/flow.js';
import { useAskedFor } from '../../components/asked-for.js';
import { LongName } from '../../components/names/long-name.js';
import { Loaded, Page } from '../../components/page.js';
import { useRead } from '../../session/use-server.js';
import { EmergencySwitch } from './emergency-switch.js';
import { NumberForm } from './number-form.js';
import { useWholeSite } from '../../session/use-workplace.js';
import { GuideBack, useAskedNew } from './set-up/guide-back.js';
import { TrunksPanel } from './trunks/trunks-panel.js';

const colors = { 'in-service': 'green', draft: 'blue', closed: 'red', 'out-of-service': 'default' } as const;

export default function NumbersPage(): ReactNode {
  const wholeSite = useWholeSite();
  const { t } = useTranslation();
  const numbers = useRead('/numbers');
  const [editing, setEditing] = useState<ServiceNumber | 'new' | null>(useAskedNew() ? 'new' : null);
  const [asked, setAsked] = useState<string | null>(null);
  useAskedFor('number', setAsked);
  const wanted = asked === null ? undefined : numbers.data?.numbers.find(({ number }) => number === asked);
  if (wanted !== undefined) {
    setAsked(null);
    setEditing(wanted);
  }
  return (
    <Page
      title={t('library.numbers.title')}
      testId="numbers-page"
      actions={
        <>
          <GuideBack />
          <Button type="primary" onClick={() => setEditing('new')} data-testid="add-number">
            {t('library.numbers.add')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <EmergencySwitch numbers={numbers.data?.numbers ?? []} />
        <Loaded query={numbers} isEmpty={({ numbers: rows }) => rows.length === 0} empty={t('library.numbers.empty')}>
          {({ numbers: rows }) => (
            <Table<ServiceNumber>
              rowKey="number"
              size="middle"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={[...rows]}
              columns={[
                { title: t('library.numbers.number'), dataIndex: 'number' },
                { title: t('library.numbers.name'), render: (_value, { name }) => <LongName name={name} /> },
                {
                  title: t('library.numbers.status'),
                  render: (_value, row) => <Tag color={colors[row.status]}>{t(`library.numbers.statuses.${row.status}`)}</Tag>,
                },
                { title: t('library.numbers.language'), render: (_value, row) => t(`library.numbers.languages.${row.language}`) },
                { title: t('library.numbers.clientUnit'), render: (_value, { clientUnit = '' }) => <LongName name={clientUnit} /> },
                {
                  title: t('library.numbers.flow'),
                  render: (_value, row) => (
                    <Link to={`/flows?number=${encodeURIComponent(row.number)}`}>
                      {t('library.flow.version', { version: row.flowVersion })}
                    </Link>
                  ),
                },
                {
                  title: '',
                  render: (_value, row) => (
                    <Button size="small" onClick={() => setEditing(row)} data-testid={`edit-${row.number}`}>
                      {t('shell.edit')}
                    </Button>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
        {wholeSite && <TrunksPanel />}
      </div>
      {editing !== null && (
        <NumberForm number={editing === 'new' ? null : editing} others={numbers.data?.numbers ?? []} onClose={() => setEditing(null)} />
      )}
    </Page>
  );
}
