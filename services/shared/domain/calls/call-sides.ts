/** The two numbers of a call: the masked number outside, and ours, which was called or was shown by a call out. */
export interface CallNumbers {
  readonly direction?: 'inbound' | 'outbound' | undefined;
  readonly callerMasked?: string | undefined;
  readonly called?: string | undefined;
}

/** Who called whom, for lists that have calls of both directions: of a call out, ours is the caller and the number outside the one called. */
export const sidesOf = ({
  direction,
  callerMasked = '',
  called = '',
}: CallNumbers): { readonly caller: string; readonly called: string } =>
  direction === 'outbound' ? { caller: called, called: callerMasked } : { caller: callerMasked, called };
