import { Alert, DatePicker, Form, Input, Modal, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isoOf, siteDay } from '../../components/site-days.js';
import { roles, type Role } from '../../../../services/shared/domain/rights.js';
import { useChange } from '../../session/use-server.js';
import { useProfile } from '../../session/use-workplace.js';
import { useSaidWaiting } from './said-waiting.js';
import type { UserAccount } from '../../../../services/shared/contracts/api/identity.js';

export type UserRow = UserAccount;

interface UserFields {
  readonly name: string;
  readonly displayName: string;
  readonly roles: Role[];
  readonly password?: string;
  readonly queues?: string[];
  readonly clientUnits?: string[];
  readonly sites?: string[];
  readonly networks?: string[];
  readonly expiresAt?: Dayjs | null;
}

/** A new account, or the changes of one. */
export function UserForm({ user, onClose }: { readonly user: UserRow | null; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<UserFields>();
  const change = useChange<'POST /users' | 'PATCH /users/:id'>('users', useSaidWaiting(onClose));
  const isOwn = useProfile().userId === user?.id;

  function save(fields: UserFields): void {
    const { name, displayName, roles: chosen, password, queues = [], clientUnits = [], sites = [], networks = [], expiresAt } = fields;
    const body = {
      displayName,
      roles: chosen,
      scope: { queues, clientUnits, sites },
      networks,
      ...(password === undefined || password === '' ? {} : { password }),
      ...(expiresAt === undefined || expiresAt === null ? {} : { expiresAt: isoOf(expiresAt.endOf('day')) }),
    };
    if (user === null) change.mutate({ route: 'POST /users', body: { ...body, name, password: password ?? '' } });
    else change.mutate({ route: 'PATCH /users/:id', params: { id: user.id }, body: isOwn ? { displayName } : body });
  }

  const tags = <Select mode="tags" tokenSeparators={[',', ' ']} open={false} suffix={null} />;
  return (
    <Modal
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
          extra={t('administer.users.nameHint')}
          rules={[{ required: true, pattern: /^[a-zA-Z0-9._-]{2,64}$/ }]}
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
        <Form.Item
          name="password"
          label={user === null ? t('administer.users.password') : t('administer.users.resetPassword')}
          extra={t('administer.users.passwordHint')}
          rules={user === null ? [{ required: true }] : []}
        >
          <Input.Password autoComplete="new-password" data-testid="user-password" />
        </Form.Item>
        <Form.Item name="queues" label={t('administer.users.queues')}>
          {tags}
        </Form.Item>
        <Form.Item name="clientUnits" label={t('administer.users.clientUnits')} extra={t('administer.users.scopeHint')}>
          {tags}
        </Form.Item>
        <Form.Item name="sites" label={t('security.sites')} extra={t('security.sitesHint')}>
          {tags}
        </Form.Item>
        <Form.Item name="networks" label={t('administer.users.networks')} extra={t('administer.users.networksHint')}>
          {tags}
        </Form.Item>
        <Form.Item name="expiresAt" label={t('administer.users.expiresAt')} extra={t('administer.users.expiresHint')}>
          <DatePicker className="full" data-testid="user-expires" />
        </Form.Item>
      </Form>
    </Modal>
  );
}

const initial = (user: UserRow | null): object =>
  user === null
    ? { roles: [] }
    : {
        name: user.name,
        displayName: user.displayName,
        roles: [...user.roles],
        queues: [...user.scope.queues],
        clientUnits: [...user.scope.clientUnits],
        sites: [...user.scope.sites],
        networks: [...user.networks],
        expiresAt: user.expiresAt === null ? null : siteDay(user.expiresAt),
      };
