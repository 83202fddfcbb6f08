import { App, Button, Checkbox, Form, Input, InputNumber, Popconfirm, Select, Space, Table, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AnswerOf } from '../../session/api.js';
import { useChange } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { provinces } from '../../../../services/shared/domain/numbers/province.js';
import { wordOf } from '../registry/register-types.js';
import { complaintKinds, complaintSources } from './complaint.js';
import { ProvinceSelect } from './province-select.js';

type RuleBook = NonNullable<AnswerOf<'GET /complaints/rules'>['table']>;
type Rule = RuleBook['rules'][number];
type Time = Rule['answer'];

const NEW = '';

/** The deadline rules, with what each allows. Compliance staff change, add and remove them; each change is a version of the whole table. */
export function DeadlineRules({ table }: { readonly table: RuleBook | undefined }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const { message } = App.useApp();
  const [editing, setEditing] = useState<string | null>(null);
  const rules = table?.rules ?? [];
  const save = useChange<'PUT /complaints/rules'>('complaints', () => {
    void message.success(t('complaints.rules.ruleSaved'));
    setEditing(null);
  });
  const put = (next: readonly Rule[]): void =>
    save.mutate({ route: 'PUT /complaints/rules', body: { rules: [...next], version: table?.version ?? 0 } });
  const mayChange = may('complaints.rules');
  return (
    <div className="stack">
      <RuleTable
        rules={rules}
        actions={
          mayChange
            ? (rule) => (
                <Space>
                  <Button size="small" onClick={() => setEditing(rule.id)} data-testid={`edit-rule-${rule.id}`}>
                    {t('complaints.rules.edit')}
                  </Button>
                  {!isForAll(rule) && (
                    <Popconfirm
                      title={t('complaints.rules.removeSure')}
                      onConfirm={() => put(rules.filter(({ id }) => id !== rule.id))}
                      okText={t('complaints.rules.remove')}
                      cancelText={t('shell.cancel')}
                    >
                      <Button size="small">{t('complaints.rules.remove')}</Button>
                    </Popconfirm>
                  )}
                </Space>
              )
            : undefined
        }
      />
      {mayChange && editing === null && (
        <div>
          <Button onClick={() => setEditing(NEW)} data-testid="add-rule">
            {t('complaints.rules.add')}
          </Button>
        </div>
      )}
      {editing !== null && (
        <RuleForm
          key={editing}
          rule={rules.find(({ id }) => id === editing)}
          others={rules.filter(({ id }) => id !== editing)}
          busy={save.isPending}
          onSave={(rule) => put(editing === NEW ? [...rules, rule] : rules.map((each) => (each.id === editing ? rule : each)))}
          onCancel={() => setEditing(null)}
        />
      )}
    </div>
  );
}

const isForAll = ({ province, kind, source }: Pick<Rule, 'province' | 'kind' | 'source'>): boolean =>
  province === undefined && kind === undefined && source === undefined;

