import { ApiProblem } from './session.js';

const AWAY_AGAIN_MS = 3_000;

/** When a failed read is made again by itself: a page that cannot reach the server says that it reconnects. Any other failure waits for the person. */
export const againAfterMs = (error: unknown): number | false =>
  error instanceof ApiProblem && error.code === 'network' ? AWAY_AGAIN_MS : false;
