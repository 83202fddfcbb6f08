/** The two numbers of a call: the masked number outside, and our number, which was called or was shown by an outbound call. */
export interface CallNumbers {
  readonly direction?: 'inbound' | 'outbound' | undefined;
  readonly callerMasked?: string | undefined;
  readonly called?: string | undefined;
}

/** Caller and called number, for lists with calls in both directions. On an outbound call our number is the caller. */
export const sidesOf = ({ direction, callerMasked = '', called = '' }: CallNumbers): { readonly caller: string; readonly called: string } =>
  direction === 'outbound' ? { caller: called, called: callerMasked } : { caller: callerMasked, called };
