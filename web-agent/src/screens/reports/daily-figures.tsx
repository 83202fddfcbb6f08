import { Button, Drawer, Space, Table } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DailyRow } from '../../../../services/shared/contracts/api/figures/rows.js';
import type { FigureParts } from '../../../../services/shared/contracts/queues/figure.js';
import { MOST_DAILY_DAYS, type DailyGap } from '../../../../services/shared/domain/figures/daily.js';
import { dailyKeys, figureRegistry, shownFigure, versionOf, type DailyKey } from '../../../../services/shared/domain/figures/registry.js';
import { Loaded } from '../../components/page.js';
import { timeText } from '../../components/time/times.js';
import { useRead } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import { FileMenu } from './lists/list-export.js';
import type { ReportChoice } from './report-choice.js';
import { ReportPeriod } from './report-period.js';

const PAGE = 50;
type Part = 'numerator' | 'denominator';
type Shown = FigureParts & { readonly key: DailyKey; readonly missing: DailyGap | null };

/** At most two decimals, and none where there are none to show. */
const numberText = (value: number): string => String(Math.round(value * 100) / 100);
/** Whether a figure is a share: counts and minutes have no denominator that people would look into. */
const isShare = (key: DailyKey): boolean => !['count', 'minutes'].includes(figureRegistry[key].unit);

/** Figures of whole days: satisfaction, complaints, recordings, peaks; each number opens its rows. */
export default function DailyFigures({
  choice,
  choose,
}: {
  readonly choice: ReportChoice;
  readonly choose: (changed: Partial<ReportChoice>) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const [behind, setBehind] = useState<{ readonly key: DailyKey; readonly of: Part } | null>(null);
  const { from, to } = choice;
  const { session } = useApp();
  const read = useRead('/figures/daily', { query: { from, to } });
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const opens = (shown: Shown, of: Part): ReactNode => (
    <Button
      type="link"
      size="small"
      className="figures"
      aria-label={`${figureRegistry[shown.key].name[language]} ${t(`reports.daily.${of}`)} ${numberText(shown[of])}`}
      onClick={() => setBehind({ key: shown.key, of })}
      data-testid={`daily-${shown.key}-${of}`}
    >
      {numberText(shown[of])}
    </Button>
  );
  return (
    <>
      <p className="soft">{t('reports.daily.text')}</p>
      <Space wrap>
        <ReportPeriod choice={choice} choose={choose} mostDays={MOST_DAILY_DAYS} />
        <FileMenu
          fileName={`report_${from}_${to}_all_whole`}
          read={(form, inLanguage) =>
            session.api.file('/figures/report/file', {
              query: { from, to, interval: 'whole', by: 'all', form, language: inLanguage, figures: dailyKeys.join() },
            })
          }
        />
      </Space>
      <section className="panel stack">
        <Loaded query={read}>
          {({ figures }) => (
            <Table<Shown>
              rowKey="key"
              size="small"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={[...figures]}
              data-testid="daily-figures"
              columns={[
                {
                  title: t('reports.columns'),
                  width: 200,
                  render: (_value, { key }) => (
                    <details className="daily-name">
                      <summary>{figureRegistry[key].name[language]}</summary>
                      <span className="soft">
                        {figureRegistry[key].text[language]} · {t('reports.version')} {versionOf(key)}
                      </span>
                    </details>
                  ),
                },
                {
                  title: t('reports.daily.value'),
                  align: 'right',
                  render: (_value, shown) => <Value shown={shown} />,
                },
                {
                  title: t('reports.daily.numerator'),
                  align: 'right',
                  render: (_value, shown) => (shown.missing === null ? opens(shown, 'numerator') : null),
                },
                {
                  title: t('reports.daily.denominator'),
                  align: 'right',
                  render: (_value, shown) => (isShare(shown.key) && shown.missing === null ? opens(shown, 'denominator') : null),
                },
              ]}
            />
          )}
        </Loaded>
      </section>
      {behind !== null && (
        <Behind
          figure={behind.key}
          of={behind.of}
          choice={choice}
          name={figureRegistry[behind.key].name[language]}
          onClose={() => setBehind(null)}
        />
      )}
    </>
  );
}

/** The figure with its unit, or a dash with the reason why it is missing. */
function Value({ shown }: { readonly shown: Shown }): ReactNode {
  const { t } = useTranslation();
  if (shown.missing !== null)
    return (
      <span className="figures" data-testid={`daily-missing-${shown.key}`}>
        —<div className="bad wrap-words">{t(`reports.daily.missing.${shown.missing}`)}</div>
      </span>
    );
  const { unit, minimum } = figureRegistry[shown.key];
  const isFew = shown.value !== null && shown.denominator < minimum;
  return (
    <span className="figures">
      {shownFigure(shown.key, shown)}
      {shown.value !== null && <span className="soft"> {t(`reports.daily.units.${unit}`)}</span>}
      {isFew && <div className="soft">{t('reports.few', { minimum })}</div>}
    </span>
  );
}

/** The rows behind a number, each with its call if it has one. */
function Behind({
  figure,
  of,
  choice: { from, to },
  name,
  onClose,
}: {
  readonly figure: DailyKey;
  readonly of: Part;
  readonly choice: ReportChoice;
  readonly name: string;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [page, setPage] = useState(1);
  const read = useRead('/figures/daily/rows', { query: { from, to, key: figure, of, skip: (page - 1) * PAGE, limit: PAGE } });
  return (
    <Drawer open size="large" onClose={onClose} title={`${name} · ${t(`reports.daily.${of}`)}`} data-testid="daily-rows">
      <Loaded query={read} isEmpty={({ total }) => total === 0} empty={t('reports.daily.empty')}>
        {({ rows, total, sum }) => (
          <>
            <p className="soft" data-testid="daily-rows-sum">
              {t('reports.daily.rows', { count: total, sum: numberText(sum) })}
            </p>
            <Table<DailyRow>
              rowKey={({ id, at }) => `${id}|${at}`}
              size="small"
              scroll={{ x: 'max-content' }}
              dataSource={[...rows]}
              pagination={{ current: page, pageSize: PAGE, total, onChange: setPage, hideOnSinglePage: true, showSizeChanger: false }}
              columns={[
                {
                  title: t('reports.daily.at'),
                  render: (_value, { at, callId }) =>
                    callId === null ? (
                      <span className="figures">{timeText(at)}</span>
                    ) : (
                      <Link to={`/calls/${callId}`} className="figures">
                        {timeText(at)}
                      </Link>
                    ),
                },
                { title: t('reports.daily.kind'), render: (_value, { kind }) => t(`reports.daily.kinds.${kind}`) },
                { title: t('reports.daily.id'), render: (_value, { id }) => <span className="figures">{id}</span> },
                { title: t('reports.daily.adds'), align: 'right', render: (_value, { adds }) => numberText(adds) },
              ]}
            />
          </>
        )}
      </Loaded>
    </Drawer>
  );
}