function RuleTable({
  rules,
  actions,
}: {
  readonly rules: readonly Rule[];
  readonly actions: ((rule: Rule) => ReactNode) | undefined;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const anyone = t('complaints.rules.any');
  const nameOf = (province: string): string => wordOf(provinces[province] ?? { zh: province, en: province }, i18n.language);
  const time = ({ days, unit }: Time): string => t(`complaints.rules.units.${unit}`, { count: days });
  const allows = ({ extension, pause }: Rule): string =>
    [
      ...(extension === undefined ? [] : [t('complaints.rules.allowsExtension', { time: time(extension) })]),
      ...(pause === undefined ? [] : [t('complaints.rules.allowsPause', { time: time(pause) })]),
    ].join(t('complaints.rules.and')) || t('complaints.rules.allowsNothing');
  return (
    <Table<Rule>
      rowKey="id"
      size="small"
      pagination={false}
      scroll={{ x: 880 }}
      dataSource={[...rules]}
      columns={[
        { title: t('complaints.rules.province'), render: (_value, { province }) => (province === undefined ? anyone : nameOf(province)) },
        { title: t('complaints.kind'), render: (_value, { kind }) => (kind === undefined ? anyone : t(`complaints.kinds.${kind}`)) },
        {
          title: t('complaints.source'),
          render: (_value, { source }) => (source === undefined ? anyone : t(`complaints.sources.${source}`)),
        },
        { title: t('complaints.rules.answer'), render: (_value, { answer }) => time(answer) },
        { title: t('complaints.rules.target'), render: (_value, { target }) => time(target) },
        { title: t('complaints.rules.allows'), render: (_value, rule) => allows(rule) },
        {
          title: t('complaints.rules.basis'),
          render: (_value, { basis, confirmed }) => (
            <>
              {basis} {!confirmed && <Tag color="gold">{t('complaints.unconfirmed')}</Tag>}
            </>
          ),
        },
        ...(actions === undefined ? [] : [{ title: '', render: (_value: unknown, rule: Rule) => actions(rule) }]),
      ]}
    />
  );
}

interface Fields {
  readonly province?: string | undefined;
  readonly kind?: Rule['kind'] | undefined;
  readonly source?: Rule['source'] | undefined;
  readonly answer: Time;
  readonly target: Time;
  readonly extension?: { readonly days?: number | null; readonly unit: Time['unit'] } | undefined;
  readonly pause?: { readonly days?: number | null; readonly unit: Time['unit'] } | undefined;
  readonly basis: string;
  readonly confirmed?: boolean | undefined;
}

/** A rule in the form. An empty condition fits all; an empty change is not allowed. */
function ruleOf(id: string, { province, kind, source, answer, target, extension, pause, basis, confirmed }: Fields): Rule {
  const timeOf = (time: Fields['pause']): Time | undefined =>
    time?.days === undefined || time.days === null ? undefined : { days: time.days, unit: time.unit };
  const [mayExtend, mayPause] = [timeOf(extension), timeOf(pause)];
  return {
    id,
    ...(province === undefined ? {} : { province }),
    ...(kind === undefined ? {} : { kind }),
    ...(source === undefined ? {} : { source }),
    answer,
    target,
    ...(mayExtend === undefined ? {} : { extension: mayExtend }),
    ...(mayPause === undefined ? {} : { pause: mayPause }),
    basis: basis.trim(),
    confirmed: confirmed === true,
  };
}

/** A name that no other rule has: its subject, in letters. */
function idFor({ kind, source }: Fields, taken: readonly string[]): string {
  const stem = [source, kind].filter((part) => part !== undefined).join('-') || 'province';
  let number = 1;
  while (taken.includes(`${stem}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

/** Why the server would refuse the rule among the others. */
function faultOf(rule: Rule, others: readonly Rule[]): 'default' | 'same' | 'target' | undefined {
  const of = ({ province, kind, source }: Rule): string => [province, kind, source].join('|');
  if (others.some((other) => of(other) === of(rule))) return 'same';
  if (![...others, rule].some(isForAll)) return 'default';
  const longest = ({ days, unit }: Time): number => (unit === 'working' ? days * 1.4 : days);
  return longest(rule.target) > longest(rule.answer) ? 'target' : undefined;
}

function RuleForm({
  rule,
  others,
  busy,
  onSave,
  onCancel,
}: {
  readonly rule: Rule | undefined;
  readonly others: readonly Rule[];
  readonly busy: boolean;
  readonly onSave: (rule: Rule) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const initial: Omit<Fields, 'basis'> & Pick<Partial<Fields>, 'basis'> = rule ?? {
    answer: { days: 15, unit: 'calendar' },
    target: { days: 5, unit: 'calendar' },
  };
  const of = (fields: Fields): Rule =>
    ruleOf(
      rule?.id ??
        idFor(
          fields,
          others.map(({ id }) => id),
        ),
      fields,
    );
  function finish(fields: Fields): void {
    const next = of(fields);
    const fault = faultOf(next, others);
    if (fault === undefined) onSave(next);
    else void message.error(t(`complaints.rules.faults.${fault}`));
  }
  const anyone = t('complaints.rules.any');
  return (
    <Form<Fields> layout="vertical" className="panel" initialValues={initial} onFinish={finish} data-testid="rule-form">
      <div className="two">
        <Form.Item name="province" label={t('complaints.rules.province')}>
          <ProvinceSelect placeholder={anyone} />
        </Form.Item>
        <Form.Item name="kind" label={t('complaints.kind')}>
          <Select
            allowClear
            placeholder={anyone}
            options={complaintKinds.map((value) => ({ value, label: t(`complaints.kinds.${value}`) }))}
          />
        </Form.Item>
        <Form.Item name="source" label={t('complaints.source')}>
          <Select
            allowClear
            placeholder={anyone}
            options={complaintSources.map((value) => ({ value, label: t(`complaints.sources.${value}`) }))}
          />
        </Form.Item>
        <TimeFields name="answer" label={t('complaints.rules.answer')} required />
        <TimeFields name="target" label={t('complaints.rules.target')} required />
        <TimeFields name="extension" label={t('complaints.rules.extension')} />
        <TimeFields name="pause" label={t('complaints.rules.pause')} />
      </div>
      <Form.Item
        name="basis"
        label={t('complaints.rules.basis')}
        rules={[{ required: true, whitespace: true, message: t('complaints.rules.noBasis') }]}
      >
        <Input maxLength={200} data-testid="rule-basis" />
      </Form.Item>
      <Form.Item name="confirmed" valuePropName="checked">
        <Checkbox>{t('complaints.rules.confirmed')}</Checkbox>
      </Form.Item>
      <Space>
        <Button type="primary" htmlType="submit" loading={busy} data-testid="save-rule">
          {t('shell.save')}
        </Button>
        <Button onClick={onCancel}>{t('shell.cancel')}</Button>
      </Space>
    </Form>
  );
}

function TimeFields({
  name,
  label,
  required = false,
}: {
  readonly name: 'answer' | 'target' | 'extension' | 'pause';
  readonly label: string;
  readonly required?: boolean;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Form.Item label={label} required={required} {...(required ? {} : { extra: t('complaints.rules.optional') })}>
      <Space.Compact>
        <Form.Item noStyle name={[name, 'days']} rules={[{ required, message: t('complaints.rules.noTime') }]}>
          <InputNumber min={1} max={365} precision={0} aria-label={`${label} ${t('complaints.rules.days')}`} data-testid={`rule-${name}`} />
        </Form.Item>
        <Form.Item noStyle name={[name, 'unit']} initialValue="calendar">
          <Select
            className="unit"
            aria-label={`${label} ${t('complaints.rules.unit')}`}
            options={(['calendar', 'working'] as const).map((value) => ({ value, label: t(`complaints.rules.unitNames.${value}`) }))}
          />
        </Form.Item>
      </Space.Compact>
    </Form.Item>
  );
}
