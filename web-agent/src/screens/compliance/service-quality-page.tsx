import { DatePicker, Select, Space, Table } from 'antd';
import type { Dayjs } from 'dayjs';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Chart, type ChartOption } from '../../components/chart.js';
import { Loaded, Page } from '../../components/page.js';
import { siteNow } from '../../components/time/site-days.js';
import { useQueueName } from '../seat/queue-names.js';
import { useEvidence } from './use-evidence.js';
import type { AnswerOf } from '../../session/api.js';
import type { Words } from '../../../../services/shared/contracts/api/words.js';

type Figure = NonNullable<QualityFigures['figures']>[number];

type QualityFigures = AnswerOf<'GET /evidence/quality'>;

const MOST_DAYS = 62;
/** The figures that an inspection asks for first; the rest are in the table. */
const headline = ['answerRate', 'serviceLevel20', 'abandonRate', 'recorded', 'availability', 'satisfaction'] as const;

/** Service quality 服务质量 (item 73): each figure with what it is counted from, and the formula in words. */
export default function ServiceQualityPage(): ReactNode {
  const { t } = useTranslation();
  const [range, setRange] = useState<readonly [Dayjs, Dayjs]>(() => [siteNow().startOf('month'), siteNow()]);
  const [from, to] = range.map((day) => day.format('YYYY-MM-DD'));
  const figures = useEvidence('quality', { from: from ?? '', to: to ?? '' });
  return (
    <Page
      title={t('compliance.quality.title')}
      testId="service-quality-page"
      actions={<Link to="/packs">{t('compliance.quality.makePack')}</Link>}
    >
      <div className="stack">
        <Space wrap>
          <DatePicker.RangePicker
            allowClear={false}
            aria-label={t('compliance.quality.period')}
            value={[range[0], range[1]]}
            maxDate={siteNow()}
            disabledDate={(day, { from: first }) => first !== undefined && Math.abs(day.diff(first, 'day')) >= MOST_DAYS}
            presets={[
              { label: t('compliance.quality.thisMonth'), value: [siteNow().startOf('month'), siteNow()] },
              {
                label: t('compliance.quality.lastMonth'),
                value: [siteNow().subtract(1, 'month').startOf('month'), siteNow().subtract(1, 'month').endOf('month')],
              },
            ]}
            onChange={(next) => {
              const [first, last] = (next ?? []) as readonly (Dayjs | null)[];
              if (first !== null && first !== undefined && last !== null && last !== undefined) setRange([first, last]);
            }}
          />
          <span className="soft">{t('compliance.quality.text')}</span>
        </Space>
        <Loaded query={figures} isEmpty={({ figures: rows = [] }) => rows.length === 0} empty={t('compliance.quality.empty')}>
          {(found) => <Figures {...found} />}
        </Loaded>
      </div>
    </Page>
  );
}

function Figures({ formulas, figures = [], zone }: QualityFigures): ReactNode {
  const { t, i18n } = useTranslation();
  const queueName = useQueueName(i18n.language);
  const [group, setGroup] = useState('all');
  const inPageWords = ({ zh, en }: Words): string => (i18n.language === 'en' ? en : zh);
  const nameOf = (key: string): string => {
    const [kind = '', id = ''] = key.split(/:(.*)/s);
    return kind === 'all'
      ? t('compliance.quality.all')
      : t(`compliance.quality.of.${kind}`, { name: kind === 'queue' ? queueName(id) : id });
  };
  const rows = figures.filter((figure) => figure.group === group);
  const newest = [...new Set(rows.map(({ month }) => month))].sort().at(-1);
  return (
    <>
      <div>
        <Select
          value={group}
          onChange={setGroup}
          options={[...new Set(figures.map((figure) => figure.group))].map((key) => ({ value: key, label: nameOf(key) }))}
          aria-label={t('compliance.quality.group')}
          className="wide-field"
          data-testid="quality-group"
        />
      </div>
      <div className="three">
        {headline.flatMap((key) => {
          const figure = rows.find(({ formula, month }) => formula === key && month === newest);
          const formula = formulas[key];
          if (figure === undefined || formula === undefined) return [];
          return [
            <section className="panel" key={key}>
              <div className="soft">{inPageWords(formula.name)}</div>
              <div className="big-figure figures">{figure.shown.value}</div>
              <div className="soft figures">
                {figure.shown.numerator} / {figure.shown.denominator}
              </div>
            </section>,
          ];
        })}
      </div>
      <QueueChart figures={figures.filter(({ month }) => month === newest)} nameOf={nameOf} />
      <Table<Figure>
        size="small"
        rowKey={({ formula, month }) => `${formula} ${month}`}
        dataSource={rows}
        pagination={false}
        scroll={{ x: 'max-content' }}
        expandable={{
          expandedRowRender: ({ formula }) => {
            const of = formulas[formula];
            return of === undefined ? null : (
              <>
                <p>{inPageWords(of.text)}</p>
                {of.changes.map(({ on, what }, place) => (
                  <p key={on + what.en} className="soft">
                    v{place + 2}, {on}: {inPageWords(what)}
                  </p>
                ))}
                {of.openPoint !== undefined && <p className="soft">{t('compliance.readiness.unconfirmed')}</p>}
              </>
            );
          },
        }}
        columns={[
          { title: t('compliance.quality.month'), dataIndex: 'month' },
          {
            title: t('compliance.quality.figure'),
            render: (_value, { formula }) => {
              const of = formulas[formula];
              return of === undefined ? formula : inPageWords(of.name);
            },
          },
          {
            title: t('compliance.quality.value'),
            align: 'right',
            render: (_value, { shown }) => <strong className="figures">{shown.value}</strong>,
          },
          {
            title: t('compliance.quality.numerator'),
            align: 'right',
            render: (_value, { shown }) => <span className="figures">{shown.numerator}</span>,
          },
          {
            title: t('compliance.quality.denominator'),
            align: 'right',
            render: (_value, { shown }) => <span className="figures">{shown.denominator}</span>,
          },
          {
            title: t('compliance.quality.formula'),
            render: (_value, row) => <code>{`${formulas[row.formula]?.id ?? row.formula} v${row.version}`}</code>,
          },
        ]}
        footer={() => <span className="soft">{t('compliance.quality.zone', { zone })}</span>}
      />
    </>
  );
}

/** Service level beside answer rate, queue by queue: where to look first. */
function QueueChart({ figures, nameOf }: { readonly figures: readonly Figure[]; readonly nameOf: (group: string) => string }): ReactNode {
  const { t } = useTranslation();
  const option = useMemo((): ChartOption | undefined => {
    const levels = figures.filter(
      ({ formula, group, value }) => formula === 'serviceLevel20' && group.startsWith('queue:') && value !== undefined,
    );
    if (levels.length < 2) return undefined;
    return {
      xAxis: { type: 'category', data: levels.map(({ group }) => nameOf(group)) },
      yAxis: { type: 'value', min: 0, max: 100 },
      series: [{ type: 'bar', barMaxWidth: 40, data: levels.map(({ value = 0 }) => Math.round(value * 10) / 10) }],
    };
  }, [figures, nameOf]);
  if (option === undefined) return null;
  return (
    <section className="panel">
      <h2>{t('compliance.quality.byQueue')}</h2>
      <Chart option={option} label={t('compliance.quality.byQueue')} />
    </section>
  );
}
