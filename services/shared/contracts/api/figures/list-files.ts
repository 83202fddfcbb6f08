import { z } from 'zod';
import { followUps, transferScopes } from '../../../domain/figures/report.js';
import { asQueueId } from '../../ids.js';
import { file, type Endpoints } from '../endpoint.js';
import { ListFile, reportMediaTypes } from './adherence.js';

/** The lists of reports as files: all rows, with the hash of their CSV form; each stands in the audit log. */
export const listFilesApi = {
  'GET /figures/abandoned/file': {
    right: 'calls.read',
    summary: 'Callers who gave up in a queue, with what became of them, as a file. Numbers are masked. Stands in the audit log.',
    query: ListFile.extend({ queueId: asQueueId(z.string().max(200)).optional(), followUp: z.enum(followUps).optional() }),
    answer: file(...reportMediaTypes),
    failures: ['invalid-request', 'timed-out', 'too-large'],
  },
  'GET /figures/transfers/file': {
    right: 'calls.read',
    summary: 'The counts of transfers from each queue or agent to each target, as a file. Stands in the audit log.',
    query: ListFile.extend({ by: z.enum(transferScopes).default('queue') }),
    answer: file(...reportMediaTypes),
    failures: ['invalid-request', 'timed-out', 'too-large'],
  },
  'GET /figures/agent-states/file': {
    right: 'agents.watch',
    summary: 'The states of agents tile by tile, as a file. Stands in the audit log.',
    query: ListFile,
    answer: file(...reportMediaTypes),
    failures: ['invalid-request', 'service-unavailable', 'timed-out', 'too-large'],
  },
} as const satisfies Endpoints;
export type ListFilesApi = typeof listFilesApi;
