import type { Route } from '../shared/platform/route.js';
export const createCallRoutes = (): Route[] => [];
