import type Srf from 'drachtio-srf';

export const METHODS = 'INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE, INFO';
/** Without a reason drachtio-srf sends that of the status. */
const USUAL_REASON = '';

/** Sends a response; one that can no longer be sent (the caller cancelled) is nobody's loss. */
export async function send(res: Srf.SrfResponse, status: number, headers: Readonly<Record<string, string>>, body?: string): Promise<void> {
  await new Promise<void>((resolve) =>
    res.send(status, USUAL_REASON, { headers, ...(body === undefined ? {} : { body }) }, () => resolve()),
  );
}
