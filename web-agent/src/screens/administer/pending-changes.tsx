import { Button, Table, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead, useReadAgain } from '../../session/use-server.js';
import type { AnswerOf } from '../../session/api.js';
import type { ChangeState } from '../../../../services/shared/contracts/api/centre/identity.js';

type State = ChangeState;

type ChangeRow = AnswerOf<'GET /account-changes'>['changes'][number];

const colours: Readonly<Record<State, string>> = { waiting: 'gold', approved: 'green', refused: 'red', over: 'default' };

/** Changes of accounts that a second administrator decides, and the outcome of the last ones. */
export function PendingChanges(): ReactNode {
  const { t } = useTranslation();
  const changes = useRead('/account-changes', { everyMs: 15_000 });
  return (
    <section className="panel" data-testid="account-changes">
      <h2>{t('security.changes.title')}</h2>
      <p className="soft">{t('security.changes.why')}</p>
      <Loaded query={changes}>
        {({ changes: rows }) => (rows.length === 0 ? <p>{t('security.changes.empty')}</p> : <ChangesTable rows={rows} />)}
      </Loaded>
    </section>
  );
}

function ChangesTable({ rows }: { readonly rows: readonly ChangeRow[] }): ReactNode {
  const { t } = useTranslation();
  const readAgain = useReadAgain();
  const decide = useChange('account-changes', () => void readAgain('users'));
  const send = (id: string, approve: boolean): void =>
    decide.mutate({ route: 'POST /account-changes/:id/decide', params: { id }, body: { approve } });
  return (
    <Table<ChangeRow>
      rowKey="id"
      dataSource={[...rows]}
      pagination={{ pageSize: 10, hideOnSinglePage: true }}
      scroll={{ x: 'max-content' }}
      size="small"
      columns={[
        { title: t('administer.users.displayName'), dataIndex: 'userName' },
        {
          title: t('security.changes.what'),
          render: (_value, row) => (
            <>
              {t(`security.changes.kinds.${row.kind}`)}{' '}
              {row.roles?.map((role) => (
                <Tag key={role}>{t(`shell.role.${role}`)}</Tag>
              ))}
              {row.grants?.map((right) => (
                <Tag key={right} color="gold">
                  {t(`freeDial.rights.${right}`)}
                </Tag>
              ))}
              {row.kind === 'reset' && row.resetTotp === true && <Tag>{t('administer.users.resetTotp')}</Tag>}
            </>
          ),
        },
        {
          title: t('exports.askedBy'),
          render: (_value, row) => (
            <>
              {row.askedByName} <span className="soft figures">{timeText(row.askedAt)}</span>
            </>
          ),
        },
        {
          title: t('administer.users.state'),
          render: (_value, row) => (
            <>
              <Tag color={colours[row.state]} data-testid="change-state">
                {t(`security.changes.states.${row.state}`)}
              </Tag>
              <span className="soft">
                {row.decision?.byName}
                {row.state === 'waiting' && row.dueAt !== undefined && t('security.changes.due', { at: timeText(row.dueAt) })}
              </span>
            </>
          ),
        },
        {
          title: '',
          key: 'actions',
          render: (_value, row) => (
            <div className="row">
              {row.mayApprove && (
                <Button size="small" type="primary" onClick={() => send(row.id, true)} data-testid="approve-change">
                  {t('exports.approve')}
                </Button>
              )}
              {row.mayRefuse && (
                <Button size="small" danger onClick={() => send(row.id, false)} data-testid="refuse-change">
                  {t('exports.refuse')}
                </Button>
              )}
            </div>
          ),
        },
      ]}
    />
  );
}
