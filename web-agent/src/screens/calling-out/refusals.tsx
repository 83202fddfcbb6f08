import { Button, Form, Input, Modal, Select, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { normaliseNumber } from '../../../../services/shared/domain/numbers/phone-number.js';
import { useCaseReason } from '../../components/names/case-reason.js';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { Field } from '../administer/fields.js';
import { numbersIn, refusalReasons, type Refusal } from './calling-out.js';
import { NumberSearch } from './number-search.js';
import { useNumberPages } from './use-number-pages.js';
import { DataTable } from '../../components/data-table.js';
import { FormDrawer } from '../../components/form-drawer.js';

/** Numbers that must not be called again. */
export function Refusals(): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const caseReason = useCaseReason();
  const { isSearch, search, paging, query } = useNumberPages();
  const [sheet, setSheet] = useState<'add' | 'withdraw' | null>(null);
  const read = useRead('/do-not-call', { query });
  return (
    <section className="panel stack" data-testid="refusals">
      <div className="row">
        {may('outbound.edit') && (
          <>
            <Button type="primary" onClick={() => setSheet('add')} data-testid="add-refusals">
              {t('callingOut.refusals.add')}
            </Button>
            <Button onClick={() => setSheet('withdraw')} data-testid="withdraw-refusal">
              {t('callingOut.refusals.withdraw')}
            </Button>
          </>
        )}
        <NumberSearch onSearch={search} />
      </div>
      <Loaded
        query={read}
        isEmpty={({ refusals }) => refusals.length === 0}
        empty={t(isSearch ? 'callingOut.refusals.noneSuch' : 'callingOut.refusals.empty')}
      >
        {({ refusals, total }) => (
          <DataTable<Refusal>
            rowKey="numberHash"
            size="middle"
            scroll={{ x: 'max-content' }}
            dataSource={[...refusals]}
            pagination={paging(total)}
            columns={[
              { title: t('callingOut.number'), render: (_value, { numberMasked }) => <span className="figures">{numberMasked}</span> },
              { title: t('callingOut.refusals.reason'), render: (_value, { reason }) => t(`callingOut.refusals.reasons.${reason}`) },
              { title: t('callingOut.refusals.source'), className: 'wrap-words', render: (_value, { source }) => caseReason(source) },
              { title: t('callingOut.refusals.since'), render: (_value, { at }) => <span className="figures">{timeText(at)}</span> },
              {
                title: t('callingOut.state'),
                render: (_value, { withdrawn }) =>
                  withdrawn === undefined ? (
                    <Tag color="red">{t('callingOut.refusals.inForce')}</Tag>
                  ) : (
                    <span>
                      <Tag>{t('callingOut.refusals.withdrawn')}</Tag>
                      <span className="soft">
                        {timeText(withdrawn.at).slice(0, 10)} {withdrawn.evidence}
                      </span>
                    </span>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {sheet === 'add' && <AddSheet onClose={() => setSheet(null)} />}
      {sheet === 'withdraw' && <WithdrawSheet onClose={() => setSheet(null)} />}
    </section>
  );
}

interface Fields {
  readonly numbers: string;
  readonly reason: (typeof refusalReasons)[number];
  readonly source: string;
}

function AddSheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [form] = Form.useForm<Fields>();
  const add = useChange('do-not-call', onClose);
  const check = (text = ''): Promise<void> => {
    const { numbers, wrongLines } = numbersIn(text);
    if (wrongLines.length > 0)
      return Promise.reject(new Error(t('callingOut.refusals.wrongLines', { lines: wrongLines.slice(0, 10).join(', ') })));
    return numbers.length === 0 ? Promise.reject(new Error(t('callingOut.consents.noNumber'))) : Promise.resolve();
  };
  return (
    <FormDrawer
      open
      size={480}
      title={t('callingOut.refusals.add')}
      onClose={onClose}
      extra={
        <Button type="primary" loading={add.isPending} onClick={() => form.submit()} data-testid="save-refusals">
          {t('shell.save')}
        </Button>
      }
    >
      <Form<Fields>
        form={form}
        layout="vertical"
        initialValues={{ reason: 'asked-by-voice' }}
        onFinish={({ numbers, reason, source }) =>
          add.mutate({ route: 'POST /do-not-call', body: { numbers: numbersIn(numbers).numbers, reason, source: source.trim() } })
        }
      >
        <Form.Item
          name="numbers"
          label={t('callingOut.refusals.numbers')}
          extra={t('callingOut.refusals.numbersHint')}
          rules={[{ validator: (_rule, value?: string) => check(value) }]}
        >
          <Input.TextArea rows={6} autoComplete="off" data-testid="refused-numbers" />
        </Form.Item>
        <Form.Item name="reason" label={t('callingOut.refusals.reason')}>
          <Select options={refusalReasons.map((value) => ({ value, label: t(`callingOut.refusals.reasons.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="source"
          label={t('callingOut.refusals.source')}
          extra={t('callingOut.refusals.sourceHint')}
          rules={[{ required: true, whitespace: true, message: t('callingOut.refusals.noSource') }]}
        >
          <Input maxLength={100} data-testid="refusal-source" />
        </Form.Item>
      </Form>
    </FormDrawer>
  );
}

/** Search by the whole number, because the list shows numbers masked. */
function WithdrawSheet({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [number, setNumber] = useState('');
  const [evidence, setEvidence] = useState('');
  const withdraw = useChange('do-not-call', onClose);
  return (
    <Modal
      open
      title={t('callingOut.refusals.withdraw')}
      okText={t('callingOut.refusals.withdraw')}
      cancelText={t('shell.cancel')}
      okButtonProps={{
        disabled: normaliseNumber(number) === undefined || evidence.trim() === '',
        'data-testid': 'confirm-withdraw',
      }}
      confirmLoading={withdraw.isPending}
      onCancel={onClose}
      onOk={() => withdraw.mutate({ route: 'POST /do-not-call/withdraw', body: { number: number.trim(), evidence: evidence.trim() } })}
    >
      <p>{t('callingOut.refusals.withdrawText')}</p>
      <div className="stack">
        <Field label={t('callingOut.number')}>
          {(id) => (
            <Input
              id={id}
              value={number}
              inputMode="tel"
              autoComplete="off"
              maxLength={24}
              onChange={({ target }) => setNumber(target.value)}
              data-testid="withdraw-number"
            />
          )}
        </Field>
        <Field label={t('callingOut.consents.evidence')}>
          {(id) => (
            <Input
              id={id}
              value={evidence}
              maxLength={500}
              onChange={({ target }) => setEvidence(target.value)}
              data-testid="withdraw-evidence"
            />
          )}
        </Field>
      </div>
    </Modal>
  );
}
