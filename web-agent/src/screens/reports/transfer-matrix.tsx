import { Button, Drawer, Segmented, Space, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { TransferCell, TransferRow } from '../../../../services/shared/contracts/api/figures/figures.js';
import { transferScopes, transferTargets, type TransferScope } from '../../../../services/shared/domain/figures/report.js';
import { LongName } from '../../components/names/long-name.js';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useQueueName } from '../seat/queue-names.js';
import { useApp } from '../../session/use-workplace.js';
import { FileMenu } from './lists/list-export.js';
import type { ReportChoice } from './report-choice.js';
import { ReportPeriod } from './report-period.js';
import './report-tables.css';

const PAGE = 50;
type Ends = Omit<TransferCell, 'count'>;

/** From whom to whom callers were transferred; each number opens its transfers. */
export default function TransferMatrix({
  choice,
  choose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const [by, setBy] = useState<TransferScope>('queue');
  const [behind, setBehind] = useState<Ends | null>(null);
  const { from, to } = choice;
  const read = useRead('/figures/transfers', { query: { from, to, by } });
  return (
    <>
      <p className="soft">{t('reportLists.transfers.text')}</p>
      <Space wrap>
        <ReportPeriod choice={choice} choose={choose} mostDays={31} />
        <Segmented<TransferScope>
          value={by}
          aria-label={t('reportLists.transfers.by')}
          options={transferScopes.map((value) => ({ value, label: t(`reports.scopes.${value}`) }))}
          onChange={setBy}
        />
        <FileMenu
          fileName={`transfers_${by}_${from}_${to}`}
          read={(form, language) => session.api.file('/figures/transfers/file', { query: { from, to, by, form, language } })}
        />
      </Space>
      <section className="panel stack">
        <Loaded query={read} isEmpty={({ total }) => total === 0} empty={t('reportLists.transfers.empty')}>
          {({ cells, total }) => <Matrix cells={cells} total={total} by={by} onOpen={setBehind} />}
        </Loaded>
      </section>
      {behind !== null && <Behind ends={behind} by={by} choice={choice} onClose={() => setBehind(null)} />}
    </>
  );
}

const sumOf = (cells: readonly TransferCell[]): number => cells.reduce((sum, { count }) => sum + count, 0);

function useEndName(): (target: TransferCell['target'], id: string) => string {
  const { t, i18n } = useTranslation();
  const [queueName, agents] = [useQueueName(i18n.language), useAgentNames()];
  return (target, id) =>
    target === 'number' || id === ''
      ? t(`reportLists.transfers.targets.${target}`)
      : target === 'queue'
        ? queueName(id)
        : (agents.get(id) ?? id);
}

function Matrix({
  cells,
  total,
  by,
  onOpen,
}: {
  readonly cells: readonly TransferCell[];
  readonly total: number;
  readonly by: TransferScope;
  readonly onOpen: (ends: Ends) => void;
}): ReactNode {
  const { t } = useTranslation();
  const nameOf = useEndName();
  const sourceName = (from: string): string => (from === '' ? t('reportLists.transfers.noQueue') : nameOf(by, from));
  const sources = [...new Set(cells.map(({ from }) => from))];
  const targets = [...new Map(cells.map(({ target, to }) => [`${target}|${to}`, { target, to }])).values()].sort(
    (a, b) => transferTargets.indexOf(a.target) - transferTargets.indexOf(b.target),
  );
  return (
    // It has as many columns as targets: the table scrolls, by keyboard too.
    <div className="scrolls" tabIndex={0} role="region" aria-label={t('reports.sheets.transfers')}>
      <table className="transfer-matrix figures" data-testid="transfer-matrix">
        <thead>
          <tr>
            <th scope="col">{t('reportLists.transfers.fromTo')}</th>
            {targets.map(({ target, to }) => (
              <th key={`${target}|${to}`} scope="col">
                <LongName name={nameOf(target, to)} />
              </th>
            ))}
            <th scope="col">{t('reports.total')}</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((from) => (
            <tr key={from}>
              <th scope="row">
                <LongName name={sourceName(from)} />
              </th>
              {targets.map(({ target, to }) => {
                const count = cells.find((cell) => cell.from === from && cell.target === target && cell.to === to)?.count;
                return (
                  <td key={`${target}|${to}`}>
                    {count !== undefined && (
                      <Button
                        type="text"
                        size="small"
                        aria-label={`${sourceName(from)} → ${nameOf(target, to)} ${String(count)}`}
                        onClick={() => onOpen({ from, target, to })}
                      >
                        {count}
                      </Button>
                    )}
                  </td>
                );
              })}
              <td>{sumOf(cells.filter((cell) => cell.from === from))}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('reports.total')}</th>
            {targets.map(({ target, to }) => (
              <td key={`${target}|${to}`}>{sumOf(cells.filter((cell) => cell.target === target && cell.to === to))}</td>
            ))}
            <td>{total}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Behind({
  ends: { from: source, target, to: targetId },
  by,
  choice: { from, to },
  onClose,
}: {
  readonly ends: Ends;
  readonly by: TransferScope;
  readonly choice: ReportChoice;
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const [page, setPage] = useState(1);
  const [queueName, agents, nameOf] = [useQueueName(i18n.language), useAgentNames(), useEndName()];
  const read = useRead('/figures/transfers/calls', {
    query: { from, to, by, source, target, targetId, skip: (page - 1) * PAGE, limit: PAGE },
  });
  return (
    <Drawer
      open
      size="large"
      onClose={onClose}
      title={t('reportLists.transfers.behind', { count: read.data?.total ?? 0 })}
      data-testid="transfers-behind"
    >
      <Loaded query={read} isEmpty={({ total }) => total === 0} empty={t('reportLists.transfers.empty')}>
        {({ rows, total }) => (
          <Table<TransferRow>
            rowKey={({ callId, at }) => `${callId}|${at}`}
            size="small"
            scroll={{ x: 'max-content' }}
            dataSource={[...rows]}
            pagination={{ current: page, pageSize: PAGE, total, onChange: setPage, hideOnSinglePage: true, showSizeChanger: false }}
            columns={[
              {
                title: t('reportLists.transfers.at'),
                render: (_value, { callId, at }) => (
                  <Link to={`/calls/${callId}`} className="figures">
                    {timeText(at)}
                  </Link>
                ),
              },
              { title: t('reports.agent'), render: (_value, { agentId }) => agents.get(agentId) ?? agentId },
              {
                title: t('reports.queue'),
                render: (_value, { queueId }) => (queueId === null ? '—' : <LongName name={queueName(queueId)} />),
              },
              { title: t('reportLists.transfers.target'), render: (_value, row) => <LongName name={nameOf(row.target, row.to)} /> },
            ]}
          />
        )}
      </Loaded>
    </Drawer>
  );
}
