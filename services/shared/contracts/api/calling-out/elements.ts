import { z } from 'zod';
import { callElements } from '../../../domain/calls/calling-out.js';
import { file, type Endpoints } from '../endpoint.js';
import { AgentId, CallId, asCallId } from '../../ids.js';

/** The four elements of a call out, and the originals of consents. */
export const elementsApi = {
  'POST /outbound/consents/:id/original': {
    right: 'outbound.edit',
    summary:
      'Puts the original of a consent (the raw body; pdf, png, jpg, jpeg, docx, xlsx, zip, ofd, csv, txt) into the object store under lock; an original is never replaced.',
    params: z.object({ id: z.string().max(40) }),
    query: z.object({ fileName: z.string().min(1).max(200) }),
    uploadBytes: 20_000_000,
    answer: z.object({ sha256: z.string(), sizeBytes: z.number() }),
    failures: ['already-exists', 'invalid-request', 'not-found', 'too-large'],
  },
  'GET /outbound/consents/:id/original': {
    right: 'outbound.read',
    summary: 'The original of a consent that was handed in as a file, its hash checked.',
    params: z.object({ id: z.string().max(40) }),
    answer: file('application/octet-stream'),
    failures: ['file-damaged', 'not-found'],
  },
  'GET /outbound/elements': {
    right: 'outbound.read',
    summary:
      'The figure 四要素齐备率 of a day: answered calls out of which recording, both numbers, time and original of the consent can be shown, and those that lack one.',
    query: z.object({ date: z.iso.date() }),
    answer: z.object({
      date: z.string(),
      figure: z.object({ numerator: z.number(), denominator: z.number(), value: z.number().nullable() }),
      failing: z.array(
        z.object({
          callId: CallId,
          at: z.iso.datetime(),
          agentId: AgentId,
          numberMasked: z.string(),
          missing: z.array(z.enum(callElements)),
        }),
      ),
      /** Calls that were in progress when the consent was taken back. It was valid when they were dialled. */
      takenBack: z.array(
        z.object({
          callId: CallId,
          at: z.iso.datetime(),
          agentId: AgentId,
          numberMasked: z.string(),
          consentTakenBackAt: z.iso.datetime(),
        }),
      ),
    }),
    failures: [],
  },
  'GET /calls/:callId/elements': {
    right: 'calls.read',
    summary: 'The four elements of an answered outbound call, with the original of its consent, and what is missing.',
    params: z.object({ callId: asCallId(z.string().max(64)) }),
    answer: z.object({
      callId: CallId,
      at: z.iso.datetime(),
      answeredAt: z.iso.datetime().optional(),
      from: z.string().optional(),
      numberMasked: z.string(),
      consentId: z.string(),
      /** When the consent was taken back while the call was in progress. */
      consentTakenBackAt: z.iso.datetime().optional(),
      proof: z
        .discriminatedUnion('kind', [
          z.object({ kind: z.literal('call'), callId: CallId }),
          z.object({ kind: z.literal('file'), consentId: z.string(), fileName: z.string(), sha256: z.string() }),
          z.object({ kind: z.literal('none'), consentId: z.string() }),
        ])
        .nullable(),
      missing: z.array(z.enum(callElements)),
    }),
    failures: ['not-found'],
  },
} satisfies Endpoints;
export type ElementsApi = typeof elementsApi;
