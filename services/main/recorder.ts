import { createRecorder } from '../recording/index.js';
import { createObjectClient } from '../shared/platform/objects.js';
import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async (context) => [createRecorder({ ...context, objects: createObjectClient(context.config) })];
