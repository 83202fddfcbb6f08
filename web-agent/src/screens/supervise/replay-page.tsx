import { Alert, Button, DatePicker, Empty, Table, Tag } from 'antd';
import { useMutation } from '@tanstack/react-query';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { figureRegistry, STANDARD_SERVICE_LEVEL } from '../../../../services/shared/domain/figures/registry.js';
import { Page } from '../../components/page.js';
import { clockText } from '../../components/time/times.js';
import { siteNow } from '../../components/time/site-days.js';
import { useFailureWords, useRead } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import { QueueForm } from '../administer/queues/queue-form.js';
import type { QueueSettings } from '../administer/queues/queue-settings.js';
import { useAgentNames } from '../seat/agent-names.js';
import { besides, type FigureRow, type ReplayAnswer, type ReplayDifference, type ReplayedWait } from './replay-figures.js';
import { isServedByPeople } from '../administer/queues/served-by-people.js';
import { nameOf } from '../seat/queue-names.js';

/** A stored day under changed rules: what really happened, what today's rules make of it, and what the changed ones would. */
export default function ReplayPage(): ReactNode {
  const { t, i18n } = useTranslation();
  const { session } = useApp();
  const wordsOf = useFailureWords();
  const queues = useRead('/queues');
  const [day, setDay] = useState<Dayjs>(siteNow);
  const [changed, setChanged] = useState<readonly QueueSettings[]>([]);
  const [editing, setEditing] = useState<QueueSettings | null>(null);
  const run = useMutation({
    mutationFn: () => session.api.send('POST /routing/replay', { body: { day: day.format('YYYY-MM-DD'), queues: changed } }),
  });
  const list = queues.data?.queues ?? [];
  const tried = (id: string): QueueSettings | undefined => changed.find((queue) => queue.id === id);

  return (
    <Page title={t('supervise.replay.title')} testId="replay-page">
      <div className="stack">
        <section className="panel stack">
          <p className="soft">{t('supervise.replay.text')}</p>
          <div className="row">
            <DatePicker
              value={day}
              allowClear={false}
              disabledDate={(date: Dayjs) => date.format('YYYY-MM-DD') > siteNow().format('YYYY-MM-DD')}
              aria-label={t('supervise.replay.day')}
              onChange={(chosen: Dayjs | null) => chosen !== null && setDay(chosen)}
              data-testid="replay-day"
            />
            {list.filter(isServedByPeople).map((queue) => (
              <Button key={queue.id} onClick={() => setEditing(tried(queue.id) ?? queue)} data-testid={`try-${queue.id}`}>
                {nameOf(queue.name, i18n.language)}{' '}
                {tried(queue.id) !== undefined && <Tag color="gold">{t('supervise.replay.isChanged')}</Tag>}
              </Button>
            ))}
            {changed.length > 0 && <Button onClick={() => setChanged([])}>{t('supervise.replay.reset')}</Button>}
            <Button type="primary" loading={run.isPending} onClick={() => run.mutate()} data-testid="run-replay">
              {t('supervise.replay.run')}
            </Button>
          </div>
          {run.isPending && <span className="soft">{t('supervise.replay.running')}</span>}
        </section>
        {run.isError && <Alert type="error" showIcon title={wordsOf(run.error)} />}
        {run.data !== undefined &&
          (run.data.calls === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('supervise.replay.noCalls')} />
          ) : (
            <Result answer={run.data} />
          ))}
      </div>
      {editing !== null && (
        <QueueForm
          queue={editing}
          others={list}
          onClose={() => setEditing(null)}
          onTry={(queue) => setChanged([...changed.filter(({ id }) => id !== queue.id), queue])}
        />
      )}
    </Page>
  );
}

function Result({ answer }: { readonly answer: ReplayAnswer }): ReactNode {
  const { t, i18n } = useTranslation();
  const queues = useRead('/queues');
  const queueName = (id: string): string => {
    const found = queues.data?.queues.find((queue) => queue.id === id);
    return found === undefined ? id : nameOf(found.name, i18n.language);
  };
  const percent = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)}%`);
  const column = (title: string, show: (row: FigureRow) => ReactNode) => ({
    title,
    render: (_value: unknown, row: FigureRow) => show(row),
  });
  return (
    <>
      <section className="panel" data-testid="replay-figures">
        <h2>{t('supervise.replay.result', { calls: answer.calls, agents: answer.agents })}</h2>
        <Table<FigureRow>
          rowKey="key"
          size="small"
          pagination={false}
          scroll={{ x: 'max-content' }}
          dataSource={besides(answer)}
          columns={[
            column(t('supervise.replay.queue'), ({ queueId, first }) => (first ? <strong>{queueName(queueId)}</strong> : '')),
            column('', ({ which }) => <span className={which === 'changed' ? '' : 'soft'}>{t(`supervise.replay.which.${which}`)}</span>),
            column(t('supervise.replay.offered'), ({ figures }) => figures.offered),
            column(t('supervise.replay.answered'), ({ figures }) => figures.answered),
            column(t('supervise.replay.abandoned'), ({ figures }) => figures.abandoned),
            column(t('supervise.replay.overflowed'), ({ figures }) => figures.overflowed),
            column(figureRegistry[STANDARD_SERVICE_LEVEL].name[i18n.language === 'en' ? 'en' : 'zh'], ({ figures }) =>
              percent(figures.serviceLevelPercent),
            ),
            column(t('supervise.replay.meanWait'), ({ figures }) => (figures.meanWaitMs === null ? '–' : clockText(figures.meanWaitMs))),
            column(t('supervise.replay.longestWait'), ({ figures }) => clockText(figures.longestWaitMs)),
          ]}
        />
        <p className="soft">{t('supervise.replay.assumed')}</p>
      </section>
      <Differences rows={answer.differences} />
    </>
  );
}

function Differences({ rows }: { readonly rows: readonly ReplayDifference[] }): ReactNode {
  const { t } = useTranslation();
  const names = useAgentNames();
  const became = (wait: ReplayedWait | undefined): ReactNode =>
    wait === undefined ? (
      '–'
    ) : (
      <span className="figures">
        {t(`supervise.replay.outcomes.${wait.outcome}`)} {clockText(wait.waitedMs)}{' '}
        {wait.agentId === undefined ? '' : (names.get(wait.agentId) ?? wait.agentId)}
      </span>
    );
  return (
    <section className="panel">
      <h2>{t('supervise.replay.differences')}</h2>
      {rows.length === 0 ? (
        <span className="soft">{t('supervise.replay.noDifference')}</span>
      ) : (
        <Table<ReplayDifference>
          rowKey="callId"
          size="small"
          pagination={{ pageSize: 20, hideOnSinglePage: true }}
          dataSource={[...rows]}
          columns={[
            { title: t('supervise.replay.call'), render: (_value, { callId }) => <Link to={`/calls/${callId}`}>{callId.slice(-8)}</Link> },
            { title: t('supervise.replay.which.really'), render: (_value, row) => became(row.really) },
            { title: t('supervise.replay.which.asIs'), render: (_value, row) => became(row.asIs) },
            { title: t('supervise.replay.which.changed'), render: (_value, row) => became(row.changed) },
          ]}
        />
      )}
    </section>
  );
}
