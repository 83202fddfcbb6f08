import { Drawer, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { FigureRow } from '../../../../../services/shared/contracts/api/figures/rows.js';
import { isOfAgents, type ReportFilters } from '../../../../../services/shared/domain/figures/filters.js';
import { figureRegistry, figureWithUnit, type FigureKey } from '../../../../../services/shared/domain/figures/registry.js';
import { visitCounts, type ReportScope } from '../../../../../services/shared/domain/figures/report.js';
import { LongName } from '../../../components/names/long-name.js';
import { Loaded } from '../../../components/page.js';
import { clockText, timeText } from '../../../components/time/times.js';
import { useRead } from '../../../session/use-server.js';
import { useAgentNames } from '../../seat/agent-names.js';
import { useQueueName } from '../../seat/queue-names.js';
import { FigureCard } from './figure-card.js';
import { filterQuery } from '../report-choice.js';
import { VisitDrawer } from '../visit-drawer.js';

const PAGE = 50;
const numberText = (value: number): string => String(Math.round(value * 1_000) / 1_000);

/** Selects the rows behind a figure: of one line of a report, or without a scope of all lines. */
export interface Behind {
  readonly from: string;
  readonly until: string;
  readonly key: FigureKey;
  readonly scope: string | undefined;
  /** One hour of the week alone: `1-09`. */
  readonly hourOfWeek?: string;
}

interface Opened {
  readonly behind: Behind;
  readonly by: ReportScope;
  readonly filters?: ReportFilters;
  /** The name of the line, where the number was not pressed in a report that shows it. */
  readonly scopeName?: string;
  readonly onClose: () => void;
}

/** The rows behind a number, each with what it adds. A count of visits is a list of visits, however long. */
export function RowsDrawer({ behind, by, filters = {}, scopeName, onClose }: Opened): ReactNode {
  const { scope, key, ...time } = behind;
  const of = visitCounts.find((count) => count === key);
  // The total by agent or team is only of the visits that somebody answered.
  const isWhole = scope === undefined && by !== 'agent' && by !== 'team';
  if (of === undefined || isOfAgents(filters) || (scope === undefined && !isWhole))
    return <Facts {...{ behind, by, filters, onClose }} {...(scopeName === undefined ? {} : { scopeName })} />;
  return (
    <VisitDrawer
      behind={{ ...time, of, scope: scope ?? '' }}
      by={isWhole ? 'all' : by}
      filters={filters}
      onClose={onClose}
      {...(scopeName === undefined ? {} : { scopeName })}
    />
  );
}

function Facts({ behind, by, filters = {}, scopeName, onClose }: Opened): ReactNode {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const agents = useAgentNames();
  const [page, setPage] = useState(1);
  const { from, until, key, scope, hourOfWeek } = behind;
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const read = useRead('/figures/rows', {
    query: {
      ...{ from, until, key, by, ...filterQuery(filters), skip: (page - 1) * PAGE, limit: PAGE },
      ...(scope === undefined ? {} : { scope }),
      ...(hourOfWeek === undefined ? {} : { hourOfWeek }),
    },
  });
  const outcomeText = ({ kind, outcome }: FigureRow): string => {
    if (outcome === null) return '';
    if (kind === 'state') return t(`seat.state.${outcome}`);
    if (kind === 'visit') return outcome === 'waiting' ? t('reports.stillWaiting') : t(`reports.outcomes.${outcome}`);
    return i18n.exists(`reportLists.rows.legs.${outcome}`) ? t(`reportLists.rows.legs.${outcome}`) : outcome;
  };
  const isCount = figureRegistry[key].unit === 'count';
  return (
    <Drawer
      open
      size="large"
      onClose={onClose}
      title={t('reportLists.rows.title', { name: figureRegistry[key].name[language], count: read.data?.total ?? 0 })}
      data-testid="figure-rows"
    >
      <Loaded query={read} isEmpty={({ total }) => total === 0} empty={t('reports.empty')}>
        {({ rows, total, figure }) => (
          <div className="stack">
            <div data-testid="figure-rows-sum">
              <strong className="figures">{figureWithUnit(key, figure, language)}</strong>{' '}
              <span className="soft">{isCount ? '' : `= ${numberText(figure.numerator)} / ${numberText(figure.denominator)}`}</span>
            </div>
            <FigureCard figure={key} from={from} until={until} scopeName={scopeName} />
            <Table<FigureRow>
              rowKey="id"
              size="small"
              className="figures"
              scroll={{ x: 'max-content' }}
              dataSource={[...rows]}
              pagination={{ current: page, pageSize: PAGE, total, onChange: setPage, hideOnSinglePage: true, showSizeChanger: false }}
              columns={[
                { title: t('reports.start'), render: (_value, { at }) => timeText(at) },
                { title: t('reportLists.rows.kind'), render: (_value, { kind }) => t(`reportLists.rows.kinds.${kind}`) },
                {
                  title: t('reports.queue'),
                  render: (_value, { queueId }) => (queueId === null ? '' : <LongName name={queueName(queueId)} />),
                },
                { title: t('reports.agent'), render: (_value, { agentId }) => (agentId === null ? '' : (agents.get(agentId) ?? agentId)) },
                { title: t('reports.outcome'), render: (_value, row) => outcomeText(row) },
                {
                  title: t('reportLists.rows.length'),
                  align: 'right',
                  render: (_value, { kind, lengthMs }) =>
                    lengthMs === null ? '—' : kind === 'leg' ? `${(lengthMs / 1_000).toFixed(1)} s` : clockText(lengthMs),
                },
                { title: t('reportLists.rows.adds'), align: 'right', render: (_value, { adds }) => numberText(adds) },
                ...(isCount
                  ? []
                  : [
                      {
                        title: t('reportLists.rows.counts'),
                        align: 'right' as const,
                        render: (_value: unknown, { counts }: FigureRow) => numberText(counts),
                      },
                    ]),
                {
                  title: t('reports.call'),
                  render: (_value, { callId }) => (callId === null ? '' : <Link to={`/calls/${callId}`}>{callId.slice(-8)}</Link>),
                },
              ]}
            />
          </div>
        )}
      </Loaded>
    </Drawer>
  );
}
