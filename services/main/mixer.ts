import type { ComposeRole } from './context.js';

export const compose: ComposeRole = async () => [];
