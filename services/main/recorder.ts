import { createRecorder } from '../recording/index.js';
import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async (context) => [createRecorder(context)];
