import { Button, Drawer, Form, Input, Select, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Flow, ServiceNumber } from '../../../../services/shared/contracts/flow.js';
import { Loaded, Page } from '../../components/page.js';
import { useChange, useRead } from '../../session/use-server.js';
import { EmergencySwitch } from './emergency-switch.js';
import { TrunksPanel } from './trunks-panel.js';

const statuses = ['in-service', 'draft', 'closed', 'out-of-service'] as const;
const colors = { 'in-service': 'green', draft: 'blue', closed: 'red', 'out-of-service': 'default' } as const;

export default function NumbersPage(): ReactNode {
  const { t } = useTranslation();
  const numbers = useRead<{ numbers: readonly ServiceNumber[] }>('/numbers');
  const [editing, setEditing] = useState<ServiceNumber | 'new' | null>(null);
  return (
    <Page
      title={t('library.numbers.title')}
      testId="numbers-page"
      actions={
        <Button type="primary" onClick={() => setEditing('new')} data-testid="add-number">
          {t('library.numbers.add')}
        </Button>
      }
    >
      <div className="stack">
        <EmergencySwitch numbers={numbers.data?.numbers ?? []} />
        <Loaded query={numbers} isEmpty={({ numbers: rows }) => rows.length === 0} empty={t('library.numbers.empty')}>
          {({ numbers: rows }) => (
            <Table<ServiceNumber>
              rowKey="number"
              size="middle"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={[...rows]}
              columns={[
                { title: t('library.numbers.number'), dataIndex: 'number' },
                { title: t('library.numbers.name'), dataIndex: 'name' },
                {
                  title: t('library.numbers.status'),
                  render: (_value, row) => <Tag color={colors[row.status]}>{t(`library.numbers.statuses.${row.status}`)}</Tag>,
                },
                { title: t('library.numbers.language'), render: (_value, row) => t(`library.numbers.languages.${row.language}`) },
                { title: t('library.numbers.clientUnit'), dataIndex: 'clientUnit' },
                {
                  title: t('library.numbers.flow'),
                  render: (_value, row) => (
                    <Link to={`/flows?number=${encodeURIComponent(row.number)}`}>
                      {t('library.flow.version', { version: row.flowVersion })}
                    </Link>
                  ),
                },
                {
                  title: '',
                  render: (_value, row) => (
                    <Button size="small" onClick={() => setEditing(row)} data-testid={`edit-${row.number}`}>
                      {t('shell.edit')}
                    </Button>
                  ),
                },
              ]}
            />
          )}
        </Loaded>
        <TrunksPanel />
      </div>
      {editing !== null && (
        <NumberForm number={editing === 'new' ? null : editing} others={numbers.data?.numbers ?? []} onClose={() => setEditing(null)} />
      )}
    </Page>
  );
}

interface Fields {
  readonly number: string;
  readonly name: string;
  readonly status: ServiceNumber['status'];
  readonly language: ServiceNumber['language'];
  readonly clientUnit?: string;
  readonly site?: string;
  readonly greeting?: string;
  readonly testCallers?: string[];
  readonly copyFlow?: string;
}

/** The shortest sound flow, for the first number of a site. */
const firstFlow: Pick<Flow, 'start' | 'steps'> = {
  start: 'end',
  steps: { end: { kind: 'hang-up', cause: 'closed' } },
};

function NumberForm({
  number,
  others,
  onClose,
}: {
  readonly number: ServiceNumber | null;
  readonly others: readonly ServiceNumber[];
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const change = useChange('numbers', onClose);

  function save({ number: digits, copyFlow, clientUnit, site, greeting, testCallers, ...rest }: Fields): void {
    const flow = number === null ? { flow: others.find((other) => other.number === copyFlow)?.flow ?? firstFlow } : {};
    const body = {
      ...rest,
      testCallers: testCallers ?? [],
      ...(clientUnit ? { clientUnit } : {}),
      ...(site ? { site } : {}),
      ...(greeting ? { greeting } : {}),
      ...flow,
    };
    change.mutate({ method: 'PUT', path: `/numbers/${encodeURIComponent(digits)}`, body });
  }

  return (
    <Drawer
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
          rules={[{ required: true, pattern: /^\+?[0-9*#]{1,24}$/, message: '' }]}
        >
          <Input disabled={number !== null} inputMode="tel" />
        </Form.Item>
        <Form.Item name="name" label={t('library.numbers.name')}>
          <Input />
        </Form.Item>
        <Form.Item name="status" label={t('library.numbers.status')}>
          <Select options={statuses.map((value) => ({ value, label: t(`library.numbers.statuses.${value}`) }))} />
        </Form.Item>
        <Form.Item name="language" label={t('library.numbers.language')}>
          <Select options={(['zh-CN', 'en'] as const).map((value) => ({ value, label: t(`library.numbers.languages.${value}`) }))} />
        </Form.Item>
        <Form.Item name="clientUnit" label={t('library.numbers.clientUnit')}>
          <Input />
        </Form.Item>
        <Form.Item name="site" label={t('library.numbers.site')}>
          <Input maxLength={64} />
        </Form.Item>
        <Form.Item name="greeting" label={t('library.numbers.greeting')} extra={t('library.numbers.greetingHint')}>
          <Input maxLength={200} />
        </Form.Item>
        <Form.Item name="testCallers" label={t('library.numbers.testCallers')}>
          <Select mode="tags" tokenSeparators={[',', ' ']} open={false} suffix={null} />
        </Form.Item>
        {number === null && others.length > 0 && (
          <Form.Item name="copyFlow" label={t('library.numbers.copyFlow')}>
            <Select allowClear options={others.map((other) => ({ value: other.number, label: `${other.number} ${other.name}` }))} />
          </Form.Item>
        )}
      </Form>
    </Drawer>
  );
}
