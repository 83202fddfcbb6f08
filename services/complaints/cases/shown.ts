import type { Complaint } from './complaint.js';

/** A case as the server sends it, without sealed fields. */
export type ShownComplaint = Omit<Complaint, 'complainant'> & {
  readonly complainant: Omit<Complaint['complainant'], 'sealed' | 'numberHash'>;
};

export function shown({ complainant: { sealed: _sealed, numberHash: _numberHash, ...complainant }, ...rest }: Complaint): ShownComplaint {
  return { ...rest, complainant };
}
