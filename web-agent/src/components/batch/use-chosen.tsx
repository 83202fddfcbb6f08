import type { TableProps } from 'antd';
import { useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { arrowStep, stillThere } from './chosen.js';

export interface Chosen<T> {
  readonly rows: readonly T[];
  /** For the table: a box in each row; Shift and a click choose a range. */
  readonly selection: NonNullable<TableProps<T>['rowSelection']>;
  readonly chooseAll: () => void;
  readonly clear: () => void;
  /** For an element around the table: arrows go from box to box, with Shift they choose, and Esc chooses nobody. */
  readonly onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** The rows of a table that a person has chosen to change together. */
export function useChosen<T>(rows: readonly T[], idOf: (row: T) => string, nameOf: (row: T) => string): Chosen<T> {
  const { t } = useTranslation();
  const [kept, setKept] = useState<readonly string[]>([]);
  const ids = rows.map(idOf);
  const chosen = stillThere(kept, ids);
  return {
    rows: rows.filter((row) => chosen.includes(idOf(row))),
    selection: {
      selectedRowKeys: chosen,
      preserveSelectedRowKeys: true,
      onChange: (keys) => setKept(keys.map(String)),
      getCheckboxProps: (row) => ({ 'aria-label': t('batch.choose', { name: nameOf(row) }) }),
      // The kit draws the box of the head a second time, unseen, to measure the column. The bar chooses all instead.
      hideSelectAll: true,
    },
    chooseAll: () => setKept(ids),
    clear: () => setKept([]),
    onKeyDown(event) {
      const { target, currentTarget, key } = event;
      if (key === 'Escape' && chosen.length > 0) {
        setKept([]);
        return;
      }
      const from = target instanceof HTMLInputElement ? target.closest<HTMLElement>('tbody tr[data-row-key]') : null;
      if (from === null) return;
      const onPage = [...currentTarget.querySelectorAll<HTMLElement>('tbody tr[data-row-key]')];
      const step = arrowStep(
        onPage.map((row) => row.dataset['rowKey'] ?? ''),
        from.dataset['rowKey'] ?? '',
        event,
      );
      if (step === undefined) return;
      event.preventDefault();
      onPage
        .find((row) => row.dataset['rowKey'] === step.to)
        ?.querySelector('input')
        ?.focus();
      if (step.choose.length > 0) setKept([...new Set([...chosen, ...step.choose])]);
    },
  };
}
