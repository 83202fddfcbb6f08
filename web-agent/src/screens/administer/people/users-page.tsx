import { Alert, Button, Dropdown, Input, Select, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useAskedFor } from '../../../components/asked-for.js';
import { Loaded, Page } from '../../../components/page.js';
import { timeText } from '../../../components/time/times.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useMay, useProfile } from '../../../session/use-workplace.js';
import { nameOf } from '../../seat/queue-names.js';
import { PendingChanges } from '../pending-changes.js';
import { useSaidWaiting } from '../said-waiting.js';
import { GuideBack, useAskedNew } from '../set-up/guide-back.js';
import { namesIn } from './team-names.js';
import { TeamsPanel } from './teams-panel.js';
import { AccountImport } from './account-import.js';
import { usePeopleBatch } from './use-people-batch.js';
import { UserForm, type UserRow } from './user-form.js';
import { UnfinishedImports } from './unfinished-imports.js';
import { UserSessions } from './user-sessions.js';

type Shown = 'all' | 'dormant' | 'without-totp' | 'disabled';

/** What a security administrator looks for among the accounts. */
const belongs: Readonly<Record<Shown, (user: UserRow) => boolean>> = {
  all: () => true,
  dormant: ({ dormant, disabled }) => dormant && !disabled,
  'without-totp': ({ totpNeeded, totpEnrolled, disabled }) => totpNeeded && !totpEnrolled && !disabled,
  disabled: ({ disabled }) => disabled,
};

const isNamed = ({ name, displayName }: UserRow, text: string): boolean =>
  `${name} ${displayName}`.toLowerCase().includes(text.trim().toLowerCase());

