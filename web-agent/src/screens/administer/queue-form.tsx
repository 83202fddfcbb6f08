import { Checkbox, Drawer, Form, Input, InputNumber, Select, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useChange, useRead } from '../../session/use-server.js';

export const strategies = ['longest-idle', 'round-robin', 'fewest-calls', 'least-talk-time', 'top-down', 'ring-all'] as const;

/** A queue as `/api/queues` has it; times in milliseconds. */
export interface QueueSettings {
  readonly id: string;
  readonly name: Readonly<Record<string, string>>;
  readonly strategy: (typeof strategies)[number];
  readonly members: 'everyone' | readonly string[];
  readonly priority: number;
  readonly ringForMs: number;
  readonly autoAnswer: boolean;
  readonly maxLength: number;
  readonly maxWaitMs: number;
  readonly admitWithoutAgents: boolean;
  readonly overflow: { readonly to: string; readonly queueId?: string; readonly number?: string };
  readonly wrapUp: { readonly mode: 'none' | 'fixed' | 'manual'; readonly ms: number; readonly extendable: boolean };
  readonly serviceLevel: { readonly targetPercent: number; readonly thresholdMs: number };
}

interface Fields {
  readonly id: string;
  readonly zh: string;
  readonly en: string;
  readonly strategy: QueueSettings['strategy'];
  readonly everyone: boolean;
  readonly members?: string[];
  readonly priority: number;
  readonly ringForS: number;
  readonly autoAnswer: boolean;
  readonly maxLength: number;
  readonly maxWaitS: number;
  readonly admitWithoutAgents: boolean;
  readonly wrapUpMode: QueueSettings['wrapUp']['mode'];
  readonly wrapUpS: number;
  readonly extendable: boolean;
  readonly targetPercent: number;
  readonly thresholdS: number;
}

const fresh: Omit<Fields, 'id' | 'zh' | 'en'> = {
  strategy: 'longest-idle',
  everyone: true,
  priority: 50,
  ringForS: 20,
  autoAnswer: false,
  maxLength: 100,
  maxWaitS: 600,
  admitWithoutAgents: false,
  wrapUpMode: 'fixed',
  wrapUpS: 10,
  extendable: true,
  targetPercent: 80,
  thresholdS: 20,
};

const fieldsOf = (queue: QueueSettings): Fields => ({
  id: queue.id,
  zh: queue.name['zh-CN'] ?? '',
  en: queue.name.en ?? '',
  strategy: queue.strategy,
  everyone: queue.members === 'everyone',
  members: queue.members === 'everyone' ? [] : [...queue.members],
  priority: queue.priority,
  ringForS: queue.ringForMs / 1_000,
  autoAnswer: queue.autoAnswer,
  maxLength: queue.maxLength,
  maxWaitS: queue.maxWaitMs / 1_000,
  admitWithoutAgents: queue.admitWithoutAgents,
  wrapUpMode: queue.wrapUp.mode,
  wrapUpS: queue.wrapUp.ms / 1_000,
  extendable: queue.wrapUp.extendable,
  targetPercent: queue.serviceLevel.targetPercent,
  thresholdS: queue.serviceLevel.thresholdMs / 1_000,
});

