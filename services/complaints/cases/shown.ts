import type { Complaint } from './complaint.js';

/** A case as it leaves the server: without what is sealed. */
export type ShownComplaint = Omit<Complaint, 'complainant'> & {
  readonly complainant: Omit<Complaint['complainant'], 'sealed' | 'numberHash'>;
};

export function shown({ complainant: { sealed: _sealed, numberHash: _numberHash, ...complainant }, ...rest }: Complaint): ShownComplaint {
  return { ...rest, complainant };
}
