/** Purposes an outbound call may have (requirement 3); marketing is not among them. */
export const callPurposes = ['prompt-return', 'enquiry', 'service-notice', 'complaint-return', 'satisfaction-return'] as const;
export type CallPurpose = (typeof callPurposes)[number];

/** The purpose of a call by which a trunk is tested. Nobody chooses it: only the test of a trunk dials with it. */
export const TEST_PURPOSE = 'trunk-test';
