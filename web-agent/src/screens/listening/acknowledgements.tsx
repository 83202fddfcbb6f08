import { Alert, Button, Table, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';

/** Who has acknowledged the listening rule, who has not, and what that means under the site's rule. */
export function Acknowledgements({ onRule }: { readonly onRule: () => void }): ReactNode {
  const { t } = useTranslation();
  const refuses = useRead('/listening/rule').data?.withoutAcknowledgement === 'refuse';
  const read = useRead('/listening/acknowledgements', { everyMs: 30_000 });
  return (
    <section className="panel stack" data-testid="listening-acknowledged">
      <p className="soft">{t('listening.acknowledgements.hint')}</p>
      <Loaded query={read} isEmpty={({ people }) => people.length === 0} empty={t('listening.acknowledgements.empty')}>
        {({ people }) => {
          const lacking = people.filter(({ state }) => state !== 'valid').length;
          return (
            <>
              <Alert
                showIcon
                type={lacking === 0 ? 'success' : 'warning'}
                title={
                  lacking === 0 ? t('listening.acknowledgements.complete') : t('listening.acknowledgements.lacking', { count: lacking })
                }
                {...(lacking > 0 && refuses
                  ? {
                      description: t('listening.acknowledgements.refused'),
                      action: (
                        <Button size="small" onClick={onRule} data-testid="to-listening-rule">
                          {t('listening.acknowledgements.toRule')}
                        </Button>
                      ),
                    }
                  : {})}
                data-testid="lacking"
                data-count={lacking}
              />
              <Table<(typeof people)[number]>
                rowKey="userId"
                size="middle"
                scroll={{ x: 'max-content' }}
                pagination={{ hideOnSinglePage: true, showSizeChanger: false, pageSize: 50 }}
                dataSource={[...people]}
                columns={[
                  { title: t('supervise.agents.columns.agent'), dataIndex: 'name' },
                  {
                    title: t('listening.acknowledgements.state'),
                    render: (_value, { state }) => (
                      <Tag color={state === 'valid' ? 'green' : 'gold'} data-testid="acknowledgement-state">
                        {t(`listening.acknowledgements.states.${state}`)}
                      </Tag>
                    ),
                  },
                  {
                    title: t('listening.acknowledgements.at'),
                    render: (_value, { at }) => <span className="figures">{at === undefined ? '–' : timeText(at)}</span>,
                  },
                  {
                    title: t('listening.acknowledgements.version'),
                    render: (_value, { textVersion }) => <span className="figures">{textVersion ?? '–'}</span>,
                  },
                ]}
              />
            </>
          );
        }}
      </Loaded>
    </section>
  );
}
