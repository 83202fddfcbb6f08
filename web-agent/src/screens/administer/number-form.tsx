import { App, Button, Form, Input, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { Flow, ServiceNumber } from '../../../../services/shared/contracts/calls/flow.js';
import { useChange, useRead } from '../../session/use-server.js';
import { firstQueue, flowInto } from './flow/flow-edit.js';
import { nameOf } from '../seat/queue-names.js';
import type { QueueSettings } from './queues/queue-settings.js';
import { queuesForCallers } from './queues/served-by-people.js';
import { unsaved } from '../../session/unsaved.js';
import { FormDrawer } from '../../components/form-drawer.js';

const statuses = ['in-service', 'draft', 'closed', 'out-of-service'] as const;
const dialable = /^\+?[0-9*#]{1,24}$/;

interface Fields {
  readonly number: string;
  readonly name: string;
  readonly status: ServiceNumber['status'];
  readonly language: ServiceNumber['language'];
  readonly clientUnit?: string;
  readonly site?: string;
  readonly greeting?: string;
  readonly testCallers?: string[];
}

/** What a new number may begin with: a queue, or the flow of another number. */
const beginningsOf = (queues: readonly QueueSettings[], others: readonly ServiceNumber[], language: string, t: (key: string) => string) => [
  {
    label: t('flow.queue'),
    title: t('flow.queue'),
    options: queuesForCallers(queues).map(({ id, name }) => ({ value: `queue:${id}`, label: nameOf(name, language) })),
  },
  {
    label: t('library.numbers.copyFlow'),
    title: t('library.numbers.copyFlow'),
    options: others.map((other) => ({ value: `flow:${other.number}`, label: `${other.number} ${other.name}` })),
  },
];

/** The settings of a number. A new number gets a first flow and the page leads to it. */
export function NumberForm({
  number,
  others,
  onClose,
}: {
  readonly number: ServiceNumber | null;
  readonly others: readonly ServiceNumber[];
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [form] = Form.useForm<Fields>();
  const queues = useRead('/queues', { enabled: number === null });
  const known = queues.data?.queues ?? [];
  const usual = firstQueue(known)?.id;
  const [chosen, setChosen] = useState<string>();
  const begins = chosen ?? (usual === undefined ? undefined : `queue:${usual}`);
  const change = useChange<'PUT /numbers/:number'>('numbers', (saved) => {
    onClose();
    if (number !== null) return;
    unsaved.letGo();
    void message.success(t('library.numbers.added', { number: saved.number }), 8);
    void navigate(`/flows?number=${encodeURIComponent(saved.number)}`);
  });

  function firstFlow(): Pick<Flow, 'start' | 'steps'> {
    const copied = others.find((other) => begins === `flow:${other.number}`)?.flow;
    return copied ?? flowInto(known.find(({ id }) => begins === `queue:${id}`)?.id);
  }

  function save({ number: digits, clientUnit, site, greeting, testCallers, ...rest }: Fields): void {
    const body = {
      ...rest,
      testCallers: testCallers ?? [],
      ...(clientUnit ? { clientUnit } : {}),
      ...(site ? { site } : {}),
      ...(greeting ? { greeting } : {}),
      ...(number === null ? { flow: firstFlow() } : { revision: number.revision }),
    };
    change.mutate({ route: 'PUT /numbers/:number', params: { number: digits }, body, isNew: number === null });
  }

  const beginnings = beginningsOf(known, others, i18n.language, t);
  return (
    <FormDrawer
      open
      size={440}
      title={number === null ? t('library.numbers.add') : number.number}
      onClose={onClose}
      extra={
        <Button type="primary" loading={change.isPending} onClick={() => form.submit()} data-testid="save-number">
          {t('shell.save')}
        </Button>
      }
    >
      <Form
        form={form}
        layout="vertical"
        initialValues={
          number === null ? { status: 'draft', language: 'zh-CN', name: '' } : { ...number, testCallers: [...number.testCallers] }
        }
        onFinish={save}
      >
        <Form.Item
          name="number"
          label={t('library.numbers.number')}
          rules={[
            { required: true, pattern: dialable, message: t('library.numbers.numberRule') },
            {
              validator: (_rule, digits: string) =>
                number === null && others.some((other) => other.number === digits)
                  ? Promise.reject(new Error(t('library.numbers.isThere')))
                  : Promise.resolve(),
            },
          ]}
        >
          <Input disabled={number !== null} inputMode="tel" maxLength={25} data-testid="number-digits" />
        </Form.Item>
        <Form.Item name="name" label={t('library.numbers.name')}>
          <Input maxLength={60} data-testid="number-name" />
        </Form.Item>
        {number === null && (
          <Form.Item label={t('library.numbers.begins')} htmlFor="number-begins" extra={t('library.numbers.beginsHint')}>
            <Select
              id="number-begins"
              {...(begins === undefined ? {} : { value: begins })}
              placeholder={t('library.numbers.beginsNowhere')}
              loading={queues.isPending}
              options={beginnings}
              onChange={setChosen}
            />
          </Form.Item>
        )}
        <SettingFields />
      </Form>
    </FormDrawer>
  );
}

function SettingFields(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="status" label={t('library.numbers.status')} extra={t('library.numbers.statusHint')}>
        <Select options={statuses.map((value) => ({ value, label: t(`library.numbers.statuses.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="testCallers"
        label={t('library.numbers.testCallers')}
        extra={t('library.numbers.testCallersHint')}
        rules={[
          {
            validator: (_rule, callers: readonly string[] = []) =>
              callers.every((caller) => dialable.test(caller))
                ? Promise.resolve()
                : Promise.reject(new Error(t('library.numbers.testCallersRule'))),
          },
        ]}
      >
        <Select mode="tags" tokenSeparators={[',', '，', ' ']} open={false} suffix={null} maxCount={20} />
      </Form.Item>
      <Form.Item name="language" label={t('library.numbers.language')}>
        <Select options={(['zh-CN', 'en'] as const).map((value) => ({ value, label: t(`library.numbers.languages.${value}`) }))} />
      </Form.Item>
      <Form.Item name="clientUnit" label={t('library.numbers.clientUnit')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="site" label={t('library.numbers.site')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="greeting" label={t('library.numbers.greeting')} extra={t('library.numbers.greetingHint')}>
        <Input maxLength={200} />
      </Form.Item>
    </>
  );
}
