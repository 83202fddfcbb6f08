import { Pagination, Table, type TableProps } from 'antd';
import { useState, type Key, type ReactNode } from 'react';
import { useNarrow } from './use-narrow.js';

type Columns<T> = NonNullable<TableProps<T>['columns']>;

/** The table of every list: on a telephone each row is a card, because a table would be cut at the edge of the screen. */
export function DataTable<T extends object>(props: TableProps<T>): ReactNode {
  const narrow = useNarrow();
  return narrow ? <Cards {...props} /> : <Table<T> size="middle" scroll={{ x: 'max-content' }} {...props} />;
}

const PAGE_ROWS = 10;

/** The first column is the heading of a card; what is empty is left out. */
function Cards<T extends object>({ dataSource = [], columns = [], rowKey = 'key', onRow, pagination }: TableProps<T>): ReactNode {
  const [page, setPage] = useState(1);
  const paging = pagination === false || pagination === undefined ? undefined : pagination;
  const size = paging?.pageSize ?? PAGE_ROWS;
  const current = paging?.current ?? page;
  // A list whose pages are loaded one by one says how many rows there are; another one is cut here.
  const total = paging?.total ?? dataSource.length;
  const isWhole = paging !== undefined && dataSource.length > size;
  const rows = isWhole ? dataSource.slice((current - 1) * size, current * size) : dataSource;
  return (
    <>
      <ul className="cards">
        {rows.map((row, index) => (
          <li key={keyOf(row, rowKey, index)} {...onRow?.(row, index)} className="panel" data-row-key={keyOf(row, rowKey, index)}>
            <Card row={row} index={index} columns={columns} />
          </li>
        ))}
      </ul>
      {paging !== undefined && total > size && (
        <Pagination
          simple
          align="center"
          current={current}
          pageSize={size}
          total={total}
          onChange={(next, rowsOfPage) => {
            setPage(next);
            paging.onChange?.(next, rowsOfPage);
          }}
        />
      )}
    </>
  );
}

function keyOf<T extends object>(row: T, rowKey: TableProps<T>['rowKey'], index: number): Key {
  if (typeof rowKey === 'function') return rowKey(row, index);
  const value = (row as Readonly<Record<string, unknown>>)[String(rowKey)];
  return typeof value === 'string' || typeof value === 'number' ? value : index;
}

function Card<T extends object>({
  row,
  index,
  columns,
}: {
  readonly row: T;
  readonly index: number;
  readonly columns: Columns<T>;
}): ReactNode {
  const cells = columns.flatMap((column, at) => {
    if ('children' in column) return [];
    const value =
      'dataIndex' in column && typeof column.dataIndex === 'string' ? (row as Record<string, unknown>)[column.dataIndex] : undefined;
    const shown = (column.render === undefined ? value : column.render(value, row, index)) as ReactNode;
    const title = typeof column.title === 'function' ? '' : column.title;
    return shown === undefined || shown === null || shown === '' || shown === false ? [] : [{ at, title, shown }];
  });
  const [first, ...others] = cells;
  return (
    <>
      {first !== undefined && <div className="card-head">{first.shown}</div>}
      <dl className="facts">
        {others.map(({ at, title, shown }) => (
          <div key={at} className="contents">
            <dt>{title}</dt>
            <dd>{shown}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
