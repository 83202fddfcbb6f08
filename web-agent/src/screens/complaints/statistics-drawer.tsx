import { App, Button, Drawer, Table } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useFailureWords, useRead } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import type { AnswerOf } from '../../session/api.js';

type Stored = AnswerOf<'GET /complaints/figures/stored'>['periods'][number];

/** The stored figures of months and years; each can be counted again and compared. */
export function StatisticsDrawer({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const stored = useRead('/complaints/figures/stored');

  async function recount(period: string): Promise<void> {
    try {
      const { rows } = await session.api.get('/complaints/figures/stored/:period', { params: { period } });
      if (rows.every(({ same }) => same)) void message.success(t('complaints.recountSame', { period }), 6);
      else void message.warning(t('complaints.recountDiffers', { period }), 10);
    } catch (error) {
      void message.error(wordsOf(error), 6);
    }
  }

  const figure = (title: string, of: (figures: Stored['figures']) => string | number) => ({
    title,
    align: 'right' as const,
    className: 'figures',
    render: (_value: unknown, row: Stored) => of(row.figures),
  });
  return (
    <Drawer open size="min(1080px, 96vw)" title={t('complaints.statistics')} onClose={onClose}>
      <div className="stack">
        <p>{t('complaints.statisticsHint')}</p>
        <Loaded query={stored} isEmpty={({ periods }) => periods.length === 0} empty={t('complaints.statisticsEmpty')}>
          {({ periods }) => (
            <Table<Stored>
              rowKey="period"
              size="small"
              scroll={{ x: 'max-content' }}
              pagination={{ pageSize: 15, hideOnSinglePage: true }}
              dataSource={[...periods]}
              columns={[
                { title: t('complaints.period'), className: 'figures', dataIndex: 'period' },
                figure(t('complaints.receivedCount'), ({ received }) => received),
                figure(t('complaints.per10000'), ({ per10000Calls }) => per10000Calls?.toFixed(2) ?? '–'),
                figure(t('complaints.inTime'), ({ answeredInTime }) => answeredInTime),
                figure(t('complaints.late'), ({ answeredLate }) => answeredLate),
                figure(t('complaints.openOverdue'), ({ openOverdue }) => openOverdue),
                figure(t('complaints.upheldCount'), ({ upheld }) => upheld),
                figure(t('complaints.appeals'), ({ appeals }) => appeals),
                figure(t('complaints.satisfaction'), ({ satisfactionMean }) => satisfactionMean?.toFixed(2) ?? '–'),
                { title: t('complaints.asOf'), className: 'figures', render: (_value, row) => timeText(row.asOf) },
                {
                  title: '',
                  render: (_value, row) => (
                    <Button size="small" onClick={() => void recount(row.period)} data-testid={`recount-${row.period}`}>
                      {t('complaints.recount')}
                    </Button>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
      </div>
    </Drawer>
  );
}
