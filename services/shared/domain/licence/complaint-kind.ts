/** What a complaint is about (regulation item 31). */
export const complaintKinds = [
  'harassment',
  'called-after-refusal',
  'attitude',
  'waiting',
  'information-leak',
  'charging',
  'other',
] as const;
export type ComplaintKind = (typeof complaintKinds)[number];
/** The channel by which the complaint arrived. */
export const complaintSources = ['phone', 'web', 'mail', 'letter', 'regulator', 'low-score'] as const;
export type ComplaintSource = (typeof complaintSources)[number];
