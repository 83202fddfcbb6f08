import { Drawer, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { pageQuery, usePaging } from '../../components/paging.js';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useQueueName } from '../seat/queue-names.js';
import type { AnswerOf } from '../../session/api.js';
import { DataTable } from '../../components/data-table.js';

/** Which rows are behind a figure. */
export interface RowWish {
  readonly queueId?: string;
  readonly agentId?: string;
  readonly hour?: string;
  readonly score?: number;
  readonly answered?: 'yes' | 'no';
}

type Row = AnswerOf<'GET /satisfaction/rows'>['rows'][number];

const PAGE_ROWS = 20;

/** The invitations behind a figure, each with its answer and the way to its call. */
export function SurveyRows({
  time,
  wish,
  onClose,
}: {
  readonly time: string;
  readonly wish: RowWish;
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const [page, setPage] = useState(1);
  const paging = usePaging(page, PAGE_ROWS, setPage);
  const query = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(time)), ...pageQuery(page, PAGE_ROWS) });
  for (const [name, value] of Object.entries(wish)) query.set(name, String(value));
  const rows = useRead('/satisfaction/rows', { query });
  return (
    <Drawer open size="min(860px, 96vw)" title={t('supervise.satisfaction.rows')} onClose={onClose}>
      <Loaded query={rows} isEmpty={({ total }) => total === 0} empty={t('supervise.satisfaction.rowsEmpty')}>
        {({ rows: found, total }) => (
          <DataTable<Row>
            rowKey={({ invitation }) => invitation.callId}
            size="small"
            scroll={{ x: 'max-content' }}
            dataSource={[...found]}
            pagination={paging(total)}
            columns={[
              {
                title: t('supervise.satisfaction.at'),
                className: 'figures',
                render: (_value, { invitation }) => <Link to={`/calls/${invitation.callId}`}>{timeText(invitation.at)}</Link>,
              },
              {
                title: t('supervise.satisfaction.byQueue'),
                render: (_value, { invitation }) => (invitation.queueId === undefined ? '–' : queueName(invitation.queueId)),
              },
              {
                title: t('supervise.satisfaction.byAgent'),
                render: (_value, { invitation }) => names.get(invitation.agentId ?? '') ?? invitation.agentId ?? '–',
              },
              {
                title: t('supervise.satisfaction.method'),
                render: (_value, { invitation }) => t(`supervise.satisfaction.methods.${invitation.method}`),
              },
              {
                title: t('supervise.satisfaction.answered'),
                render: (_value, { answer, corrected }) => (
                  <>
                    {typeof answer?.score === 'number'
                      ? t('supervise.satisfaction.score', { score: answer.score })
                      : t('supervise.satisfaction.noAnswer')}{' '}
                    {answer?.solved === true && <Tag color="green">{t('supervise.satisfaction.solved')}</Tag>}
                    {answer?.solved === false && <Tag color="red">{t('supervise.satisfaction.notSolved')}</Tag>}
                    {corrected && <Tag>{t('supervise.satisfaction.corrected')}</Tag>}
                  </>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Drawer>
  );
}
