import { Alert, App, Button, Form, Select, Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { roles, type Role } from '../../../../services/shared/domain/people/rights.js';
import { Loaded, Page } from '../../components/page.js';
import { ApiProblem } from '../../session/session.js';
import { useChange, useRead } from '../../session/use-server.js';
import type { AnswerOf } from '../../session/api.js';

type Security = AnswerOf<'GET /security/policy'>;

/** The networks from which each role may sign in, and the keys of sign-ins. */
export default function SecurityPage(): ReactNode {
  const { t } = useTranslation();
  const security = useRead('/security/policy');
  return (
    <Page title={t('security.title')} testId="security-page">
      <Loaded query={security}>
        {(value) => (
          <div className="stack narrow">
            <section className="panel">
              <h2>{t('security.networks')}</h2>
              <p className="soft">{t('security.networksWhy', { address: value.yourAddress })}</p>
              <NetworksForm security={value} />
            </section>
            <section className="panel">
              <h2>{t('security.keys')}</h2>
              <p className="soft">{t('security.keysWhy')}</p>
              <div className="row">
                {value.tokenKeys.map((key, index) => (
                  <Tag key={key} color={index === 0 ? 'green' : 'default'}>
                    {key} {index === 0 ? t('security.keySigns') : t('security.keyBelieved')}
                  </Tag>
                ))}
              </div>
            </section>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

/** The server refuses networks from which the author could not sign in. */
const isLockOut = ({ details }: ApiProblem): boolean => details !== undefined && 'need' in details && details.need === 'own-address';

function NetworksForm({ security }: { readonly security: Security }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const save = useChange('security', () => void message.success(t('shell.saved')));
  return (
    <Form
      layout="vertical"
      initialValues={security.policy.networks}
      onFinish={(networks: Record<Role, string[] | undefined>) => {
        // A role that was never given a list has none.
        const given = Object.fromEntries(Object.entries(networks).filter(([, list]) => list !== undefined && list.length > 0));
        save.mutate({ route: 'PUT /security/policy', body: { networks: given } });
      }}
    >
      {roles.map((role) => (
        <Form.Item key={role} name={role} label={t(`shell.role.${role}`)}>
          <Select mode="tags" tokenSeparators={[',', ' ']} placeholder={t('security.anywhere')} open={false} suffix={null} />
        </Form.Item>
      ))}
      {save.error instanceof ApiProblem && isLockOut(save.error) && (
        <Alert
          className="form-note"
          type="error"
          showIcon
          title={t('security.lockOut', { address: security.yourAddress })}
          data-testid="lock-out"
        />
      )}
      <Button type="primary" htmlType="submit" loading={save.isPending} data-testid="save-networks">
        {t('shell.save')}
      </Button>
    </Form>
  );
}
