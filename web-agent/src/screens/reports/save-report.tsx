import { Alert, Checkbox, Form, Input, Modal, Select, TimePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedReport } from '../../../../services/shared/contracts/api/figures/saved-reports.js';
import { chosenIn, unfitFilter, type FilterScope, type ReportFilters } from '../../../../services/shared/domain/figures/filters.js';
import { figureRegistry } from '../../../../services/shared/domain/figures/registry.js';
import {
  mailForms,
  mailRhythms,
  reportPeriods,
  type MailForm,
  type MailRhythm,
  type ReportPeriod,
} from '../../../../services/shared/domain/figures/saved-report.js';
import { siteDay, siteNow } from '../../components/time/site-days.js';
import { listed } from '../../i18n/language.js';
import type { AnswerOf } from '../../session/api.js';
import { useChange } from '../../session/use-server.js';
import type { ReportChoice } from './report-choice.js';

interface Filled {
  readonly name: string;
  readonly period: ReportPeriod;
  readonly isShared?: boolean;
  readonly isMailed?: boolean;
  readonly rhythm: MailRhythm;
  readonly at: Dayjs;
  readonly form: MailForm;
  readonly people?: readonly string[];
}

const MORNING_MINUTE = 8 * 60;
const atOf = (minute: number): Dayjs => dayjs('2026-01-01T00:00').add(minute, 'minute');

const copied = (filters: ReportFilters): Partial<Record<FilterScope, string[]>> =>
  Object.fromEntries(chosenIn(filters).map(([scope, values]) => [scope, [...values]]));

/** The moment as the days and the clock of the site count it back from today. */
const movingMoment = (asOf: string): { daysAgo: number; atMinute: number } => {
  const at = siteDay(asOf);
  return { daysAgo: Math.max(0, siteNow().startOf('day').diff(at.startOf('day'), 'day')), atMinute: at.hour() * 60 + at.minute() };
};

/** The figures of a saved report that its filters no longer fit: they are in no mail of it, and the next change leaves them out. */
export const unfitFigures = ({
  figures,
  filters = {},
}: Pick<SavedReport, 'figures' | 'filters'>): readonly SavedReport['figures'][number][] =>
  figures.filter((key) => unfitFilter(key, filters) !== undefined);

