/** A call that is over, as the record of calls holds it: for tests that need one there and are not about how it came to be. */
export const callRow = (
  callId: string,
  more: { readonly called: string; readonly queueId: string } & Readonly<Record<string, unknown>>,
): Record<string, unknown> & { readonly _id: string } => {
  const invitedAt = new Date(Date.now() - 3_600_000);
  return {
    _id: callId,
    direction: 'inbound',
    callerNumber: '13900000001',
    callerMasked: '139****0001',
    callerHash: `hash-${callId}`,
    agentIds: [],
    cause: 'served',
    by: 'caller',
    history: [],
    offers: [],
    talks: [],
    holds: [],
    pauses: [],
    choices: [],
    media: [],
    invitedAt,
    answeredAt: invitedAt,
    endedAt: new Date(invitedAt.getTime() + 60_000),
    ...more,
  };
};
