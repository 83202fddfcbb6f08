import { Drawer, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { VisitRow } from '../../../../services/shared/contracts/api/figures/figures.js';
import type { ReportFilters } from '../../../../services/shared/domain/figures/filters.js';
import type { ReportScope, VisitCount } from '../../../../services/shared/domain/figures/report.js';
import { LongName } from '../../components/names/long-name.js';
import { Loaded } from '../../components/page.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useQueueName } from '../seat/queue-names.js';
import { FigureCard } from './lists/figure-card.js';
import { filterQuery } from './report-choice.js';

const PAGE = 50;

/** Selects the visits behind a count. */
export interface VisitsBehind {
  readonly from: string;
  readonly until: string;
  readonly scope: string;
  readonly of: VisitCount;
  /** One hour of the week alone: `1-09`. */
  readonly hourOfWeek?: string;
}

/** The visits behind a number, each with its call. */
export function VisitDrawer({
  behind,
  by,
  filters,
  scopeName,
  onClose,
}: {
  readonly behind: VisitsBehind;
  readonly by: ReportScope;
  readonly filters: ReportFilters;
  readonly scopeName?: string;
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const agents = useAgentNames();
  const [page, setPage] = useState(1);
  const { from, until, scope, of, hourOfWeek } = behind;
  const read = useRead('/figures/visits', {
    query: {
      from,
      until,
      by,
      scope,
      of,
      ...filterQuery(filters),
      ...(hourOfWeek === undefined ? {} : { hourOfWeek }),
      skip: (page - 1) * PAGE,
      limit: PAGE,
    },
  });
  return (
    <Drawer open size="large" onClose={onClose} title={t('reports.visits', { count: read.data?.total ?? 0 })} data-testid="report-visits">
      <div className="stack">
        <FigureCard figure={of} from={from} until={until} scopeName={scopeName} />
        <Loaded query={read} isEmpty={({ total }) => total === 0} empty={t('reports.empty')}>
          {({ visits, total }) => (
            <Table<VisitRow>
              rowKey="visitId"
              size="small"
              scroll={{ x: 'max-content' }}
              dataSource={[...visits]}
              pagination={{ current: page, pageSize: PAGE, total, onChange: setPage, hideOnSinglePage: true, showSizeChanger: false }}
              columns={[
                { title: t('reports.entered'), render: (_value, { enteredAt }) => timeText(enteredAt) },
                { title: t('reports.queue'), render: (_value, { queueId }) => <LongName name={queueName(queueId)} /> },
                {
                  title: t('reports.wait'),
                  align: 'right',
                  render: (_value, { waitMs }) => <span className="figures">{waitMs === null ? '—' : clockText(waitMs)}</span>,
                },
                {
                  title: t('reports.outcome'),
                  render: (_value, row) => (row.outcome === null ? t('reports.stillWaiting') : t(`reports.outcomes.${row.outcome}`)),
                },
                { title: t('reports.agent'), render: (_value, { agentId }) => (agentId === null ? '' : (agents.get(agentId) ?? agentId)) },
                { title: t('reports.call'), render: (_value, { callId }) => <Link to={`/calls/${callId}`}>{callId.slice(-8)}</Link> },
              ]}
            />
          )}
        </Loaded>
      </div>
    </Drawer>
  );
}
