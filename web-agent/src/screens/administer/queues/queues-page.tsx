import { Button, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAskedFor } from '../../../components/asked-for.js';
import { Loaded, Page } from '../../../components/page.js';
import { useRead } from '../../../session/use-server.js';
import { QueueForm } from './queue-form.js';
import type { QueueSettings } from './queue-settings.js';
import { isServedByPeople } from './served-by-people.js';
import { GuideBack, useAskedNew } from '../set-up/guide-back.js';
import { WorksheetDrawer } from '../worksheet/worksheet-drawer.js';
import { nameOf } from '../../seat/queue-names.js';

export default function QueuesPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const queues = useRead('/queues');
  const [editing, setEditing] = useState<QueueSettings | 'new' | null>(useAskedNew() ? 'new' : null);
  const [asked, setAsked] = useState<string | null>(null);
  useAskedFor('queue', setAsked);
  const wanted = asked === null ? undefined : queues.data?.queues.find(({ id }) => id === asked);
  if (wanted !== undefined) {
    setAsked(null);
    setEditing(wanted);
  }
  const [sheetOf, setSheetOf] = useState<QueueSettings | null>(null);
  return (
    <Page
      title={t('administer.queues.title')}
      testId="queues-page"
      actions={
        <>
          <GuideBack />
          <Button type="primary" onClick={() => setEditing('new')} data-testid="add-queue">
            {t('administer.queues.add')}
          </Button>
        </>
      }
    >
      <Loaded query={queues} isEmpty={({ queues: rows }) => rows.length === 0} empty={t('administer.queues.empty')}>
        {({ queues: rows }) => (
          <Table<QueueSettings>
            rowKey="id"
            dataSource={rows.toSorted((a, b) => Number(isServedByPeople(b)) - Number(isServedByPeople(a)))}
            pagination={false}
            size="middle"
            columns={[
              { title: t('administer.queues.id'), dataIndex: 'id' },
              { title: t('administer.queues.name'), render: (_value, row) => nameOf(row.name, i18n.language) },
              {
                title: t('administer.queues.strategy'),
                render: (_value, row) => t(`administer.queues.strategies.${row.strategy}`),
              },
              {
                title: t('administer.queues.members'),
                render: (_value, row) =>
                  row.members === 'everyone' ? (
                    <Tag color="blue">{t('administer.queues.everyone')}</Tag>
                  ) : !isServedByPeople(row) ? (
                    <Tag>{t('administer.queues.testCallsOnly')}</Tag>
                  ) : (
                    <span className="figures">{row.members.length}</span>
                  ),
              },
              {
                title: t('administer.queues.skills'),
                render: (_value, { skills }) =>
                  Object.entries(skills).map(([skill, level]) => (
                    <Tag key={skill}>
                      {skill} ≥ {level}
                    </Tag>
                  )),
              },
              {
                title: t('administer.queues.serviceLevel'),
                render: (_value, row) => (
                  <span className="figures">
                    {row.serviceLevel.targetPercent}% / {row.serviceLevel.thresholdMs / 1_000} s
                  </span>
                ),
              },
              {
                title: '',
                render: (_value, row) => (
                  <div className="row nowrap">
                    <Button size="small" onClick={() => setEditing(row)} data-testid={`edit-${row.id}`}>
                      {t('shell.edit')}
                    </Button>
                    <Button size="small" onClick={() => setSheetOf(row)} data-testid={`worksheet-${row.id}`}>
                      {t('worksheet.open')}
                    </Button>
                  </div>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {editing !== null && (
        <QueueForm queue={editing === 'new' ? null : editing} others={queues.data?.queues ?? []} onClose={() => setEditing(null)} />
      )}
      {sheetOf !== null && <WorksheetDrawer queue={sheetOf} onClose={() => setSheetOf(null)} />}
    </Page>
  );
}
