import { z } from 'zod';
import { Threshold, ThresholdDraft } from '../../queues/threshold.js';
import { nothing, type Endpoints } from '../endpoint.js';
import { UserId } from '../../ids.js';

const thresholdId = z.object({
  thresholdId: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[A-Za-z0-9-]+$/),
});

export const thresholdsApi = {
  'GET /thresholds': {
    right: 'queues.edit',
    summary: 'The thresholds within reach, and the people who may be named as receivers of their alarms.',
    answer: z.object({ thresholds: z.array(Threshold), people: z.array(z.object({ userId: UserId, name: z.string() })) }),
    failures: [],
  },
  'PUT /thresholds/:thresholdId': {
    right: 'queues.edit',
    summary:
      'Sets a threshold of a figure: limits for the warning and the alarm, the clear level, the minimum count, and the time to hold.',
    params: thresholdId,
    body: ThresholdDraft,
    answer: Threshold,
    failures: ['changed-meanwhile', 'not-new', 'too-large'],
  },
  'DELETE /thresholds/:thresholdId': {
    right: 'queues.edit',
    summary: 'Removes a threshold and clears the alarms that it raised.',
    params: thresholdId,
    answer: nothing,
    failures: [],
  },
} satisfies Endpoints;
export type ThresholdsApi = typeof thresholdsApi;
