import { Alert, App, Button, Form, Input, InputNumber, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { missingYear } from '../../../../services/shared/domain/time/working-year.js';
import { Loaded } from '../../components/page.js';
import { siteNow } from '../../components/time/site-days.js';
import type { AnswerOf } from '../../session/api.js';
import { useChange, useRead } from '../../session/use-server.js';
import { useMay } from '../../session/use-workplace.js';
import { DeadlineRules } from './deadline-rules.js';
import { FormDrawer } from '../../components/form-drawer.js';

type Rules = AnswerOf<'GET /complaints/rules'>;
type Year = Rules['calendars'][number];

/** The rules and the working days that clocks of cases use. A missing year's calendar is entered here. */
export function RulesDrawer({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const may = useMay();
  const rules = useRead('/complaints/rules');
  const [entering, setEntering] = useState<number | null>(null);
  return (
    <FormDrawer open size="min(960px, 96vw)" title={t('complaints.rules.title')} onClose={onClose}>
      <Loaded query={rules}>
        {({ table, calendars }) => (
          <div className="stack" data-testid="complaint-rules">
            <h3>{t('complaints.rules.deadlines')}</h3>
            <p className="soft">{t('complaints.rules.strictest')}</p>
            <DeadlineRules table={table ?? undefined} />
            <h3>{t('complaints.rules.calendars')}</h3>
            <p className="soft">{t('complaints.rules.calendarHint')}</p>
            <Missing year={missingOf(calendars)} />
            <YearTable years={calendars} />
            {may('complaints.rules') &&
              (entering === null ? (
                <div>
                  <Button
                    type="primary"
                    data-testid="enter-calendar"
                    onClick={() => setEntering(missingOf(calendars) ?? siteNow().year() + 1)}
                  >
                    {t('complaints.rules.enter')}
                  </Button>
                </div>
              ) : (
                <YearForm year={entering} onDone={() => setEntering(null)} />
              ))}
          </div>
        )}
      </Loaded>
    </FormDrawer>
  );
}

const missingOf = (calendars: readonly Year[]): number | undefined =>
  missingYear(siteNow().format('YYYY-MM-DD'), (year) => calendars.some((known) => known.year === year));

function Missing({ year }: { readonly year: number | undefined }): ReactNode {
  const { t } = useTranslation();
  return year === undefined ? null : (
    <Alert type="warning" showIcon title={t('complaints.rules.missing', { year })} data-testid={`missing-${year}`} />
  );
}

/** The source of a year that came with the product. */
const SHIPPED = 'chinese-days';

function YearTable({ years }: { readonly years: readonly Year[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Table<Year>
      rowKey="year"
      size="small"
      pagination={false}
      scroll={{ x: 'max-content' }}
      dataSource={[...years].sort((a, b) => b.year - a.year)}
      expandable={{
        expandedRowRender: ({ daysOff, workedWeekends }) => (
          <div className="stack figures">
            <div>
              {t('complaints.rules.daysOff')}: {daysOff.join(', ') || '–'}
            </div>
            <div>
              {t('complaints.rules.workedWeekends')}: {workedWeekends.join(', ') || '–'}
            </div>
          </div>
        ),
      }}
      columns={[
        { title: t('complaints.rules.year'), dataIndex: 'year', className: 'figures' },
        { title: t('complaints.rules.daysOff'), align: 'right', className: 'figures', render: (_value, { daysOff }) => daysOff.length },
        {
          title: t('complaints.rules.workedWeekends'),
          align: 'right',
          className: 'figures',
          render: (_value, { workedWeekends }) => workedWeekends.length,
        },
        {
          title: t('complaints.rules.from'),
          render: (_value, { source }) => (source === SHIPPED ? t('complaints.rules.shipped') : source),
        },
      ]}
    />
  );
}

interface Fields {
  readonly year: number;
  readonly daysOff: string;
  readonly workedWeekends?: string;
  readonly source: string;
}

const datesIn = (text = ''): string[] => text.split(/[\s,;，；、]+/).filter((each) => each !== '');

function YearForm({ year, onDone }: { readonly year: number; readonly onDone: () => void }): ReactNode {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const save = useChange<'PUT /complaints/calendars/:year'>('complaints', ({ year: saved }) => {
    void message.success(t('complaints.rules.saved', { year: saved }));
    onDone();
  });
  /** Dates of the year, or the words that name the first invalid one. */
  const datesOf =
    (field: 'daysOff' | 'workedWeekends') =>
    ({ getFieldValue }: { readonly getFieldValue: (name: string) => unknown }) => ({
      validator: async (_rule: unknown, text?: string): Promise<void> => {
        const wrong = datesIn(text).find(
          (date) => !/^\d{4}-\d{2}-\d{2}$/.test(date) || !date.startsWith(`${String(getFieldValue('year'))}-`),
        );
        if (wrong !== undefined) throw new Error(t('complaints.rules.wrongDate', { date: wrong }));
        if (field === 'daysOff' && datesIn(text).length === 0) throw new Error(t('complaints.rules.noDays'));
      },
    });
  return (
    <Form<Fields>
      layout="vertical"
      initialValues={{ year }}
      onFinish={({ year: of, daysOff, workedWeekends, source }) =>
        save.mutate({
          route: 'PUT /complaints/calendars/:year',
          params: { year: String(of) },
          body: { daysOff: datesIn(daysOff), workedWeekends: datesIn(workedWeekends), source: source.trim() },
        })
      }
    >
      <Form.Item name="year" label={t('complaints.rules.year')} rules={[{ required: true, message: t('complaints.rules.noYear') }]}>
        <InputNumber min={2000} max={2100} />
      </Form.Item>
      <Form.Item name="daysOff" label={t('complaints.rules.daysOff')} extra={t('complaints.rules.datesHint')} rules={[datesOf('daysOff')]}>
        <Input.TextArea autoSize={{ minRows: 3, maxRows: 8 }} data-testid="days-off" />
      </Form.Item>
      <Form.Item name="workedWeekends" label={t('complaints.rules.workedWeekends')} rules={[datesOf('workedWeekends')]}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} data-testid="worked-weekends" />
      </Form.Item>
      <Form.Item
        name="source"
        label={t('complaints.rules.from')}
        rules={[{ required: true, whitespace: true, message: t('complaints.rules.noSource') }]}
      >
        <Input maxLength={200} data-testid="calendar-source" />
      </Form.Item>
      <div className="row">
        <Button type="primary" htmlType="submit" loading={save.isPending} data-testid="save-calendar">
          {t('shell.save')}
        </Button>
        <Button onClick={onDone}>{t('shell.cancel')}</Button>
      </div>
    </Form>
  );
}
