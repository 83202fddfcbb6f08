import { App, Button, DatePicker, Form, Input, Modal, Select, Table, Tag } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Page } from '../../components/page.js';
import { saveBlob } from '../../components/save-blob.js';
import { timeText } from '../../components/time/times.js';
import { isoOf } from '../../components/time/site-days.js';
import { useChange, useFailureWords, useRead } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import type { AnswerOf } from '../../session/api.js';
import type { ExportState } from '../../../../services/shared/contracts/api/centre/exports.js';

type State = ExportState;

type Kind = Answer['kinds'][number];

type ExportRow = Answer['exports'][number];

type Answer = AnswerOf<'GET /exports'>;

const colours: Readonly<Record<State, string>> = { waiting: 'gold', refused: 'red', approved: 'green', over: 'default' };

/** Bulk exports: requested here, approved here by somebody else, downloaded here. */
export default function ExportsPage(): ReactNode {
  const { t } = useTranslation();
  const answer = useRead('/exports', { everyMs: 15_000 });
  const [asking, setAsking] = useState(false);
  return (
    <Page
      title={t('exports.title')}
      testId="exports-page"
      actions={
        (answer.data?.kinds.length ?? 0) > 0 && (
          <Button type="primary" onClick={() => setAsking(true)} data-testid="ask-export">
            {t('exports.ask')}
          </Button>
        )
      }
    >
      <p className="soft">{t('exports.why')}</p>
      <Loaded query={answer} isEmpty={({ exports }) => exports.length === 0} empty={t('exports.empty')}>
        {({ exports, kinds }) => <ExportsTable rows={exports} kinds={kinds} />}
      </Loaded>
      {asking && answer.data !== undefined && <AskForm kinds={answer.data.kinds} onClose={() => setAsking(false)} />}
    </Page>
  );
}

function useKindName(kinds: readonly Kind[]): (name: string) => string {
  const { i18n } = useTranslation();
  return (name) => {
    const title = kinds.find((kind) => kind.name === name)?.title;
    return title === undefined ? name : i18n.language === 'en' ? title.en : title.zh;
  };
}

function ExportsTable({ rows, kinds }: { readonly rows: readonly ExportRow[]; readonly kinds: readonly Kind[] }): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const nameOf = useKindName(kinds);
  const decide = useChange('exports');

  async function take({ id, kind }: ExportRow): Promise<void> {
    try {
      const blob = await session.api.file('/exports/:id/file', { params: { id } });
      saveBlob(blob, `${kind}_${id}${blob.type.includes('csv') ? '.csv' : blob.type.includes('zip') ? '.zip' : ''}`);
    } catch (error) {
      void message.error(wordsOf(error));
    }
  }

  return (
    <Table<ExportRow>
      rowKey="id"
      dataSource={[...rows]}
      pagination={{ pageSize: 20, hideOnSinglePage: true }}
      scroll={{ x: 'max-content' }}
      size="middle"
      columns={[
        { title: t('exports.kind'), render: (_value, row) => nameOf(row.kind) },
        {
          title: t('exports.time'),
          render: (_value, { query }) => (
            <span className="figures">
              {timeText(query.from)} – {timeText(query.to)}
            </span>
          ),
        },
        { title: t('exports.rows'), dataIndex: 'rows', align: 'right' },
        { title: t('shell.reason'), dataIndex: 'reason', ellipsis: true, width: 240 },
        {
          title: t('exports.askedBy'),
          render: (_value, row) => (
            <>
              {row.askedByName} <span className="soft figures">{timeText(row.askedAt)}</span>
            </>
          ),
        },
        {
          title: t('exports.state'),
          render: (_value, row) => (
            <>
              <Tag color={colours[row.state]} data-testid="export-state">
                {t(`exports.states.${row.state}`)}
              </Tag>
              {row.decision !== undefined && (
                <span className="soft">
                  {row.decision.byName} {row.decision.note}
                </span>
              )}
            </>
          ),
        },
        {
          title: '',
          key: 'actions',
          render: (_value, row) => (
            <div className="row">
              {row.mayDecide && (
                <>
                  <Button
                    size="small"
                    type="primary"
                    onClick={() => decide.mutate({ route: 'POST /exports/:id/decide', params: { id: row.id }, body: { approve: true } })}
                    data-testid="approve-export"
                  >
                    {t('exports.approve')}
                  </Button>
                  <Button
                    size="small"
                    danger
                    onClick={() => decide.mutate({ route: 'POST /exports/:id/decide', params: { id: row.id }, body: { approve: false } })}
                    data-testid="refuse-export"
                  >
                    {t('exports.refuse')}
                  </Button>
                </>
              )}
              {row.mayTake && (
                <Button size="small" onClick={() => void take(row)} data-testid="take-export">
                  {t('shell.download')}
                </Button>
              )}
            </div>
          ),
        },
      ]}
    />
  );
}

interface Fields {
  readonly kind: string;
  readonly time: readonly [Dayjs, Dayjs];
  readonly queueId?: string;
  readonly reason: string;
}

function AskForm({ kinds, onClose }: { readonly kinds: readonly Kind[]; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const nameOf = useKindName(kinds);
  const ask = useChange('exports', onClose);
  function save({ kind, time: [from, to], queueId, reason }: Fields): void {
    const queue = queueId === undefined || queueId === '' ? {} : { queueId };
    const query = { from: isoOf(from.startOf('day')), to: isoOf(to.add(1, 'day').startOf('day')), ...queue };
    ask.mutate({ route: 'POST /exports', body: { kind, query, reason } });
  }
  return (
    <Modal
      open
      title={t('exports.ask')}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t('exports.send')}
      cancelText={t('shell.cancel')}
      confirmLoading={ask.isPending}
      okButtonProps={{ 'data-testid': 'send-export' }}
    >
      <Form form={form} layout="vertical" initialValues={{ kind: kinds[0]?.name }} onFinish={save}>
        <Form.Item name="kind" label={t('exports.kind')} rules={[{ required: true }]}>
          <Select
            options={kinds.map(({ name, maxRows }) => ({
              value: name,
              label: `${nameOf(name)} (${t('exports.most', { count: maxRows })})`,
            }))}
          />
        </Form.Item>
        <Form.Item name="time" label={t('exports.time')} rules={[{ required: true }]}>
          <DatePicker.RangePicker className="full" data-testid="export-time" />
        </Form.Item>
        <Form.Item name="queueId" label={t('exports.queue')}>
          <Input autoComplete="off" />
        </Form.Item>
        <Form.Item name="reason" label={t('shell.reason')} rules={[{ required: true, min: 4 }]}>
          <Input.TextArea rows={2} maxLength={300} data-testid="export-reason" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
