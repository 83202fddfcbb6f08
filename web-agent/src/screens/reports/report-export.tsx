import { DownloadOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FigureReport } from '../../../../services/shared/contracts/api/figures.js';
import type { FigureKey } from '../../../../services/shared/domain/figures/registry.js';
import { saveBlob } from '../../components/save-blob.js';
import { siteDay } from '../../components/site-days.js';
import { useFailureWords } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import { reportCsv } from './report-csv.js';
import type { ReportChoice } from './report-choice.js';
import { allRowsOf, RowsChange } from './report-rows.js';

/** Gives the report as a file. It has all rows, also those that the page does not show. */
export function ReportExport({
  report,
  choice: { from, to, interval, by, columns },
  nameOf,
  startText,
  scopeName,
}: {
  readonly report: FigureReport;
  readonly choice: ReportChoice;
  readonly nameOf: (key: FigureKey) => string;
  readonly startText: (start: string) => string;
  readonly scopeName: (scope: string) => string;
}): ReactNode {
  const { t } = useTranslation();
  const { session } = useApp();
  const { message } = App.useApp();
  const wordsOf = useFailureWords();
  const [read, setRead] = useState<{ readonly done: number; readonly all: number }>();

  async function save(): Promise<void> {
    setRead({ done: 0, all: report.rowCount });
    try {
      const isWhole = report.rows.length === report.rowCount;
      const rows = isWhole
        ? report.rows
        : await allRowsOf(
            (skip) => session.api.get('/figures/report', { query: { from, to, interval, by, skip } }),
            (done, all) => setRead({ done, all }),
          );
      const words = {
        start: t('reports.start'),
        scope: t(`reports.scopes.${by}`),
        numerator: t('reports.numerator'),
        denominator: t('reports.denominator'),
        version: t('reports.version'),
        nameOf,
        startOf: startText,
        scopeOf: scopeName,
      };
      const name = `report_${siteDay(report.from).format('YYYYMMDD')}_${by}_${interval}.csv`;
      saveBlob(new Blob([reportCsv({ rows }, columns, words)], { type: 'text/csv;charset=utf-8' }), name);
    } catch (error) {
      void message.error(error instanceof RowsChange ? t('reports.changing') : wordsOf(error), 8);
    } finally {
      setRead(undefined);
    }
  }

  return (
    <Button icon={<DownloadOutlined />} loading={read !== undefined} onClick={() => void save()} data-testid="report-csv">
      {read === undefined ? t('reports.export') : t('reports.reading', read)}
    </Button>
  );
}
