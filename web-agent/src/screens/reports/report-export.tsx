import type { ReactNode } from 'react';
import { useApp } from '../../session/use-workplace.js';
import { FileMenu } from './lists/list-export.js';
import { filterQuery, momentQuery, type ReportChoice } from './report-choice.js';

/** Downloads the report as a file that the server makes. */
export function ReportExport({ choice }: { readonly choice: ReportChoice }): ReactNode {
  const { session } = useApp();
  const { from, to, interval, by, filters, columns } = choice;
  return (
    <FileMenu
      fileName={`report_${from}_${to}_${by}_${interval}`}
      read={(form, language) =>
        session.api.file('/figures/report/file', {
          query: {
            from,
            to,
            interval,
            by,
            ...filterQuery(filters),
            ...momentQuery(choice),
            form,
            language,
            figures: columns.join(),
          },
        })
      }
    />
  );
}
