import { expect, test } from '@jest/globals';
import { seatDoorProof as proofOfTheProduct } from '../../../../services/shared/platform/network/sip-doors.js';
import { seatDoorProof } from './seat-door.js';

test.each(['secret', '', 'ein Geheimnis mit ü', '密'.repeat(200)])('the server expects the proof that the product shows: %#', (secret) => {
  expect(seatDoorProof(secret)).toBe(proofOfTheProduct(secret));
});

test('another secret gives another proof', () => {
  expect(seatDoorProof('a')).not.toBe(seatDoorProof('b'));
});
