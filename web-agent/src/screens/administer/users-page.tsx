import { Button, Dropdown, Form, Input, Modal, Select, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { roles, type Role } from '../../../../services/shared/domain/rights.js';
import { Loaded, Page } from '../../components/page.js';
import { timeText } from '../../components/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  readonly totpEnrolled: boolean;
  readonly totpNeeded: boolean;
  readonly lastSignInAt: string | null;
  readonly dormant: boolean;
}

export default function UsersPage(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const users = useRead<{ users: readonly UserRow[] }>('/users');
  const [editing, setEditing] = useState<UserRow | 'new' | null>(null);
  return (
    <Page
      title={t('administer.users.title')}
      testId="users-page"
      actions={
        may('users.edit') && (
          <Button type="primary" onClick={() => setEditing('new')} data-testid="add-user">
            {t('administer.users.add')}
          </Button>
        )
      }
    >
      <Loaded query={users} isEmpty={({ users: rows }) => rows.length === 0} empty={t('administer.users.empty')}>
        {({ users: rows }) => <UsersTable rows={rows} edit={setEditing} />}
      </Loaded>
      {editing !== null && <UserForm user={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

function UsersTable({ rows, edit }: { readonly rows: readonly UserRow[]; readonly edit: (user: UserRow) => void }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const change = useChange('users');
  const patch = (id: string, body: object): void => change.mutate({ method: 'PATCH', path: `/users/${id}`, body });
  return (
    <Table<UserRow>
      rowKey="id"
      dataSource={[...rows]}
      pagination={{ pageSize: 20, hideOnSinglePage: true, showTotal: (count) => t('shell.total', { count }) }}
      scroll={{ x: 'max-content' }}
      size="middle"
      columns={[
        { title: t('administer.users.name'), dataIndex: 'name', sorter: (a, b) => a.name.localeCompare(b.name) },
        { title: t('administer.users.displayName'), dataIndex: 'displayName' },
        {
          title: t('administer.users.roles'),
          render: (_value, row) => row.roles.map((role) => <Tag key={role}>{t(`shell.role.${role}`)}</Tag>),
        },
        {
          title: t('administer.users.state'),
          render: (_value, row) => (
            <>
              <Tag color={row.disabled ? 'default' : 'green'}>
                {row.disabled ? t('administer.users.disabled') : t('administer.users.active')}
              </Tag>
              {row.dormant && <Tag color="gold">{t('administer.users.dormant')}</Tag>}
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
                render: (_value: unknown, row: UserRow) => (
                  <Dropdown.Button
                    size="small"
                    onClick={() => edit(row)}
                    data-testid={`edit-${row.name}`}
                    trigger={['click']}
                    menu={{
                      items: [
                        {
                          key: 'disable',
                          label: row.disabled ? t('administer.users.enable') : t('administer.users.disable'),
                          onClick: () => patch(row.id, { disabled: !row.disabled }),
                        },
                        {
                          key: 'totp',
                          label: t('administer.users.resetTotp'),
                          disabled: !row.totpEnrolled,
                          onClick: () => patch(row.id, { resetTotp: true }),
                        },
                      ],
                    }}
                  >
                    {t('shell.edit')}
                  </Dropdown.Button>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}

interface UserFields {
  readonly name: string;
  readonly displayName: string;
  readonly roles: Role[];
  readonly password?: string;
}

function UserForm({ user, onClose }: { readonly user: UserRow | null; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<UserFields>();
  const change = useChange('users', onClose);

  function save({ name, displayName, roles: chosen, password }: UserFields): void {
    const secret = password === undefined || password === '' ? {} : { password };
    if (user === null) change.mutate({ method: 'POST', path: '/users', body: { name, displayName, roles: chosen, ...secret } });
    else change.mutate({ method: 'PATCH', path: `/users/${user.id}`, body: { displayName, roles: chosen, ...secret } });
  }

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
      <Form
        form={form}
        layout="vertical"
        initialValues={user === null ? { roles: ['agent'] } : { name: user.name, displayName: user.displayName, roles: [...user.roles] }}
        onFinish={save}
      >
        <Form.Item
          name="name"
          label={t('administer.users.name')}
          extra={t('administer.users.nameHint')}
          rules={[{ required: true, pattern: /^[a-zA-Z0-9._-]{2,64}$/, message: '' }]}
        >
          <Input disabled={user !== null} data-testid="user-name" />
        </Form.Item>
        <Form.Item name="displayName" label={t('administer.users.displayName')} rules={[{ required: true, message: '' }]}>
          <Input data-testid="user-display-name" />
        </Form.Item>
        <Form.Item name="roles" label={t('administer.users.roles')} rules={[{ required: true, message: '' }]}>
          <Select
            mode="multiple"
            options={roles.map((role) => ({ value: role, label: t(`shell.role.${role}`) }))}
            data-testid="user-roles"
          />
        </Form.Item>
        <Form.Item
          name="password"
          label={user === null ? t('administer.users.password') : t('administer.users.resetPassword')}
          extra={t('administer.users.passwordHint')}
          rules={user === null ? [{ required: true, message: '' }] : []}
        >
          <Input.Password autoComplete="new-password" data-testid="user-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
