import type { TablePaginationConfig } from 'antd';
import { useTranslation } from 'react-i18next';

/** The query for page `page` (from 1) of `rows` rows of a list. */
export const pageQuery = (page: number, rows: number): { readonly skip: string; readonly limit: string } => ({
  skip: String((page - 1) * rows),
  limit: String(rows),
});

/** The footer of a table whose pages are loaded one by one. */
export function usePaging(page: number, rows: number, onChange: (page: number) => void): (total: number) => TablePaginationConfig {
  const { t } = useTranslation();
  return (total) => ({
    current: page,
    pageSize: rows,
    total,
    hideOnSinglePage: true,
    showSizeChanger: false,
    showTotal: (count) => t('shell.total', { count }),
    onChange,
  });
}
