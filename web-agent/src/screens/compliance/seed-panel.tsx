import { Alert, App, Button, Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';

const LONGEST_SEED = 64;

/** The seed in force that an inspector named; null when none did. */
export const useNamedSeed = () => useRead('/evidence/seed').data?.seed ?? null;

/** The seed of the inspector: they type it here with their own account, and everybody sees which one draws use. */
export function SeedPanel(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const named = useNamedSeed();
  return (
    <section className="panel stack not-printed" data-testid="seed-panel">
      <h2>{t('drills.named.title')}</h2>
      <p className="soft">{t('drills.named.text')}</p>
      {named === null ? (
        <p data-testid="named-seed">{t('drills.named.none')}</p>
      ) : (
        <Alert
          type="info"
          showIcon
          data-testid="named-seed"
          title={t('drills.named.inForce', {
            seed: named.seed,
            name: named.name,
            at: timeText(named.at),
            until: timeText(named.until),
          })}
        />
      )}
      {may('evidence.seed') && <SeedForm />}
    </section>
  );
}

function SeedForm(): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<{ seed?: string }>();
  const name = useChange<'POST /evidence/seed'>('evidence', () => {
    form.resetFields();
    void message.success(t('drills.named.kept'));
  });
  return (
    <Form
      form={form}
      layout="vertical"
      onFinish={({ seed = '' }) => {
        if (seed.trim() !== '') name.mutate({ route: 'POST /evidence/seed', body: { seed: seed.trim() } });
      }}
    >
      <Form.Item name="seed" label={t('drills.seed')} extra={t('drills.named.mine')}>
        <Input className="wide-field" maxLength={LONGEST_SEED} data-testid="named-seed-field" />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={name.isPending} data-testid="name-seed">
        {t('drills.named.enter')}
      </Button>
    </Form>
  );
}
