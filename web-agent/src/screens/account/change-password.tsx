import { Alert, App, Button, Form, Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiProblem } from '../../session/session.js';
import { say } from '../../session/notices.js';
import { useFailureWords, useReadAgain } from '../../session/use-server.js';
import { useProfile, useSession } from '../../session/use-workplace.js';

interface Fields {
  readonly current: string;
  readonly next: string;
  readonly again: string;
  readonly code?: string;
}

const isOfPassword = (error: unknown): boolean => error instanceof ApiProblem && error.details !== undefined && 'password' in error.details;

/** Changes the person's own password. `must`: the full page after a first password. */
export function ChangePassword({ must = false }: { readonly must?: boolean }): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const { totpEnrolled } = useProfile();
  const asksForCode = totpEnrolled && !must;
  const { message } = App.useApp();
  const [form] = Form.useForm<Fields>();
  const wordsOf = useFailureWords();
  const readAgain = useReadAgain();
  const [busy, setBusy] = useState(false);

  async function save({ current, next, code }: Fields): Promise<void> {
    setBusy(true);
    try {
      await session.api.send('POST /session/password', { body: { current, next, ...(asksForCode ? { code } : {}) } });
      void message.success(t('shell.password.done'));
      form.resetFields();
      await readAgain('session');
      await session.reloadProfile();
    } catch (error) {
      // What is wrong with the new password stands under its field until it is changed.
      if (isOfPassword(error)) form.setFields([{ name: 'next', errors: [wordsOf(error)] }]);
      else void say('error', wordsOf(error), 6);
    } finally {
      setBusy(false);
    }
  }

  const fields = (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => void save(values)}>
      {must && <Alert className="form-note" type="info" showIcon title={t('shell.password.must')} />}
      <Form.Item name="current" label={t('shell.password.current')} rules={[{ required: true }]}>
        <Input.Password autoComplete="current-password" data-testid="password-current" />
      </Form.Item>
      <Form.Item name="next" label={t('shell.password.next')} extra={t('shell.password.rules')} rules={[{ required: true }]}>
        <Input.Password autoComplete="new-password" data-testid="password-next" />
      </Form.Item>
      <Form.Item
        name="again"
        label={t('shell.password.again')}
        dependencies={['next']}
        rules={[
          ({ getFieldValue }) => ({
            validator: (_rule, value) =>
              value === getFieldValue('next') ? Promise.resolve() : Promise.reject(new Error(t('shell.password.differ'))),
          }),
        ]}
      >
        <Input.Password autoComplete="new-password" data-testid="password-again" />
      </Form.Item>
      {asksForCode && (
        <Form.Item name="code" label={t('shell.password.code')} rules={[{ required: true }]}>
          <Input autoComplete="one-time-code" maxLength={32} data-testid="password-code" />
        </Form.Item>
      )}
      <div className="row">
        <Button type="primary" htmlType="submit" loading={busy} data-testid="password-submit">
          {t('shell.password.submit')}
        </Button>
        {must && <Button onClick={() => void session.signOut()}>{t('shell.signOut')}</Button>}
      </div>
    </Form>
  );
  if (!must) return fields;
  return (
    <main className="sign-in">
      <div className="panel">
        <h1>{t('shell.password.title')}</h1>
        {fields}
      </div>
    </main>
  );
}
