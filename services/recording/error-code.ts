/** The code of a system's or a store's error (`ENOENT`, `NoSuchKey`, 11000), wherever it was made. */
export const errorCode = (error: unknown): string | number | undefined =>
  error !== null && typeof error === 'object' && 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
    ? error.code
    : undefined;
