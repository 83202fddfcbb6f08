import { z } from 'zod';
import type * as ids from '../domain/ids.js';

/** The schema of a text that is an id. What is parsed has the kind of the id in its type; on the wire and in JSON Schema it is a text. */
type IdSchema<I extends string> = z.ZodType<I, I>;
type TextSchema = z.ZodType<string, string>;

export type CallId = ids.CallId;
export const CallId: IdSchema<ids.CallId> = z.string();
/** Turns a text schema with further limits into the schema of a call id. */
export const asCallId = (text: TextSchema): IdSchema<ids.CallId> => text;

export type SipCallId = ids.SipCallId;
export const SipCallId: IdSchema<ids.SipCallId> = z.string();
export const asSipCallId = (text: TextSchema): IdSchema<ids.SipCallId> => text;

export type QueueId = ids.QueueId;
export const QueueId: IdSchema<ids.QueueId> = z.string();
export const asQueueId = (text: TextSchema): IdSchema<ids.QueueId> => text;

export type TrunkId = ids.TrunkId;
export const TrunkId: IdSchema<ids.TrunkId> = z.string();
export const asTrunkId = (text: TextSchema): IdSchema<ids.TrunkId> => text;

export type UserId = ids.UserId;
export const UserId: IdSchema<ids.UserId> = z.string();
export const asUserId = (text: TextSchema): IdSchema<ids.UserId> => text;

export type AgentId = ids.AgentId;
export const AgentId: IdSchema<ids.AgentId> = z.string();
export const asAgentId = (text: TextSchema): IdSchema<ids.AgentId> => text;

export type ComplaintId = ids.ComplaintId;
export const ComplaintId: IdSchema<ids.ComplaintId> = z.string();
export const asComplaintId = (text: TextSchema): IdSchema<ids.ComplaintId> => text;
