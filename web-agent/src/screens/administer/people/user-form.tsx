import { CopyOutlined } from '@ant-design/icons';
import { Alert, Button, Checkbox, DatePicker, Form, Input, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf, siteDay } from '../../../components/time/site-days.js';
import { personalRights, roles, type PersonalRight, type Role } from '../../../../../services/shared/domain/people/rights.js';
import { say } from '../../../session/notices.js';
import { useChange, useRead } from '../../../session/use-server.js';
import { useMay, useProfile } from '../../../session/use-workplace.js';
import { nameOf } from '../../seat/queue-names.js';
import { changedOf } from './changed-account.js';
import { firstPassword } from './first-password.js';
import { userNameFrom } from '../ids.js';
import { NewPersonWork, useGiveWork, type WorkFields } from './new-person-work.js';
import { useSaidWaiting } from '../said-waiting.js';
import { PlaceFields } from './reach-selects.js';
import { namesIn } from './team-names.js';
import type { UserAccount } from '../../../../../services/shared/contracts/api/centre/identity.js';
import { FormModal } from '../../../components/form-drawer.js';

export type UserRow = UserAccount;

interface UserFields extends WorkFields {
  readonly name?: string;
  readonly displayName: string;
  readonly roles: Role[];
  readonly password?: string;
  readonly queues?: string[];
  readonly clientUnits?: string[];
  readonly sites?: string[];
  readonly scopeTeams?: string[];
  readonly teamId?: string | null;
  readonly networks?: string[];
  readonly grants?: PersonalRight[];
  readonly expiresAt?: Dayjs | null;
}

