/** The code of a system's or a store's error (`ENOENT`, `NoSuchKey`, 11000), wherever it was made. */
export const errorCode = (error: unknown): string | number | undefined =>
  error !== null && typeof error === 'object' && 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
    ? error.code
    : undefined;

/** For what need not be there: nothing instead of an error, any other error as it is. */
export function whenMissing(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}