export function QueueForm({ queue, onClose }: { readonly queue: QueueSettings | null; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const change = useChange('queues', onClose);
  const agents = useRead<{ users: readonly { id: string; displayName: string; roles: readonly string[] }[] }>('/users');
  const everyone = Form.useWatch('everyone', form) ?? true;

  function save(fields: Fields): void {
    // What this form does not show (skills, rings, sticky time) stays as it is.
    const body = {
      ...(queue ?? {}),
      name: { 'zh-CN': fields.zh, en: fields.en },
      strategy: fields.strategy,
      members: fields.everyone ? 'everyone' : (fields.members ?? []),
      priority: fields.priority,
      ringForMs: fields.ringForS * 1_000,
      autoAnswer: fields.autoAnswer,
      maxLength: fields.maxLength,
      maxWaitMs: fields.maxWaitS * 1_000,
      admitWithoutAgents: fields.admitWithoutAgents,
      wrapUp: { mode: fields.wrapUpMode, ms: fields.wrapUpS * 1_000, extendable: fields.extendable },
      serviceLevel: { targetPercent: fields.targetPercent, thresholdMs: fields.thresholdS * 1_000 },
    };
    change.mutate({ method: 'PUT', path: `/queues/${encodeURIComponent(fields.id)}`, body });
  }

  const number = (name: keyof Fields, label: string, min: number, max: number): ReactNode => (
    <Form.Item name={name} label={label} rules={[{ required: true, message: '' }]}>
      <InputNumber min={min} max={max} className="full" />
    </Form.Item>
  );

  return (
    <Drawer
      open
      size={520}
      title={queue === null ? t('administer.queues.add') : t('administer.queues.edit')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={change.isPending} onClick={() => form.submit()} data-testid="save-queue">
          {t('shell.save')}
        </Button>
      }
    >
      <Form form={form} layout="vertical" initialValues={queue === null ? fresh : fieldsOf(queue)} onFinish={save}>
        <Form.Item name="id" label={t('administer.queues.id')} rules={[{ required: true, pattern: /^[a-z0-9-]{1,40}$/, message: '' }]}>
          <Input disabled={queue !== null} data-testid="queue-id" />
        </Form.Item>
        <div className="two">
          <Form.Item name="zh" label={t('administer.queues.nameZh')} rules={[{ required: true, message: '' }]}>
            <Input data-testid="queue-name-zh" />
          </Form.Item>
          <Form.Item name="en" label={t('administer.queues.nameEn')} rules={[{ required: true, message: '' }]}>
            <Input data-testid="queue-name-en" />
          </Form.Item>
        </div>
        <Form.Item name="strategy" label={t('administer.queues.strategy')}>
          <Select options={strategies.map((value) => ({ value, label: t(`administer.queues.strategies.${value}`) }))} />
        </Form.Item>
        <Form.Item name="everyone" valuePropName="checked">
          <Checkbox>{t('administer.queues.everyone')}</Checkbox>
        </Form.Item>
        {!everyone && (
          <Form.Item name="members" label={t('administer.queues.members')}>
            <Select
              mode="multiple"
              showSearch={{ optionFilterProp: 'label' }}
              options={(agents.data?.users ?? [])
                .filter(({ roles }) => roles.includes('agent') || roles.includes('supervisor'))
                .map(({ id, displayName }) => ({ value: id, label: displayName }))}
            />
          </Form.Item>
        )}
        <div className="two">
          {number('priority', t('administer.queues.priority'), 0, 100)}
          {number('ringForS', t('administer.queues.ringFor'), 3, 120)}
          {number('maxLength', t('administer.queues.maxLength'), 1, 10_000)}
          {number('maxWaitS', t('administer.queues.maxWait'), 5, 7_200)}
          {number('targetPercent', t('administer.queues.targetPercent'), 1, 100)}
          {number('thresholdS', t('administer.queues.threshold'), 1, 3_600)}
          <Form.Item name="wrapUpMode" label={t('administer.queues.wrapUp')}>
            <Select
              options={(['none', 'fixed', 'manual'] as const).map((value) => ({ value, label: t(`administer.queues.wrapUps.${value}`) }))}
            />
          </Form.Item>
          {number('wrapUpS', t('administer.queues.wrapUpFor'), 0, 3_600)}
        </div>
        <Form.Item name="extendable" valuePropName="checked" noStyle>
          <Checkbox>{t('administer.queues.extendable')}</Checkbox>
        </Form.Item>
        <Form.Item name="autoAnswer" valuePropName="checked" noStyle>
          <Checkbox>{t('administer.queues.autoAnswer')}</Checkbox>
        </Form.Item>
        <Form.Item name="admitWithoutAgents" valuePropName="checked" noStyle>
          <Checkbox>{t('administer.queues.admitWithoutAgents')}</Checkbox>
        </Form.Item>
      </Form>
    </Drawer>
  );
}