/** A new account, or the changes of one. */
export function UserForm({
  user,
  taken,
  onClose,
}: {
  readonly user: UserRow | null;
  /** Names of the existing accounts. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<UserFields>();
  const said = useSaidWaiting(onClose);
  const giveWork = useGiveWork();
  const change = useChange<'POST /users' | 'PATCH /users/:id'>('users', (answer) => {
    if (user === null && answer !== undefined) void giveWork('id' in answer ? answer.id : undefined, workOf(form.getFieldsValue()));
    said(answer);
  });
  const may = useMay();
  const chosenRoles = Form.useWatch('roles', form) ?? [];
  const made = userNameFrom(Form.useWatch('displayName', form) ?? '', chosenRoles[0] ?? 'user', taken);
  const takesCalls = user === null && may('queues.edit') && chosenRoles.some((role) => role === 'agent' || role === 'supervisor');
  const isOwn = useProfile().userId === user?.id;

  function save(fields: UserFields): void {
    const { name = '', displayName, roles: chosen, password, teamId = null, networks = [], grants = [], expiresAt } = fields;
    const { queues = [], clientUnits = [], sites = [], scopeTeams = [] } = fields;
    const body = {
      displayName,
      roles: chosen,
      scope: { queues, clientUnits, sites, ...(scopeTeams.length === 0 ? {} : { teams: scopeTeams }) },
      teamId,
      networks,
      grants,
      ...(password === undefined || password === '' ? {} : { password }),
      ...(expiresAt === undefined || expiresAt === null ? {} : { expiresAt: isoOf(expiresAt.endOf('day')) }),
    };
    if (user === null)
      change.mutate({ route: 'POST /users', body: { ...body, name: name === '' ? made : name, password: password ?? '' } });
    else change.mutate({ route: 'PATCH /users/:id', params: { id: user.id }, body: isOwn ? { displayName } : changedOf(body, user) });
  }

  return (
    <FormModal
      open
      title={user === null ? t('administer.users.add') : `${t('shell.edit')} ${user.name}`}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      confirmLoading={change.isPending}
      okButtonProps={{ 'data-testid': 'save-user' }}
    >
      <Form form={form} layout="vertical" initialValues={initial(user)} onFinish={save}>
        <Form.Item
          name="name"
          label={t('administer.users.name')}
          extra={
            user === null
              ? `${t('administer.users.nameHint')}${t('setUp.made.or')}${t('setUp.made.user', { name: made })}`
              : t('administer.users.nameHint')
          }
          rules={[{ pattern: /^[a-zA-Z0-9._-]{2,64}$/ }]}
        >
          <Input disabled={user !== null} data-testid="user-name" />
        </Form.Item>
        <Form.Item name="displayName" label={t('administer.users.displayName')} rules={[{ required: true }]}>
          <Input data-testid="user-display-name" />
        </Form.Item>
        {isOwn && <Alert type="info" showIcon title={t('security.changes.ownHint')} />}
        <Form.Item name="roles" label={t('administer.users.roles')} rules={[{ required: true }]}>
          <Select
            mode="multiple"
            showSearch={{ optionFilterProp: 'label' }}
            options={roles.map((role) => ({ value: role, label: t(`shell.role.${role}`) }))}
            optionRender={({ value, label }) => (
              <>
                {label} <span className="soft">{t(`administer.users.roleHint.${String(value)}`)}</span>
              </>
            )}
            data-testid="user-roles"
          />
        </Form.Item>
        <PasswordField isNew={user === null} onMake={() => form.setFieldValue('password', firstPassword())} />
        {takesCalls && <NewPersonWork />}
        <TeamField />
        <Form.Item name="grants" label={t('freeDial.right')} extra={t('freeDial.rightHint')}>
          <Checkbox.Group
            options={personalRights.map((right) => ({ value: right, label: t(`freeDial.rights.${right}`) }))}
            data-testid="user-grants"
          />
        </Form.Item>
        <ReachFields />
      </Form>
    </FormModal>
  );
}

const workOf = ({ serves = [], skills = {} }: WorkFields): WorkFields => ({ serves, skills });

/** The first password of a new account, or a reset for an existing one. */
function PasswordField({ isNew, onMake }: { readonly isNew: boolean; readonly onMake: () => void }): ReactNode {
  const { t } = useTranslation();
  const [shown, setShown] = useState(false);
  const copy = (password: string): void =>
    void navigator.clipboard
      .writeText(password)
      .then(() => say('success', t('shell.copied')))
      // It is shown: it can be copied by hand.
      .catch(() => undefined);
  return (
    <Form.Item label={isNew ? t('administer.users.password') : t('administer.users.resetPassword')} htmlFor="password" required={isNew}>
      <div className="row">
        <Form.Item name="password" noStyle rules={isNew ? [{ required: true, message: t('setUp.made.passwordMissing') }] : []}>
          <Input.Password
            className="grow"
            autoComplete="new-password"
            visibilityToggle={{ visible: shown, onVisibleChange: setShown }}
            data-testid="user-password"
          />
        </Form.Item>
        {/* A password that was made is shown: nobody can pass on what they have not seen. */}
        <Button
          onClick={() => {
            onMake();
            setShown(true);
          }}
          data-testid="make-password"
        >
          {t('setUp.made.password')}
        </Button>
        <Form.Item noStyle shouldUpdate>
          {({ getFieldValue }) => {
            const password = String(getFieldValue('password') ?? '');
            return (
              <Button
                icon={<CopyOutlined />}
                disabled={password === ''}
                aria-label={t('shell.copy')}
                title={t('shell.copy')}
                onClick={() => copy(password)}
                data-testid="copy-password"
              />
            );
          }}
        </Form.Item>
      </div>
      <span className="soft">{t(isNew ? 'setUp.made.passwordHint' : 'administer.users.passwordHint')}</span>
    </Form.Item>
  );
}

/** Open teams, and closed ones that are still named. */
function useTeamOptions(named: readonly string[]): readonly { readonly value: string; readonly label: string }[] {
  const { i18n } = useTranslation();
  const teams = useRead('/teams').data?.teams ?? [];
  return teams
    .filter(({ id, closedAt }) => closedAt === null || named.includes(id))
    .map(({ id, name }) => ({ value: id, label: nameOf(namesIn(name), i18n.language) }));
}

/** The team that the person is in from today on. */
function TeamField(): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item name="teamId" label={t('administer.users.team')} extra={t('administer.users.teamHint')}>
      <Select allowClear placeholder={t('administer.users.noTeam')} options={[...useTeamOptions([])]} data-testid="user-team" />
    </Form.Item>
  );
}

/** What the person may see, from which networks, and until when. */
function ReachFields(): ReactNode {
  const { t } = useTranslation();
  const tags = <Select mode="tags" tokenSeparators={[',', ' ']} open={false} suffix={null} />;
  return (
    <>
      <PlaceFields />
      <Form.Item name="scopeTeams" label={t('administer.users.scopeTeams')} extra={t('administer.users.scopeTeamsHint')}>
        <Select
          mode="multiple"
          options={[...useTeamOptions(Form.useWatch<string[] | undefined>('scopeTeams') ?? [])]}
          data-testid="user-scope-teams"
        />
      </Form.Item>
      <Form.Item name="networks" label={t('administer.users.networks')} extra={t('administer.users.networksHint')}>
        {tags}
      </Form.Item>
      <Form.Item name="expiresAt" label={t('administer.users.expiresAt')} extra={t('administer.users.expiresHint')}>
        <DatePicker className="full" data-testid="user-expires" />
      </Form.Item>
    </>
  );
}

const initial = (user: UserRow | null): object =>
  user === null
    ? { roles: ['agent'] }
    : {
        name: user.name,
        displayName: user.displayName,
        roles: [...user.roles],
        queues: [...user.scope.queues],
        clientUnits: [...user.scope.clientUnits],
        sites: [...user.scope.sites],
        scopeTeams: [...(user.scope.teams ?? [])],
        teamId: user.teamId,
        networks: [...user.networks],
        grants: [...user.grants],
        expiresAt: user.expiresAt === null ? null : siteDay(user.expiresAt),
      };
