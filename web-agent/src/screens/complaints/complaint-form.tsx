import { App, Button, Form, Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../../session/use-server.js';
import { ProvinceSelect } from './province-select.js';
import { complaintKinds, complaintSources, type Complaint, type ComplaintKind, type ComplaintSource } from './complaint.js';
import { FormDrawer } from '../../components/form-drawer.js';

/** Empty fields are left out. */
const withoutEmpty = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string' && value.trim() !== '')) as T;

interface Fields {
  readonly source: ComplaintSource;
  readonly kind: ComplaintKind;
  readonly text: string;
  readonly number?: string;
  readonly name?: string;
  readonly mail?: string;
  readonly clientUnit?: string;
  readonly province?: string;
}

/** Opens a case. At a seat the call is attached, and the page announces the complainant's number. */
export function ComplaintForm({
  callId,
  source = 'phone',
  asksNumber = callId === undefined,
  onClose,
  onOpened,
}: {
  readonly callId?: string;
  readonly source?: ComplaintSource;
  /** True for a case without a call, and for a call whose caller hid the number. */
  readonly asksNumber?: boolean;
  readonly onClose: () => void;
  readonly onOpened?: (complaint: Complaint) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const open = useChange<'POST /complaints'>('complaints', (complaint) => {
    void message.success(t('complaints.opened', { number: complaint.number }), 8);
    onOpened?.(complaint);
    onClose();
  });

  function save(fields: Fields): void {
    open.mutate({
      route: 'POST /complaints',
      body: { ...withoutEmpty(fields), source: fields.source ?? source, ...(callId === undefined ? {} : { callId }) },
    });
  }

  return (
    <FormDrawer
      open
      size={440}
      title={t('complaints.open')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={open.isPending} onClick={() => form.submit()} data-testid="save-complaint">
          {t('shell.save')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" initialValues={{ kind: 'attitude', ...(callId === undefined ? { source } : {}) }} onFinish={save}>
        {callId !== undefined && <p className="soft">{t('complaints.withCall')}</p>}
        <Form.Item name="kind" label={t('complaints.kind')}>
          <Select options={complaintKinds.map((value) => ({ value, label: t(`complaints.kinds.${value}`) }))} />
        </Form.Item>
        {callId === undefined && (
          <Form.Item name="source" label={t('complaints.source')}>
            <Select options={complaintSources.map((value) => ({ value, label: t(`complaints.sources.${value}`) }))} />
          </Form.Item>
        )}
        {asksNumber && (
          <Form.Item
            name="number"
            label={t('complaints.phone')}
            extra={callId === undefined ? undefined : t('complaints.withheldHint')}
            rules={[{ required: callId === undefined, pattern: /^\+?[0-9 -]{3,24}$/ }]}
          >
            <Input inputMode="tel" data-testid="complaint-number" />
          </Form.Item>
        )}
        <Form.Item name="name" label={t('complaints.name')}>
          <Input />
        </Form.Item>
        <Form.Item name="mail" label={t('complaints.mail')} rules={[{ type: 'email' }]}>
          <Input inputMode="email" />
        </Form.Item>
        {callId === undefined && (
          <Form.Item name="clientUnit" label={t('complaints.clientUnit')}>
            <Input maxLength={100} />
          </Form.Item>
        )}
        <Form.Item name="province" label={t('complaints.province')}>
          <ProvinceSelect />
        </Form.Item>
        <Form.Item name="text" label={t('complaints.text')} rules={[{ required: true }]}>
          <Input.TextArea rows={6} data-testid="complaint-text" />
        </Form.Item>
      </Form>
    </FormDrawer>
  );
}
