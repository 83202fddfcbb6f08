import { createHmac } from 'node:crypto';

/**
 * The value that a WebSocket client of a `;door=seat` listener shows in `Authorization: Bearer`. It is derived from the secret of the
 * applications, so a client that holds the secret can compute it and no second secret has to be stored.
 */
export const seatDoorProof = (secret: string): string => createHmac('sha256', secret).update('seat-door').digest('base64url');
