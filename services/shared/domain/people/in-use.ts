/** Whether an account is in use: one whose end has come is closed by nobody, but opens nothing any more. */
export const isInUse = (
  { disabled, expiresAt }: { readonly disabled: boolean; readonly expiresAt?: Date | undefined },
  now: Date,
): boolean => !disabled && (expiresAt === undefined || expiresAt > now);
