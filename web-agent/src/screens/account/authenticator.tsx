import { Alert, App, Button, Form, Input, QRCode, Typography } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange } from '../../session/use-server.js';
import { useProfile, useSession } from '../../session/use-workplace.js';

/** Sets up the second factor: scan, confirm by the first code, store the recovery codes. */
export function Authenticator(): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const { totpEnrolled } = useProfile();
  const [uri, setUri] = useState<string | null>(null);
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState<readonly string[] | null>(null);
  const begin = useChange<'POST /session/totp'>('session', (answer) => setUri(answer.uri));
  const confirm = useChange<'POST /session/totp/confirm'>('session', ({ recoveryCodes }) => {
    setRecovery(recoveryCodes);
    setUri(null);
  });
  const send = (): void => confirm.mutate({ route: 'POST /session/totp/confirm', body: { code } });

  if (recovery !== null)
    return (
      <div className="stack" data-testid="recovery-codes">
        <Alert type="success" showIcon title={t('account.totp.done')} description={t('account.totp.recovery')} />
        <Typography.Paragraph copyable={{ text: recovery.join('\n') }}>
          <pre className="raw">{recovery.join('\n')}</pre>
        </Typography.Paragraph>
        <Button type="primary" onClick={() => void session.reloadProfile().then(() => setRecovery(null))}>
          {t('account.totp.kept')}
        </Button>
      </div>
    );
  if (totpEnrolled) return <RenewAuthenticator />;
  if (uri === null)
    return (
      <div className="stack">
        <p className="soft">{t('account.totp.why')}</p>
        <div>
          <Button
            type="primary"
            loading={begin.isPending}
            onClick={() => begin.mutate({ route: 'POST /session/totp' })}
            data-testid="totp-begin"
          >
            {t('account.totp.begin')}
          </Button>
        </div>
      </div>
    );
  return (
    <div className="stack">
      <p>{t('account.totp.scan')}</p>
      <QRCode value={uri} type="svg" bgColor="#fff" color="#000" />
      <Typography.Text copyable={{ text: uri }} className="soft">
        {t('account.totp.copyUri')}
      </Typography.Text>
      <div className="soft">
        {t('account.totp.orKey')}{' '}
        <code data-testid="totp-key">{(new URL(uri).searchParams.get('secret') ?? '').match(/.{1,4}/g)?.join(' ')}</code>
      </div>
      <div className="row">
        <Input
          className="short"
          value={code}
          inputMode="numeric"
          maxLength={8}
          aria-label={t('shell.signIn.code')}
          placeholder={t('shell.signIn.code')}
          onChange={({ target }) => setCode(target.value.trim())}
          onPressEnter={() => {
            if (code.length >= 6 && !confirm.isPending) send();
          }}
          data-testid="totp-code"
        />
        <Button type="primary" disabled={code.length < 6} loading={confirm.isPending} onClick={send} data-testid="totp-confirm">
          {t('account.totp.confirm')}
        </Button>
      </div>
    </div>
  );
}

/** For a new phone: removes the current authenticator with the password and one of its codes. */
function RenewAuthenticator(): ReactNode {
  const { t } = useTranslation();
  const { session } = useSession();
  const { message } = App.useApp();
  const [open, setOpen] = useState(false);
  const remove = useChange('session', () => {
    void message.success(t('account.totp.renewed'));
    void session.reloadProfile();
  });
  if (!open)
    return (
      <div className="stack">
        <p>{t('account.totp.on')}</p>
        <div>
          <Button onClick={() => setOpen(true)} data-testid="totp-renew">
            {t('account.totp.renew')}
          </Button>
        </div>
      </div>
    );
  return (
    <Form<{ password: string; code: string }>
      layout="vertical"
      requiredMark={false}
      onFinish={(body) => remove.mutate({ route: 'POST /session/totp/remove', body })}
    >
      <p className="soft">{t('account.totp.renewWhy')}</p>
      <Form.Item name="password" label={t('shell.password.current')} rules={[{ required: true }]}>
        <Input.Password autoComplete="current-password" data-testid="totp-renew-password" />
      </Form.Item>
      <Form.Item name="code" label={t('shell.password.code')} rules={[{ required: true }]}>
        <Input autoComplete="one-time-code" maxLength={32} data-testid="totp-renew-code" />
      </Form.Item>
      <div className="row">
        <Button danger htmlType="submit" loading={remove.isPending} data-testid="totp-renew-submit">
          {t('account.totp.renew')}
        </Button>
        <Button onClick={() => setOpen(false)}>{t('shell.cancel')}</Button>
      </div>
    </Form>
  );
}
