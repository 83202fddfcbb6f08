import { Button, Segmented, Space, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { AbandonedRow } from '../../../../services/shared/contracts/api/figures/figures.js';
import { followUps, type FollowUp } from '../../../../services/shared/domain/figures/report.js';
import { useCallerName } from '../../components/names/caller-name.js';
import { LongName } from '../../components/names/long-name.js';
import { Loaded } from '../../components/page.js';
import { siteNow } from '../../components/time/site-days.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useApp, useMay } from '../../session/use-workplace.js';
import { useQueueName } from '../seat/queue-names.js';
import { FileMenu } from './lists/list-export.js';
import type { ReportChoice } from './report-choice.js';
import { ReportPeriod } from './report-period.js';
import { DataTable } from '../../components/data-table.js';

const PAGE = 50;
const READ_EVERY_MS = 30_000;
/** A callback needs a due time in the future, so one for "at once" is due after this. */
const SOON_MS = 60_000;
const colours: Readonly<Record<FollowUp, string>> = { open: 'red', rung: 'gold', again: 'gold', withheld: 'default', reached: 'green' };

/** Callers who gave up, the outcome of each since, and the button by which an agent of the queue calls back. */
export default function AbandonedList({
  choice,
  choose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const [followUp, setFollowUp] = useState<FollowUp | 'all'>('all');
  const [page, setPage] = useState(1);
  const { from, to } = choice;
  const read = useRead('/figures/abandoned', {
    query: { from, to, ...(followUp === 'all' ? {} : { followUp }), skip: (page - 1) * PAGE, limit: PAGE },
    ...(isSettled(to) ? {} : { everyMs: READ_EVERY_MS }),
  });
  const counts = read.data?.counts;
  const countOf = (each: FollowUp | 'all'): number | undefined =>
    counts === undefined ? undefined : each === 'all' ? Object.values(counts).reduce((sum, count) => sum + count, 0) : counts[each];
  return (
    <>
      <p className="soft">{t('reports.abandoned.text')}</p>
      <Space wrap>
        <ReportPeriod
          choice={choice}
          choose={(changed) => {
            setPage(1);
            choose(changed);
          }}
          mostDays={31}
        />
        <FileMenu
          fileName={`abandoned_${from}_${to}`}
          read={(form, language) =>
            session.api.file('/figures/abandoned/file', {
              query: { from, to, form, language, ...(followUp === 'all' ? {} : { followUp }) },
            })
          }
        />
      </Space>
      <section className="panel stack">
        <div className="scrolls">
          <Segmented<FollowUp | 'all'>
            value={followUp}
            aria-label={t('reports.abandoned.followUp')}
            options={(['all', ...followUps] as const).map((value) => ({
              value,
              label: (
                <span data-testid={`abandoned-${value}`}>
                  {t(`reports.abandoned.states.${value}`)} {countOf(value) ?? ''}
                </span>
              ),
            }))}
            onChange={(next) => {
              setFollowUp(next);
              setPage(1);
            }}
          />
        </div>
        <Loaded query={read} isEmpty={({ total }) => total === 0} empty={t('reports.abandoned.empty')}>
          {({ rows, total, madeAt }) => <Rows rows={rows} total={total} madeAt={madeAt} page={page} setPage={setPage} />}
        </Loaded>
      </section>
    </>
  );
}

function Rows({
  rows,
  total,
  madeAt,
  page,
  setPage,
}: {
  readonly rows: readonly AbandonedRow[];
  readonly total: number;
  /** When the list was made, by the server's clock. */
  readonly madeAt: string;
  readonly page: number;
  readonly setPage: (page: number) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const callerName = useCallerName();
  const queueName = useQueueName(i18n.language);
  const callLink = (call: { readonly callId: string; readonly at: string } | null): ReactNode =>
    call === null ? '—' : <Link to={`/calls/${call.callId}`}>{timeText(call.at)}</Link>;
  return (
    <DataTable<AbandonedRow>
      rowKey="visitId"
      size="small"
      className="figures"
      scroll={{ x: 'max-content' }}
      dataSource={[...rows]}
      pagination={{
        ...{ current: page, pageSize: PAGE, total, onChange: setPage, hideOnSinglePage: true, showSizeChanger: false },
        showTotal: (count) => t('shell.total', { count }),
      }}
      columns={[
        {
          title: t('reports.entered'),
          render: (_value, { callId, enteredAt }) => <Link to={`/calls/${callId}`}>{timeText(enteredAt)}</Link>,
        },
        {
          title: t('calls.caller', { context: 'inbound' }),
          render: (_value, { callerMasked }) => (callerMasked === null ? '—' : callerName(callerMasked)),
        },
        { title: t('reports.queue'), render: (_value, { queueId }) => <LongName name={queueName(queueId)} /> },
        {
          title: t('reports.wait'),
          align: 'right',
          render: (_value, { waitMs, isShort }) => (
            <>
              {isShort && <Tag>{t('reports.abandoned.short')}</Tag>} {clockText(waitMs)}
            </>
          ),
        },
        {
          title: t('reports.abandoned.followUp'),
          render: (_value, row) => <Tag color={colours[row.followUp]}>{t(`reports.abandoned.states.${row.followUp}`)}</Tag>,
        },
        { title: t('reports.abandoned.again'), render: (_value, { again }) => callLink(again) },
        { title: t('reports.abandoned.rungBack'), render: (_value, { rungBack }) => callLink(rungBack) },
        { title: '', render: (_value, row) => <CallBack row={row} madeAt={madeAt} /> },
      ]}
    />
  );
}

/** Adds a caller to the queue's list of callbacks: an agent calls from a seat, and the gate then decides as for any callback. */
function CallBack({ row: { callId, followUp, callerMasked }, madeAt }: { readonly row: AbandonedRow; readonly madeAt: string }): ReactNode {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const may = useMay();
  // Read once for all rows: the address is the same.
  const promised = useRead('/callbacks/promised', { everyMs: READ_EVERY_MS, enabled: may('agents.control') });
  const change = useChange('callbacks');
  if (!may('agents.control') || followUp === 'reached' || followUp === 'withheld' || callerMasked === null) return null;
  const known = promised.data?.callbacks.find((each) => each.callId === callId || each.also?.some((other) => other.callId === callId));
  if (known !== undefined)
    return (
      <Link to="/callbacks" data-testid={`called-back-${callId}`}>
        {known.callId === callId ? t('reports.abandoned.promised') : t('reports.abandoned.joined', { queue: queueName(known.queueId) })}
      </Link>
    );
  return (
    <Button
      size="small"
      loading={change.isPending}
      disabled={promised.data === undefined}
      onClick={() =>
        change.mutate({
          route: 'POST /contacts/:callId/callback',
          params: { callId },
          body: { dueAt: dueAtOf(madeAt), note: t('reports.abandoned.note'), whose: 'queue' },
        })
      }
      data-testid={`call-back-${callId}`}
    >
      {t('reports.abandoned.callBack')}
    </Button>
  );
}

/** Callers are followed up within a day: older rows no longer change and are not read over and over. */
const isSettled = (to: string): boolean => to < siteNow().subtract(1, 'day').format('YYYY-MM-DD');

/** By the later of both clocks: the page's clock may be behind the server's. */
const dueAtOf = (madeAt: string): Date => new Date(Math.max(Date.now(), Date.parse(madeAt) + READ_EVERY_MS) + SOON_MS);
