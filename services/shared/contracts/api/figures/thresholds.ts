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
    summary: 'The thresholds within reach, and the people whom one may name as receivers of its alarms.',
    answer: z.object({ thresholds: z.array(Threshold), people: z.array(z.object({ userId: UserId, name: z.string() })) }),
    failures: [],
  },
  'PUT /thresholds/:thresholdId': {
    right: 'queues.edit',
    summary:
      'Sets a threshold of a figure: limits for the warning and the alarm, when it is over, how many must be counted, and for how long.',
    params: thresholdId,
    body: ThresholdDraft,
    answer: Threshold,
    failures: ['changed-meanwhile', 'not-new', 'too-large'],
  },
  'DELETE /thresholds/:thresholdId': {
    right: 'queues.edit',
    summary: 'Removes a threshold; what it raised is cleared.',
    params: thresholdId,
    answer: nothing,
    failures: [],
  },
} satisfies Endpoints;
export type ThresholdsApi = typeof thresholdsApi;