export default function UsersPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const users = useRead('/users');
  const [editing, setEditing] = useState<UserRow | 'new' | null>(useAskedNew() ? 'new' : null);
  const [importing, setImporting] = useState(false);
  const [shown, setShown] = useState<Shown>('all');
  const [text, setText] = useState('');
  useAskedFor('find', (name) => {
    setText(name);
    setShown('all');
  });
  return (
    <Page
      title={t('administer.users.title')}
      testId="users-page"
      actions={
        may('users.edit') && (
          <>
            <GuideBack />
            <Button onClick={() => setImporting(true)} data-testid="import-users">
              {t('accountImport.title')}
            </Button>
            <Button type="primary" onClick={() => setEditing('new')} data-testid="add-user">
              {t('administer.users.add')}
            </Button>
          </>
        )
      }
    >
      <Loaded query={users} isEmpty={({ users: rows }) => rows.length === 0} empty={t('administer.users.empty')}>
        {({ users: rows }) => (
          <div className="stack">
            {rows.some(({ toSeparate }) => toSeparate) && (
              <Alert
                type="warning"
                showIcon
                title={t('security.toSeparate', {
                  names: rows
                    .filter(({ toSeparate }) => toSeparate)
                    .map(({ displayName }) => displayName)
                    .join(', '),
                })}
                description={t('security.toSeparateHow')}
                data-testid="separate-administrators"
              />
            )}
            <div className="row">
              <Select<Shown>
                value={shown}
                onChange={setShown}
                className="search-narrow"
                aria-label={t('administer.users.show')}
                options={(['all', 'dormant', 'without-totp', 'disabled'] as const).map((value) => ({
                  value,
                  label: `${t(`administer.users.shown.${value}`)} (${rows.filter(belongs[value]).length})`,
                }))}
                data-testid="users-shown"
              />
              <Input
                allowClear
                className="search-narrow"
                placeholder={t('shell.search')}
                aria-label={t('shell.search')}
                value={text}
                onChange={({ target }) => setText(target.value)}
                data-testid="users-search"
              />
            </div>
            {may('users.edit') && !importing && <UnfinishedImports />}
            {may('users.edit') && <PendingChanges />}
            {may('teams.read') && <TeamsPanel users={rows} />}
            <UsersTable rows={rows.filter((user) => belongs[shown](user) && isNamed(user, text))} edit={setEditing} />
          </div>
        )}
      </Loaded>
      {importing && <AccountImport onClose={() => setImporting(false)} />}
      {editing !== null && (
        <UserForm
          user={editing === 'new' ? null : editing}
          taken={(users.data?.users ?? []).map(({ name }) => name)}
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}

function UsersTable({ rows, edit }: { readonly rows: readonly UserRow[]; readonly edit: (user: UserRow) => void }): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const teams = useRead('/teams', { enabled: may('teams.read') }).data?.teams ?? [];
  const [sessionsOf, setSessionsOf] = useState<UserRow | null>(null);
  const { chosen, bar, sheet } = usePeopleBatch(rows);
  return (
    <div className="stack" onKeyDown={chosen.onKeyDown}>
      {may('users.edit') && <span className="soft">{t('batch.hint')}</span>}
      <Table<UserRow>
        rowKey="id"
        {...(may('users.edit') ? { rowSelection: chosen.selection } : {})}
        dataSource={[...rows]}
        pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (count) => t('shell.total', { count }) }}
        scroll={{ x: 'max-content' }}
        size="middle"
        columns={[
          { title: t('administer.users.name'), dataIndex: 'name', sorter: (a, b) => a.name.localeCompare(b.name) },
          { title: t('administer.users.displayName'), dataIndex: 'displayName' },
          {
            title: t('administer.users.roles'),
            render: (_value, row) => <Rights row={row} />,
          },
          {
            title: t('administer.users.team'),
            render: (_value, { teamId }) => {
              const team = teams.find(({ id }) => id === teamId);
              return team === undefined ? (teamId ?? '') : nameOf(namesIn(team.name), i18n.language);
            },
            sorter: (a, b) => (a.teamId ?? '').localeCompare(b.teamId ?? ''),
          },
          {
            title: t('administer.users.state'),
            render: (_value, row) => (
              <>
                <Tag color={row.disabled ? 'default' : 'green'}>
                  {row.disabled ? t('administer.users.disabled') : t('administer.users.active')}
                </Tag>
                {row.dormant && <Tag color="gold">{t('administer.users.dormant')}</Tag>}
                {row.decidesFrom === null && <Tag color="gold">{t('security.changes.unconfirmed')}</Tag>}
              </>
            ),
          },
          {
            title: t('administer.users.totp'),
            render: (_value, row) =>
              row.totpEnrolled ? (
                <Tag color="green">{t('administer.users.totpOn')}</Tag>
              ) : row.totpNeeded ? (
                <Tag color="red">{t('administer.users.totpMissing')}</Tag>
              ) : (
                <span className="soft">{t('administer.users.totpOff')}</span>
              ),
          },
          {
            title: t('administer.users.lastSignIn'),
            render: (_value, row) => <span className="figures">{timeText(row.lastSignInAt) || t('administer.users.never')}</span>,
          },
          ...(may('users.edit')
            ? [
                {
                  title: '',
                  key: 'actions',
                  render: (_value: unknown, row: UserRow) => <UserActions row={row} edit={edit} sessions={setSessionsOf} />,
                },
              ]
            : []),
        ]}
      />
      {bar}
      {sheet}
      {sessionsOf !== null && <UserSessions user={sessionsOf} onClose={() => setSessionsOf(null)} />}
    </div>
  );
}

function UserActions({
  row,
  edit,
  sessions,
}: {
  readonly row: UserRow;
  readonly edit: (user: UserRow) => void;
  readonly sessions: (user: UserRow) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { userId } = useProfile();
  const change = useChange<'PATCH /users/:id'>('users', useSaidWaiting());
  const patch = (body: object): void => change.mutate({ route: 'PATCH /users/:id', params: { id: row.id }, body });
  return (
    <Dropdown.Button
      autoFocus
      size="small"
      onClick={() => edit(row)}
      data-testid={`edit-${row.name}`}
      trigger={['click']}
      menu={{
        items: [
          { key: 'sessions', label: t('administer.users.sessions'), onClick: () => sessions(row) },
          {
            key: 'disable',
            label: row.disabled ? t('administer.users.enable') : t('administer.users.disable'),
            disabled: row.id === userId,
            onClick: () => patch({ disabled: !row.disabled }),
          },
          {
            key: 'totp',
            label: t('administer.users.resetTotp'),
            disabled: !row.totpEnrolled || row.id === userId,
            onClick: () => patch({ resetTotp: true }),
          },
        ],
      }}
    >
      {t('shell.edit')}
    </Dropdown.Button>
  );
}

/** The roles of a person, and the further rights beside them. */
function Rights({ row }: { readonly row: UserRow }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {row.roles.map((role) => (
        <Tag key={role}>{t(`shell.role.${role}`)}</Tag>
      ))}
      {row.grants.map((right) => (
        <Tag key={right} color="gold">
          {t(`freeDial.rights.${right}`)}
        </Tag>
      ))}
    </>
  );
}
