import { useState } from 'react';
import { pageQuery, usePaging } from '../../components/paging.js';
import { PAGE_ROWS } from './calling-out.js';

/** A list of numbers in pages, and the search for one number, which begins at the first page. */
export function useNumberPages() {
  const [number, setNumber] = useState('');
  const [page, setPage] = useState(1);
  return {
    /** Whether the list is of the number that was searched for. */
    isSearch: number !== '',
    search: (next: string): void => {
      setNumber(next);
      setPage(1);
    },
    paging: usePaging(page, PAGE_ROWS, setPage),
    query: new URLSearchParams({ ...pageQuery(page, PAGE_ROWS), ...(number === '' ? {} : { number }) }),
  };
}
