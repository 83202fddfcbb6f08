import { Select, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { clockText, timeText } from '../../components/time/times.js';
import { useRead, useRefreshOn } from '../../session/use-server.js';

const periods = [1, 7, 31] as const;

/** Past requests for help: how long the agent waited, who came, how it ended. */
export function HelpList(): ReactNode {
  const { t } = useTranslation();
  const [days, setDays] = useState<number>(7);
  useRefreshOn('help', ['help.changed']);
  const read = useRead('/help/ended', { query: { days } });
  return (
    <section className="panel stack" data-testid="help-ended">
      <p className="soft">{t('help.ended.hint')}</p>
      <div className="row">
        <Select<number>
          value={days}
          onChange={setDays}
          aria-label={t('help.ended.period')}
          options={periods.map((count) => ({ value: count, label: t('help.ended.days', { count }) }))}
        />
      </div>
      <Loaded query={read} isEmpty={({ rows }) => rows.length === 0} empty={t('help.ended.empty')}>
        {({ rows, figures: { asked, taken, meanMs, longestMs } }) => (
          <>
            <p className="figures" data-testid="help-figures" data-taken={taken} data-asked={asked}>
              {t('help.ended.figures', {
                asked,
                taken,
                mean: meanMs === null ? '—' : clockText(meanMs),
                longest: longestMs === null ? '—' : clockText(longestMs),
              })}
            </p>
            <Table<(typeof rows)[number]>
              rowKey="id"
              size="middle"
              scroll={{ x: 'max-content' }}
              pagination={{ hideOnSinglePage: true, showSizeChanger: false, pageSize: 50 }}
              dataSource={[...rows]}
              columns={[
                { title: t('help.ended.at'), render: (_value, { at }) => <span className="figures">{timeText(at)}</span> },
                { title: t('supervise.agents.columns.agent'), render: (_value, { agent }) => agent.name },
                {
                  title: t('listening.report.why'),
                  render: (_value, { reason }) => (reason === undefined ? t('help.watch.noReason') : t(`help.reasons.${reason}`)),
                },
                {
                  title: t('help.ended.waited'),
                  render: (_value, { waitedMs }) =>
                    waitedMs === undefined ? t('help.ended.nobody') : <span className="figures">{clockText(waitedMs)}</span>,
                },
                { title: t('help.ended.by'), render: (_value, { takenBy }) => takenBy?.name ?? '–' },
                { title: t('help.ended.end'), render: (_value, { ended }) => t(`help.ended.ends.${ended}`) },
              ]}
            />
          </>
        )}
      </Loaded>
    </section>
  );
}