/** Saves what the page shows under a name, or changes a saved report of one's own. */
export function SaveReport({
  report,
  choice: { interval, by, filters, columns, compare, asOf },
  saved: { people, canMail, hasLinks },
  onClose,
}: {
  readonly report: SavedReport | undefined;
  readonly choice: ReportChoice;
  readonly saved: Pick<AnswerOf<'GET /figures/saved'>, 'people' | 'canMail' | 'hasLinks'>;
  readonly onClose: () => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const [form] = Form.useForm<Filled>();
  const isMailed = Form.useWatch('isMailed', form) ?? report?.schedule !== null;
  const save = useChange('figures', onClose);
  const unfit = report === undefined ? [] : unfitFigures(report);
  function send(filled: Filled): void {
    const schedule = {
      ...{ rhythm: filled.rhythm, form: filled.form, people: [...(filled.people ?? [])] },
      atMinute: filled.at.hour() * 60 + filled.at.minute(),
      language: i18n.language === 'en' ? ('en' as const) : ('zh-CN' as const),
    };
    const body = {
      ...(report === undefined
        ? {
            interval,
            by,
            figures: [...columns],
            filters: copied(filters),
            compare,
            ...(asOf === undefined ? {} : { asOf: movingMoment(asOf) }),
          }
        : {
            interval: report.interval,
            by: report.by,
            figures: report.figures.filter((key) => !unfit.includes(key)),
            filters: report.filters,
            compare: report.compare,
            asOf: report.asOf,
          }),
      ...{ name: filled.name.trim(), period: filled.period, isShared: filled.isShared === true },
      ...(filled.isMailed === true ? { schedule } : {}),
    };
    if (report === undefined) save.mutate({ route: 'POST /figures/saved', body });
    else save.mutate({ route: 'PUT /figures/saved/:id', params: { id: report.id }, body });
  }
  const schedule = report?.schedule ?? undefined;
  return (
    <Modal
      open
      title={t(report === undefined ? 'reports.saved.keep' : 'reports.saved.change')}
      okText={t('shell.save')}
      cancelText={t('shell.cancel')}
      okButtonProps={{ loading: save.isPending, 'data-testid': 'save-report-ok' }}
      onCancel={onClose}
      onOk={() => form.submit()}
    >
      <Form<Filled>
        form={form}
        layout="vertical"
        onFinish={send}
        initialValues={{
          name: report?.name ?? '',
          period: report?.period ?? 'yesterday',
          ...{ isShared: report?.isShared ?? false, isMailed: schedule !== undefined },
          rhythm: schedule?.rhythm ?? 'workday',
          at: atOf(schedule?.atMinute ?? MORNING_MINUTE),
          form: schedule?.form ?? 'link',
          // A person whose right has ended gets nothing, and is refused as a recipient.
          people: schedule?.people.filter((userId) => people.some((person) => person.userId === userId)) ?? [],
        }}
      >
        <Unfit figures={unfit} />
        <Form.Item
          name="name"
          label={t('reports.saved.name')}
          rules={[{ required: true, whitespace: true, message: t('reports.saved.nameAsked') }]}
        >
          <Input maxLength={80} data-testid="report-name" />
        </Form.Item>
        <Form.Item name="period" label={t('reports.period')}>
          <Select options={reportPeriods.map((value) => ({ value, label: t(`reports.saved.periods.${value}`) }))} />
        </Form.Item>
        <Form.Item name="isShared" valuePropName="checked" extra={t('reports.saved.sharedHint')}>
          <Checkbox>{t('reports.saved.share')}</Checkbox>
        </Form.Item>
        <Form.Item name="isMailed" valuePropName="checked" extra={canMail ? undefined : t('reports.saved.noMail')}>
          <Checkbox disabled={!canMail && !isMailed} data-testid="report-mailed">
            {t('reports.saved.mailed')}
          </Checkbox>
        </Form.Item>
        <div hidden={!isMailed || !canMail}>
          <MailFields hasLinks={hasLinks} people={people} unseen={schedule?.unseen ?? 0} isAsked={isMailed && canMail} />
        </div>
      </Form>
    </Modal>
  );
}

/** Names the figures that the next change leaves out. */
function Unfit({ figures }: { readonly figures: readonly SavedReport['figures'][number][] }): ReactNode {
  const { t, i18n } = useTranslation();
  if (figures.length === 0) return null;
  const names = figures.map((key) => figureRegistry[key].name[i18n.language === 'en' ? 'en' : 'zh']);
  return <Alert type="warning" showIcon data-testid="report-unfit" title={t('reports.saved.unfitLeft', { names: listed(names, i18n) })} />;
}

/** When it is mailed, in which format, and to whom. */
function MailFields({
  hasLinks,
  people,
  unseen,
  isAsked,
}: {
  readonly hasLinks: boolean;
  readonly people: readonly { readonly userId: string; readonly name: string; readonly hasMail: boolean }[];
  /** How many other people it names, whom the owner does not see. */
  readonly unseen: number;
  readonly isAsked: boolean;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Form.Item name="rhythm" label={t('reports.saved.rhythm')}>
        <Select options={mailRhythms.map((value) => ({ value, label: t(`reports.saved.rhythms.${value}`) }))} />
      </Form.Item>
      <Form.Item name="at" label={t('reports.saved.at')} extra={t('reportMail.atHint')}>
        <TimePicker format="HH:mm" allowClear={false} needConfirm={false} />
      </Form.Item>
      <Form.Item name="form" label={t('reports.saved.form')} extra={t(hasLinks ? 'reports.saved.formHint' : 'reportMail.noLinks')}>
        <Select options={mailForms.map((value) => ({ value, label: t(`reports.saved.forms.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="people"
        label={t('reports.saved.people')}
        extra={unseen === 0 ? t('reports.saved.peopleHint') : t('reports.saved.unseenLeft', { count: unseen })}
        rules={[{ required: isAsked, message: t('reports.saved.peopleAsked') }]}
      >
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          options={people.map(({ userId, name, hasMail }) => ({
            value: userId,
            label: hasMail ? name : t('reports.saved.noAddress', { name }),
          }))}
          data-testid="report-people"
        />
      </Form.Item>
    </>
  );
}
