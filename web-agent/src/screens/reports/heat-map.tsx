import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureReport } from '../../../../services/shared/contracts/api/figures/figures.js';
import { figureHeading, shownFigure, type FigureKey } from '../../../../services/shared/domain/figures/registry.js';
import { Loaded } from '../../components/page.js';
import { useRead } from '../../session/use-server.js';
import { filterQuery, type ReportChoice } from './report-choice.js';
import type { Behind } from './lists/rows-drawer.js';
import './report-tables.css';

const weekdays = ['1', '2', '3', '4', '5', '6', '7'] as const;
const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));
/** The palest cell must still be visible, and the words on the darkest still readable. */
const [PALEST, DARKEST] = [8, 55];

/** A figure for each hour of the week: the darker, the higher. Each opens its rows. */
export function HeatMap({
  choice: { from, to, filters, asOf },
  figure,
  nameOf,
  onOpen,
}: {
  readonly choice: ReportChoice;
  readonly figure: FigureKey;
  readonly nameOf: (key: FigureKey) => string;
  readonly onOpen: (behind: Behind) => void;
}): ReactNode {
  const { t } = useTranslation();
  const read = useRead('/figures/report', {
    query: { from, to, interval: 'hour-of-week', by: 'all', ...filterQuery(filters), ...(asOf === undefined ? {} : { asOf }) },
  });
  return (
    <Loaded query={read} isEmpty={({ rows }) => rows.length === 0} empty={t('reports.empty')}>
      {(report) => <HeatTable report={report} figure={figure} nameOf={nameOf} onOpen={onOpen} />}
    </Loaded>
  );
}

function HeatTable({
  report,
  figure,
  nameOf,
  onOpen,
}: {
  readonly report: FigureReport;
  readonly figure: FigureKey;
  readonly nameOf: (key: FigureKey) => string;
  readonly onOpen: (behind: Behind) => void;
}): ReactNode {
  const { t, i18n } = useTranslation();
  const cells = new Map(report.rows.map(({ start, figures }) => [start, figures[figure]?.value ?? null]));
  const most = Math.max(...[...cells.values()].map((value) => value ?? 0));
  return (
    // Twenty-four hours are wider than a phone screen: the table scrolls, by keyboard too.
    <div className="scrolls" tabIndex={0} role="region" aria-label={nameOf(figure)}>
      <table className="heat figures" data-testid="report-heat">
        <thead>
          <tr>
            <th scope="col">{figureHeading(figure, i18n.language === 'en' ? 'en' : 'zh')}</th>
            {hours.map((hour) => (
              <th key={hour} scope="col">
                {hour}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weekdays.map((weekday) => (
            <tr key={weekday}>
              <th scope="row">{t(`reports.weekdays.${weekday}`)}</th>
              {hours.map((hour) => {
                const start = `${weekday}-${hour}`;
                const value = cells.get(start) ?? null;
                const shown = value === null ? '' : shownFigure(figure, { value });
                const share = value === null || most === 0 ? 0 : PALEST + (DARKEST - PALEST) * (value / most);
                return (
                  <td key={hour} style={{ background: `color-mix(in srgb, var(--brand) ${String(Math.round(share))}%, transparent)` }}>
                    {value === null || value === 0 || report.asOf !== null ? (
                      shown
                    ) : (
                      <Button
                        type="text"
                        size="small"
                        aria-label={`${t(`reports.weekdays.${weekday}`)} ${hour}:00 ${nameOf(figure)} ${shown}`}
                        onClick={() => onOpen({ from: report.from, until: report.until, scope: '', key: figure, hourOfWeek: start })}
                      >
                        {shown}
                      </Button>
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
