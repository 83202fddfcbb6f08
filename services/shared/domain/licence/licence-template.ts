/** Papers of a licence case that can be downloaded as DOCX before the case exists, in the order in which they are listed. */
export const templateIds = [
  'company-overview',
  'shareholding',
  'resolution',
  'business-plan',
  'technical-plan',
  'quality-measures',
  'security-measures',
  'emergency-plan',
  'pledge-lawful',
  'pledge-outbound',
  'pledge-security',
  'pledge-service',
] as const;
export type TemplateId = (typeof templateIds)[number];
