import { Button, Form, Input, Select, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { TeamView } from '../../../../../services/shared/contracts/api/centre/teams.js';
import { Loaded } from '../../../components/page.js';
import { useApp, useMay } from '../../../session/use-workplace.js';
import { say } from '../../../session/notices.js';
import { useChange, useFailureWords, useRead, useReadAgain } from '../../../session/use-server.js';
import { nameOf } from '../../seat/queue-names.js';
import { idFrom } from '../ids.js';
import { namesIn } from './team-names.js';
import type { UserRow } from './user-form.js';
import { FormModal } from '../../../components/form-drawer.js';

/** The teams of the site and their members. Administrators create, rename, fill and close them here. */
export function TeamsPanel({ users }: { readonly users: readonly UserRow[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const keeps = useMay()('users.edit');
  const teams = useRead('/teams');
  const [editing, setEditing] = useState<TeamView | 'new' | null>(null);
  const [closing, setClosing] = useState<TeamView | null>(null);
  return (
    <section className="panel stack" data-testid="teams-panel">
      <div className="row">
        <h2 className="grow">{t('administer.teams.title')}</h2>
        {keeps && (
          <Button onClick={() => setEditing('new')} data-testid="add-team">
            {t('administer.teams.add')}
          </Button>
        )}
      </div>
      <Loaded query={teams}>
        {({ teams: rows }) =>
          rows.length === 0 ? (
            <p className="soft">{t('administer.teams.empty')}</p>
          ) : (
            <Table<TeamView>
              rowKey="id"
              size="middle"
              scroll={{ x: 'max-content' }}
              pagination={{ pageSize: 10, hideOnSinglePage: true }}
              dataSource={[...rows].sort((a, b) => Number(a.closedAt !== null) - Number(b.closedAt !== null))}
              columns={[
                {
                  title: t('administer.users.team'),
                  render: (_value, { name, closedAt }) => (
                    <>
                      {nameOf(namesIn(name), i18n.language)} {closedAt !== null && <Tag>{t('administer.teams.closed')}</Tag>}
                    </>
                  ),
                },
                { title: t('administer.teams.site'), render: (_value, { site }) => site ?? '' },
                {
                  title: t('administer.teams.members'),
                  render: (_value, { memberIds }) => <span className="figures">{memberIds.length}</span>,
                },
                ...(keeps
                  ? [
                      {
                        title: '',
                        key: 'actions',
                        render: (_value: unknown, team: TeamView) =>
                          team.closedAt === null && (
                            <div className="row">
                              <Button size="small" onClick={() => setEditing(team)} data-testid={`edit-team-${team.id}`}>
                                {t('shell.edit')}
                              </Button>
                              <Button size="small" danger onClick={() => setClosing(team)} data-testid={`close-team-${team.id}`}>
                                {t('administer.teams.close')}
                              </Button>
                            </div>
                          ),
                      },
                    ]
                  : []),
              ]}
            />
          )
        }
      </Loaded>
      {editing !== null && (
        <TeamForm
          team={editing === 'new' ? null : editing}
          teams={teams.data?.teams ?? []}
          users={users}
          onClose={() => setEditing(null)}
        />
      )}
      {closing !== null && <CloseTeam team={closing} teams={teams.data?.teams ?? []} onClose={() => setClosing(null)} />}
    </section>
  );
}

interface TeamFields {
  readonly chinese: string;
  readonly english?: string;
  readonly site?: string;
  readonly members?: string[];
}

function TeamForm({
  team,
  teams,
  users,
  onClose,
}: {
  readonly team: TeamView | null;
  readonly teams: readonly TeamView[];
  readonly users: readonly UserRow[];
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<TeamFields>();
  const { session } = useApp();
  const wordsOf = useFailureWords();
  const readAgain = useReadAgain();
  const [isSaving, setSaving] = useState(false);
  /** Saving again after a failure does not create another team. */
  const [madeId, setMadeId] = useState(team?.id);
  const elsewhere = new Set(teams.filter(({ id }) => id !== team?.id).flatMap(({ memberIds }) => memberIds));

  async function save({ chinese, english = '', site = '', members = [] }: TeamFields): Promise<void> {
    const teamId =
      madeId ??
      idFrom(
        english === '' ? chinese : english,
        'team',
        teams.map(({ id }) => id),
      );
    const name = { 'zh-CN': chinese, ...(english.trim() === '' ? {} : { en: english }) };
    setSaving(true);
    try {
      await session.api.send('PUT /teams/:teamId', { params: { teamId }, body: { name, ...(site.trim() === '' ? {} : { site }) } });
      setMadeId(teamId);
      const before = [...(team?.memberIds ?? [])];
      if (members.length !== before.length || members.some((id) => !before.includes(id)))
        await session.api.send('PUT /teams/:teamId/members', { params: { teamId }, body: { userIds: members, before } });
      onClose();
    } catch (error) {
      void say('error', wordsOf(error));
    } finally {
      setSaving(false);
      await Promise.all([readAgain('teams'), readAgain('users')]);
    }
  }

  return (
    <FormModal
      open
      title={t(team === null ? 'administer.teams.add' : 'administer.teams.edit')}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      confirmLoading={isSaving}
      okButtonProps={{ 'data-testid': 'save-team' }}
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={{ chinese: team?.name['zh-CN'], english: team?.name.en, site: team?.site ?? undefined, members: team?.memberIds }}
        onFinish={(fields) => void save(fields)}
      >
        <Form.Item name="chinese" label={t('administer.teams.chinese')} rules={[{ required: true, whitespace: true, max: 64 }]}>
          <Input data-testid="team-chinese" />
        </Form.Item>
        <Form.Item name="english" label={t('administer.teams.english')} rules={[{ max: 64 }]}>
          <Input data-testid="team-english" />
        </Form.Item>
        <Form.Item name="site" label={t('administer.teams.site')} rules={[{ max: 64 }]}>
          <Input data-testid="team-site" />
        </Form.Item>
        <Form.Item name="members" label={t('administer.teams.members')} extra={t('administer.teams.membersHint')}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={users
              .filter(({ disabled, id }) => !disabled || team?.memberIds.includes(id) === true)
              .map(({ id, displayName, name }) => ({
                value: id,
                label: `${displayName} (${name})${elsewhere.has(id) ? ` · ${t('administer.teams.elsewhere')}` : ''}`,
              }))}
            data-testid="team-members"
          />
        </Form.Item>
      </Form>
    </FormModal>
  );
}

/** The label of "no team" in the control, where it has no value. */
const NONE = '(none)';

function CloseTeam({
  team,
  teams,
  onClose,
}: {
  readonly team: TeamView;
  readonly teams: readonly TeamView[];
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const [moveTo, setMoveTo] = useState<string>();
  const readAgain = useReadAgain();
  const change = useChange('teams', () => {
    void readAgain('users');
    onClose();
  });
  const { length: members } = team.memberIds;
  return (
    <FormModal
      open
      title={`${t('administer.teams.close')}: ${nameOf(namesIn(team.name), i18n.language)}`}
      onCancel={onClose}
      okText={t('administer.teams.close')}
      cancelText={t('shell.cancel')}
      confirmLoading={change.isPending}
      okButtonProps={{ danger: true, disabled: members > 0 && moveTo === undefined, 'data-testid': 'confirm-close-team' }}
      onOk={() =>
        change.mutate({
          route: 'POST /teams/:teamId/close',
          params: { teamId: team.id },
          body: moveTo === undefined ? {} : { moveTo: moveTo === NONE ? null : moveTo },
        })
      }
    >
      <div className="stack">
        <p>{t('administer.teams.closeHint')}</p>
        {members > 0 && (
          <div className="field">
            <label htmlFor="move-to">{t('administer.teams.moveTo', { count: members })}</label>
            <Select
              id="move-to"
              value={moveTo ?? null}
              onChange={(value) => setMoveTo(value ?? undefined)}
              options={[
                { value: NONE, label: t('administer.users.noTeam') },
                ...teams
                  .filter(({ id, closedAt }) => id !== team.id && closedAt === null)
                  .map(({ id, name }) => ({ value: id, label: nameOf(namesIn(name), i18n.language) })),
              ]}
              data-testid="move-to"
            />
          </div>
        )}
      </div>
    </FormModal>
  );
}
