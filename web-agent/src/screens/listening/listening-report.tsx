import { Button, DatePicker, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ListeningRow } from '../../../../services/shared/contracts/api/calls/supervision.js';
import { listeningReasons, type ListeningReason } from '../../../../services/shared/domain/calls/listening.js';
import { Loaded } from '../../components/page.js';
import { pageQuery, usePaging } from '../../components/paging.js';
import { daysFrom, siteNow } from '../../components/time/site-days.js';
import { timeText } from '../../components/time/times.js';
import { useExport } from '../../components/use-export.js';
import { useRead } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { DataTable } from '../../components/data-table.js';

const PAGE_ROWS = 20;

/** Who listened to whom, why, how and how long. */
export function ListeningReport(): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const give = useExport();
  const [days, setDays] = useState<readonly [Dayjs, Dayjs]>(() => [siteNow().subtract(29, 'day'), siteNow()]);
  const [listenerId, setListener] = useState('');
  const [agentId, setAgent] = useState('');
  const [reason, setReason] = useState<ListeningReason | ''>('');
  const [page, setPage] = useState(1);
  const paging = usePaging(page, PAGE_ROWS, setPage);
  const chosen = { ...daysFrom(...days), ...filled({ listenerId, agentId, reason }) };
  const read = useRead('/listening/report', { query: new URLSearchParams({ ...chosen, ...pageQuery(page, PAGE_ROWS) }), everyMs: 30_000 });
  const people = (read.data?.people ?? []).map(({ userId, name }) => ({ value: userId, label: name }));
  const first =
    <T,>(set: (value: T) => void) =>
    (value: T): void => {
      set(value);
      setPage(1);
    };
  return (
    <section className="panel stack" data-testid="listening-report">
      <div className="row">
        <DatePicker.RangePicker
          aria-label={t('listening.report.period')}
          allowClear={false}
          value={[days[0], days[1]]}
          onChange={(range) => range?.[0] && range[1] && first(setDays)([range[0], range[1]])}
        />
        <Select
          value={listenerId}
          onChange={first(setListener)}
          aria-label={t('listening.report.listener')}
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          options={[{ value: '', label: t('listening.report.anyListener') }, ...people]}
        />
        <Select
          value={agentId}
          onChange={first(setAgent)}
          aria-label={t('listening.report.agent')}
          showSearch={{ optionFilterProp: 'label' }}
          popupMatchSelectWidth={false}
          options={[{ value: '', label: t('listening.report.anyAgent') }, ...people]}
        />
        <Select<ListeningReason | ''>
          value={reason}
          onChange={first(setReason)}
          aria-label={t('listening.report.why')}
          popupMatchSelectWidth={false}
          options={[
            { value: '' as const, label: t('listening.report.anyReason') },
            ...listeningReasons.map((value) => ({ value, label: t(`supervise.agents.listening.reasons.${value}`) })),
          ]}
        />
        <Button
          onClick={() => give(session.api.file('/listening/report.csv', { query: new URLSearchParams(chosen) }), 'listening.csv')}
          data-testid="listening-export"
        >
          {t('listening.report.export')}
        </Button>
      </div>
      <Loaded query={read} isEmpty={({ rows }) => rows.length === 0} empty={t('listening.report.empty')}>
        {({ rows, total }) => <Rows rows={rows} pagination={paging(total)} />}
      </Loaded>
    </section>
  );
}

const filled = (fields: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));

function Rows({
  rows,
  pagination,
}: {
  readonly rows: readonly ListeningRow[];
  readonly pagination: ReturnType<ReturnType<typeof usePaging>>;
}): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const modesOf = ({ parts }: ListeningRow): string =>
    parts
      .map(({ mode, seconds }) => t('listening.report.seconds', { mode: t(`supervise.agents.modes.${mode}`), count: seconds }))
      .join(' → ');
  return (
    <DataTable<ListeningRow>
      rowKey="id"
      size="middle"
      scroll={{ x: 'max-content' }}
      dataSource={[...rows]}
      pagination={pagination}
      columns={[
        { title: t('listening.report.began'), render: (_value, { beganAt }) => <span className="figures">{timeText(beganAt)}</span> },
        { title: t('listening.report.listener'), render: (_value, { listener }) => listener.name },
        { title: t('listening.report.agent'), render: (_value, { agent }) => agent.name },
        {
          title: t('listening.report.why'),
          className: 'wrap-words',
          render: (_value, { reason, note }) => (
            <>
              {reason === undefined ? t('listening.report.noReason') : t(`supervise.agents.listening.reasons.${reason}`)}
              {note !== undefined && <div className="soft">{note}</div>}
            </>
          ),
        },
        { title: t('listening.report.modes'), render: (_value, row) => modesOf(row) || '–' },
        {
          title: t('listening.report.ended'),
          render: (_value, { endedAt }) =>
            endedAt === undefined ? (
              <span className="soft">{t('listening.report.goesOn')}</span>
            ) : (
              <span className="figures">{timeText(endedAt)}</span>
            ),
        },
        { title: t('listening.report.notice'), render: (_value, { notice }) => t(`listening.notices.${notice}`) },
        {
          title: '',
          render: (_value, { callId }) => may('calls.read') && <Link to={`/calls/${callId}`}>{t('listening.report.call')}</Link>,
        },
      ]}
    />
  );
}
