import { z } from 'zod';
import { languages } from '../../../domain/language.js';
import { file, nothing, type Endpoints } from '../endpoint.js';

const prompt = z.object({ language: z.enum(['zh-CN', 'en']), promptId: z.string().regex(/^[a-z0-9-]{1,60}$/) });

export const PromptEntry = z.object({
  promptId: z.string(),
  language: z.enum(languages),
  origin: z.enum(['site', 'shipped']),
  /** The words of a shipped prompt. Tunes and the site's own prompts have none. */
  words: z.string().optional(),
  sizeBytes: z.number(),
  changedAt: z.iso.datetime(),
  /** Earlier recordings of the site, newest first. */
  versions: z.array(z.number()),
});
export type PromptEntry = z.infer<typeof PromptEntry>;

export const promptsApi = {
  'GET /prompts': {
    right: 'flows.edit',
    summary: 'All prompts, with where they come from and their earlier versions.',
    answer: z.object({
      prompts: z.array(PromptEntry),
    }),
    failures: [],
  },
  'GET /prompts/:language/:promptId/audio': {
    right: 'flows.edit',
    summary: 'The audio of a prompt as callers hear it.',
    params: prompt,
    answer: file('audio/wav'),
    failures: ['not-found'],
  },
  'PUT /prompts/:language/:promptId': {
    right: 'flows.edit',
    summary: 'Replaces a prompt with an uploaded audio file of any common type.',
    params: prompt,
    uploadBytes: 20_000_000,
    answer: nothing,
    failures: ['invalid-request', 'service-unavailable', 'timed-out', 'too-large', 'too-many-requests'],
  },
  'POST /prompts/:language/:promptId/restore': {
    right: 'flows.edit',
    summary: 'Restores an earlier version.',
    params: prompt,
    body: z.object({ version: z.int().positive() }),
    answer: nothing,
    failures: ['not-found', 'service-unavailable', 'timed-out'],
  },
  'DELETE /prompts/:language/:promptId': {
    right: 'flows.edit',
    summary: 'Removes the prompt of the site: callers hear the shipped one again.',
    params: prompt,
    answer: nothing,
    failures: ['service-unavailable', 'timed-out'],
  },
} satisfies Endpoints;
export type PromptsApi = typeof promptsApi;
