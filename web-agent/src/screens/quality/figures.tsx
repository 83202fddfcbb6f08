import { DatePicker, Table } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Loaded } from '../../components/page.js';
import { daysFrom, siteNow } from '../../components/time/site-days.js';
import { useRead } from '../../session/use-server.js';
import { useAgentNames } from '../seat/agent-names.js';
import { useQueueName } from '../seat/queue-names.js';
import { percentText, type Calibration, type FigureRow } from './quality-data.js';
import { useReviewerName } from './reviewer-name.js';

const DAYS = 30;

/** Scores per agent and per queue, and how far reviewers of the same call agree. */
export function Figures(): ReactNode {
  const { t, i18n } = useTranslation();
  const names = useAgentNames();
  const queueName = useQueueName(i18n.language);
  const [range, setRange] = useState<readonly [Dayjs, Dayjs]>(() => [siteNow().subtract(DAYS, 'day'), siteNow()]);
  const query = new URLSearchParams(daysFrom(...range)).toString();
  const figures = useRead('/review-figures', { query: new URLSearchParams(query) });
  return (
    <>
      <div>
        <DatePicker.RangePicker
          allowClear={false}
          aria-label={t('quality.period')}
          value={[range[0], range[1]]}
          onChange={(next) => {
            const [from, to] = (next ?? []) as readonly (Dayjs | null)[];
            if (from !== null && from !== undefined && to !== null && to !== undefined) setRange([from, to]);
          }}
        />
      </div>
      <Loaded query={figures} isEmpty={({ agents }) => agents.length === 0} empty={t('quality.noFigures')}>
        {({ agents, queues, calibrations }) => (
          <>
            <div className="two">
              <FigureTable
                title={t('calls.agent')}
                rows={agents}
                nameFor={(id) => (id === '' ? t('quality.nobody') : (names.get(id) ?? id))}
              />
              <FigureTable title={t('calls.queue')} rows={queues} nameFor={(id) => (id === '' ? t('quality.noQueue') : queueName(id))} />
            </div>
            <Calibrations rows={calibrations} />
          </>
        )}
      </Loaded>
    </>
  );
}

function FigureTable({
  title,
  rows,
  nameFor,
}: {
  readonly title: string;
  readonly rows: readonly FigureRow[];
  readonly nameFor: (id: string) => string;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <Table<FigureRow>
        size="small"
        rowKey="id"
        pagination={false}
        dataSource={[...rows]}
        columns={[
          { title, render: (_value, { id }) => nameFor(id) },
          { title: t('quality.count'), align: 'right', dataIndex: 'reviews' },
          { title: t('quality.mean'), align: 'right', render: (_value, { meanPercent }) => percentText(meanPercent) },
          { title: t('quality.fatalCount'), align: 'right', dataIndex: 'fatal' },
          { title: t('quality.openAppeals'), align: 'right', dataIndex: 'openAppeals' },
        ]}
      />
    </section>
  );
}

function Calibrations({ rows }: { readonly rows: readonly Calibration[] }): ReactNode {
  const { t } = useTranslation();
  const reviewerName = useReviewerName();
  return (
    <section className="panel">
      <h2>{t('quality.calibration')}</h2>
      {rows.length === 0 ? (
        <p className="soft">{t('quality.noCalibration')}</p>
      ) : (
        <Table<Calibration>
          size="small"
          rowKey={({ callId, by }) => `${callId} ${by.join()}`}
          pagination={false}
          dataSource={[...rows]}
          columns={[
            { title: t('quality.reviewers'), render: (_value, { by }) => by.map(reviewerName).join(' · ') },
            { title: t('quality.sameAnswers'), align: 'right', render: (_value, { sharePercent }) => percentText(sharePercent) },
            { title: t('quality.scoreDifference'), align: 'right', dataIndex: 'scoreDifference' },
            { title: '', render: (_value, { callId }) => <Link to={`/calls/${callId}`}>{t('calls.open')}</Link> },
          ]}
        />
      )}
    </section>
  );
}
