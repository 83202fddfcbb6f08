/** The code of an error of the system or of a store (`ENOENT`, `NoSuchKey`, 11000), whichever library made it. */
export const errorCode = (error: unknown): string | number | undefined =>
  error !== null && typeof error === 'object' && 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number')
    ? error.code
    : undefined;

/** Returns nothing instead of an error for something that may be missing. Any other error is thrown. */
export function whenMissing(error: unknown): undefined {
  if (errorCode(error) === 'ENOENT') return undefined;
  throw error;
}
