import { createRecorder } from '../recording/index.js';
import type { ComposeRole } from './context.js';

/** Run from source, the process has the same loader as this one. */
const finishing = new URL(`./finishing-main${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

export const compose: ComposeRole = async (context) => [createRecorder({ ...context, finishing })];
