/** The purposes that an outbound call may have (requirement 3). Marketing is not one of them. */
export const callPurposes = ['prompt-return', 'enquiry', 'service-notice', 'complaint-return', 'satisfaction-return'] as const;
export type CallPurpose = (typeof callPurposes)[number];

/** The purpose of the call that tests a trunk. Nobody can choose it: only the trunk test dials with it. */
export const TEST_PURPOSE = 'trunk-test';
