import { DatePicker, Table } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Chart } from '../../components/chart.js';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/times.js';
import { useRead, useRefreshOn } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useQueueName } from '../seat/queue-names.js';
import { CallBackTasks } from './call-back-tasks.js';

interface Figures {
  readonly invited: number;
  readonly answered: number;
  readonly responseRate: number | null;
  readonly mean: number | null;
  readonly distribution: readonly number[];
  readonly solved: number;
  readonly notSolved: number;
}

interface SatisfactionFigures {
  readonly all: Figures;
  readonly byQueue: Readonly<Record<string, Figures>>;
  readonly byAgent: Readonly<Record<string, Figures>>;
  readonly byDay: Readonly<Record<string, Figures>>;
}

interface WorstCall {
  readonly invitation: { readonly callId: string; readonly at: string; readonly agentId?: string };
  readonly answer: { readonly score: number | null };
}

const days = 30;

/** The score never stands without its response rate. */
export default function SatisfactionPage(): ReactNode {
  const { t } = useTranslation();
  const [range, setRange] = useState<readonly [Dayjs, Dayjs]>(() => [dayjs().subtract(days, 'day').startOf('day'), dayjs().endOf('day')]);
  const query = new URLSearchParams({ from: range[0].toISOString(), to: range[1].toISOString() }).toString();
  const figures = useRead<SatisfactionFigures>(`/satisfaction/figures?${query}`);
  const worst = useRead<{ calls: readonly WorstCall[] }>(`/satisfaction/worst?${query}`);
  useRefreshOn('satisfaction', ['survey.']);
  return (
    <Page
      title={t('supervise.satisfaction.title')}
      testId="satisfaction-page"
      actions={
        <DatePicker.RangePicker
          allowClear={false}
          value={[range[0], range[1]]}
          onChange={(next) => {
            const [from, to] = (next ?? []) as readonly (Dayjs | null)[];
            if (from !== null && from !== undefined && to !== null && to !== undefined) setRange([from.startOf('day'), to.endOf('day')]);
          }}
        />
      }
    >
      <div className="stack">
        <Loaded query={figures} isEmpty={({ all }) => all.invited === 0} empty={t('supervise.satisfaction.empty')}>
          {(value) => <FiguresBody value={value} />}
        </Loaded>
        <section className="panel">
          <h2>{t('supervise.satisfaction.worst')}</h2>
          <Loaded query={worst} isEmpty={({ calls }) => calls.length === 0} empty={t('supervise.satisfaction.noWorst')}>
            {({ calls }) => (
              <ul className="plain">
                {calls.map(({ invitation, answer }) => (
                  <li key={invitation.callId} className="row">
                    <Link to={`/calls/${invitation.callId}`} className="figures">
                      {timeText(invitation.at)}
                    </Link>
                    <span className="bad">{t('supervise.satisfaction.score', { score: answer.score ?? '–' })}</span>
                  </li>
                ))}
              </ul>
            )}
          </Loaded>
        </section>
        <CallBackTasks />
      </div>
    </Page>
  );
}

function FiguresBody({ value }: { readonly value: SatisfactionFigures }): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const { all } = value;
  const trend = Object.entries(value.byDay).sort(([a], [b]) => (a < b ? -1 : 1));
  return (
    <>
      <section className="panel row figures-row">
        <Large label={t('supervise.satisfaction.mean')} value={all.mean === null ? '–' : all.mean.toFixed(2)} testId="mean" />
        <Large label={t('supervise.satisfaction.rate')} value={percent(all.responseRate)} />
        <Large label={t('supervise.satisfaction.invited')} value={String(all.invited)} />
        <Large label={t('supervise.satisfaction.answered')} value={String(all.answered)} />
        <Large label={t('supervise.satisfaction.solved')} value={`${all.solved} / ${all.solved + all.notSolved}`} />
      </section>
      <div className="two">
        <section className="panel">
          <h2>{t('supervise.satisfaction.distribution')}</h2>
          <Chart
            label={t('supervise.satisfaction.distribution')}
            option={{
              xAxis: { type: 'category', data: ['1', '2', '3', '4', '5'] },
              yAxis: { type: 'value', minInterval: 1 },
              series: [{ type: 'bar', data: [...all.distribution] }],
            }}
          />
        </section>
        <section className="panel">
          <h2>{t('supervise.satisfaction.trend')}</h2>
          <Chart
            label={t('supervise.satisfaction.trend')}
            option={{
              xAxis: { type: 'category', data: trend.map(([day]) => day.slice(5)) },
              yAxis: { type: 'value', min: 1, max: 5 },
              series: [
                { type: 'line', data: trend.map(([, { mean }]) => (mean === null ? null : Number(mean.toFixed(2)))), connectNulls: false },
              ],
            }}
          />
        </section>
      </div>
      <div className="two">
        <FigureTable title={t('supervise.satisfaction.byQueue')} rows={value.byQueue} nameOf={queueName} />
        <FigureTable title={t('supervise.satisfaction.byAgent')} rows={value.byAgent} nameOf={(id) => names.get(id) ?? id} />
      </div>
    </>
  );
}

const percent = (rate: number | null): string => (rate === null ? '–' : `${(rate <= 1 ? rate * 100 : rate).toFixed(1)}%`);

function Large({ label, value, testId }: { readonly label: string; readonly value: string; readonly testId?: string }): ReactNode {
  return (
    <div className="wall-figure">
      <span className="big-figure figures" data-testid={testId}>
        {value}
      </span>
      <span className="soft">{label}</span>
    </div>
  );
}

function FigureTable({
  title,
  rows,
  nameOf,
}: {
  readonly title: string;
  readonly rows: Readonly<Record<string, Figures>>;
  readonly nameOf: (id: string) => string;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <h2>{title}</h2>
      <Table
        size="small"
        pagination={false}
        rowKey="name"
        dataSource={Object.entries(rows).map(([name, figures]) => ({ name, ...figures }))}
        columns={[
          { title: '', render: (_value, row) => nameOf(row.name) },
          { title: t('supervise.satisfaction.mean'), align: 'right', render: (_value, row) => row.mean?.toFixed(2) ?? '–' },
          { title: t('supervise.satisfaction.rate'), align: 'right', render: (_value, row) => percent(row.responseRate) },
          { title: t('supervise.satisfaction.answered'), align: 'right', dataIndex: 'answered' },
        ]}
      />
    </section>
  );
}
