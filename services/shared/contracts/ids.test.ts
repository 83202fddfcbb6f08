import { expect, test } from '@jest/globals';
import { z } from 'zod';
import type * as ids from '../domain/ids.js';
import { AgentId, CallId, QueueId, SipCallId, asCallId } from './ids.js';

const takes = (callId: ids.CallId, agentId: ids.AgentId): string => `${callId}/${agentId}`;

/** Never called: the compiler is the test. */
export const mistaken = (
  callId: ids.CallId,
  sipCallId: ids.SipCallId,
  queueId: ids.QueueId,
  agentId: ids.AgentId,
  complaintId: ids.ComplaintId,
): string[] => [
  // @ts-expect-error A complaint where a call is meant.
  takes(complaintId, agentId),
  // @ts-expect-error A Call-ID of SIP where the id of our call is meant.
  takes(sipCallId, agentId),
  // @ts-expect-error A queue where an agent is meant.
  takes(callId, queueId),
  // @ts-expect-error Our call where a Call-ID of SIP is meant.
  ((id: ids.SipCallId): string => id)(callId),
];

test('an id that is parsed has its kind, and stays the text that it was', () => {
  const row = z.object({ callId: CallId, sipCallId: SipCallId, queueId: QueueId, agentId: AgentId }).parse({
    callId: 'c1',
    sipCallId: 'x@y',
    queueId: 'q1',
    agentId: 'a1',
  });
  expect(takes(row.callId, row.agentId)).toBe('c1/a1');
  // @ts-expect-error The schema of a Call-ID of SIP gives no id of ours.
  expect(takes(row.sipCallId, row.agentId)).toBe('x@y/a1');
});

test('the schema of an id is that of its text: the interface does not change', () => {
  const text = z.string().regex(/^[0-9a-z]{1,64}$/);
  expect(z.toJSONSchema(CallId)).toEqual(z.toJSONSchema(z.string()));
  expect(z.toJSONSchema(asCallId(text))).toEqual(z.toJSONSchema(text));
  expect(asCallId(text).safeParse('C 1').success).toBe(false);
});
