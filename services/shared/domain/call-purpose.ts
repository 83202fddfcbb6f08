/** Purposes an outbound call may have (requirement 3); marketing is not among them. */
export const callPurposes = ['prompt-return', 'enquiry', 'service-notice', 'complaint-return', 'satisfaction-return'] as const;
export type CallPurpose = (typeof callPurposes)[number];
