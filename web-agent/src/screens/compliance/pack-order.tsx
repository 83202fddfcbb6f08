import { Alert, Button, Checkbox, DatePicker, Form, Input, InputNumber, Select } from 'antd';
import type { Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { clockText, sizeText } from '../../components/time/times.js';
import { siteNow } from '../../components/time/site-days.js';
import { useChange, useFailureWords, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import type { PackRecord } from '../../../../services/shared/contracts/api/evidence/packs.js';

const kinds = ['licence', 'renewal', 'change', 'inspection', 'annual'] as const;
/** Each language by its own name. */
export const languageNames = { 'zh-CN': '中文', en: 'English' } as const;
/** As the contract has it; the contract's own module is not for the page. */
const MOST_DRAWN = 200;
const USUALLY_DRAWN = 10;

interface PackOrder {
  readonly kind: PackRecord['kind'];
  readonly language: 'zh-CN' | 'en';
  readonly period: readonly [Dayjs, Dayjs];
  readonly withRecordings?: boolean;
  readonly count?: number;
  readonly seed?: string;
  readonly reason?: string;
}

const last = (unit: 'month' | 'year'): [Dayjs, Dayjs] => [
  siteNow().subtract(1, unit).startOf(unit),
  siteNow().subtract(1, unit).endOf(unit),
];
const dayOf = (day: Dayjs): string => day.format('YYYY-MM-DD');
const seedOf = ({ seed = '' }: Pick<PackOrder, 'seed'>): { seed?: string } => (seed.trim() === '' ? {} : { seed: seed.trim() });

/**
 * The order of a pack; for whoever may download recordings, with some that a seed draws. Only the button orders: Enter in a field, above
 * all in a date, belongs to the field.
 */
export function OrderForm(): ReactNode {
  const { t, i18n } = useTranslation();
  const may = useMay();
  const order = useChange('evidence');
  const [form] = Form.useForm<PackOrder>();
  const kind = Form.useWatch('kind', form);
  const withRecordings = Form.useWatch('withRecordings', form) === true && kind !== 'annual';
  return (
    <section className="panel">
      <h2>{t('compliance.packs.order')}</h2>
      <Form<PackOrder>
        layout="vertical"
        initialValues={{
          kind: 'inspection',
          language: i18n.language === 'en' ? 'en' : 'zh-CN',
          period: last('month'),
          count: USUALLY_DRAWN,
        }}
        // An annual report covers a whole year; it cannot be filed for any other period.
        onValuesChange={(changed) => {
          if (changed.kind !== undefined) form.setFieldValue('period', last(changed.kind === 'annual' ? 'year' : 'month'));
        }}
        form={form}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && event.target instanceof HTMLInputElement) event.preventDefault();
        }}
        onFinish={({ period: [from, to], ...given }) =>
          order.mutate({
            route: 'POST /evidence/packs',
            body: {
              ...{ kind: given.kind, language: given.language, from: dayOf(from), to: dayOf(to) },
              ...(withRecordings
                ? { drawn: { count: given.count ?? USUALLY_DRAWN, reason: (given.reason ?? '').trim(), ...seedOf(given) } }
                : {}),
            },
          })
        }
      >
        <div className="row">
          <Form.Item name="kind" label={t('compliance.packs.kind')}>
            <Select className="short" options={kinds.map((value) => ({ value, label: t(`compliance.packs.kinds.${value}`) }))} />
          </Form.Item>
          <Form.Item name="language" label={t('compliance.packs.language')}>
            <Select className="short" options={Object.entries(languageNames).map(([value, label]) => ({ value, label }))} />
          </Form.Item>
          <Form.Item name="period" label={t('compliance.packs.period')}>
            <DatePicker.RangePicker allowClear={false} className="at-most" />
          </Form.Item>
        </div>
        {may('recordings.download') && (
          <Form.Item
            name="withRecordings"
            valuePropName="checked"
            extra={kind === 'annual' ? t('packOrder.annual') : withRecordings ? t('packOrder.text') : undefined}
          >
            <Checkbox disabled={kind === 'annual'} data-testid="with-recordings">
              {t('packOrder.withRecordings')}
            </Checkbox>
          </Form.Item>
        )}
        {withRecordings && <DrawFields />}
        <Button type="primary" htmlType="submit" loading={order.isPending} data-testid="order-pack">
          {t('compliance.packs.make')}
        </Button>
      </Form>
    </section>
  );
}

/** How many, by which seed, why, and how much that is: asked again when a field is left. */
function DrawFields(): ReactNode {
  const { t } = useTranslation();
  const form = Form.useFormInstance<PackOrder>();
  const period = Form.useWatch('period', form);
  const [asked, setAsked] = useState<{ count: number; seed?: string }>({ count: USUALLY_DRAWN });
  const look = (): void => {
    const { count } = form.getFieldsValue();
    if (typeof count === 'number' && count >= 1 && count <= MOST_DRAWN) setAsked({ count, ...seedOf(form.getFieldsValue()) });
  };
  return (
    <div onBlur={look}>
      <div className="two">
        <Form.Item
          name="count"
          label={t('packOrder.count')}
          rules={[{ required: true, type: 'integer', min: 1, max: MOST_DRAWN, message: t('packOrder.noCount', { most: MOST_DRAWN }) }]}
        >
          <InputNumber min={1} max={MOST_DRAWN} precision={0} data-testid="draw-count" />
        </Form.Item>
        <Form.Item name="seed" label={t('packOrder.seed')} extra={t('packOrder.seedHint')}>
          <Input maxLength={128} data-testid="draw-seed" />
        </Form.Item>
      </div>
      <Form.Item
        name="reason"
        label={t('packOrder.reason')}
        rules={[{ required: true, whitespace: true, message: t('packOrder.noReason') }]}
      >
        <Input maxLength={300} data-testid="draw-reason" />
      </Form.Item>
      <Form.Item>{period !== undefined && <DrawSize from={dayOf(period[0])} to={dayOf(period[1])} {...asked} />}</Form.Item>
    </div>
  );
}

function DrawSize(asked: { readonly from: string; readonly to: string; readonly count: number; readonly seed?: string }): ReactNode {
  const { t } = useTranslation();
  const wordsOf = useFailureWords();
  const query = new URLSearchParams(Object.entries(asked).map(([name, value]): [string, string] => [name, String(value)]));
  const { data, error } = useRead('/evidence/packs/drawable', { query });
  if (error !== null) return <Alert type="error" showIcon title={wordsOf(error)} />;
  if (data === undefined) return null;
  const { pool, count, deleted, sizeBytes, durationMs, seedFrom } = data;
  const size = { pool, there: count - deleted, size: sizeText(sizeBytes), duration: clockText(durationMs) };
  return (
    <Alert
      type={seedFrom === 'system' || pool === 0 ? 'warning' : 'info'}
      showIcon
      data-testid="draw-size"
      title={pool === 0 ? t('packOrder.none') : t('packOrder.size', size)}
      description={
        <>
          {deleted > 0 && <div>{t('packOrder.deleted', { count: deleted })}</div>}
          {seedFrom === 'system' && <div>{t('packOrder.ownSeed')}</div>}
        </>
      }
    />
  );
}
