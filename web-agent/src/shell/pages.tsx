import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { Right } from '../../../services/shared/domain/rights.js';

export type PageGroup = 'work' | 'supervise' | 'compliance' | 'administer';

/** One page of the product: where it is, who may see it, under which word. Each is loaded when it is first opened. */
export interface PageEntry {
  readonly path: string;
  readonly word: string;
  readonly group: PageGroup;
  readonly right: Right;
  readonly icon: string;
  /** Other addresses inside the page, such as one case. */
  readonly deeper?: string;
  readonly page: LazyExoticComponent<ComponentType>;
}

export const pages: readonly PageEntry[] = [
  {
    path: '/seat',
    word: 'seat',
    group: 'work',
    right: 'seat.use',
    icon: 'seat',
    page: lazy(() => import('../screens/seat/seat-page.js')),
  },
  {
    path: '/wallboard',
    word: 'wallboard',
    group: 'supervise',
    right: 'queues.watch',
    icon: 'wallboard',
    page: lazy(() => import('../screens/supervise/wallboard-page.js')),
  },
  {
    path: '/agents',
    word: 'agents',
    group: 'supervise',
    right: 'agents.watch',
    icon: 'agents',
    page: lazy(() => import('../screens/supervise/agents-page.js')),
  },
  {
    path: '/calls',
    word: 'calls',
    group: 'supervise',
    right: 'calls.read',
    icon: 'calls',
    deeper: '/calls/:callId',
    page: lazy(() => import('../screens/supervise/calls-page.js')),
  },
  {
    path: '/complaints',
    word: 'complaints',
    group: 'supervise',
    right: 'complaints.read',
    icon: 'complaints',
    deeper: '/complaints/:id',
    page: lazy(() => import('../screens/complaints/complaints-page.js')),
  },
  {
    path: '/satisfaction',
    word: 'satisfaction',
    group: 'supervise',
    right: 'satisfaction.read',
    icon: 'satisfaction',
    page: lazy(() => import('../screens/supervise/satisfaction-page.js')),
  },
  {
    path: '/registry',
    word: 'registry',
    group: 'compliance',
    right: 'registry.read',
    icon: 'registry',
    page: lazy(() => import('../screens/registry/registry-page.js')),
  },
  {
    path: '/queues',
    word: 'queues',
    group: 'administer',
    right: 'queues.edit',
    icon: 'queues',
    page: lazy(() => import('../screens/administer/queues-page.js')),
  },
  {
    path: '/users',
    word: 'users',
    group: 'administer',
    right: 'users.read',
    icon: 'users',
    page: lazy(() => import('../screens/administer/users-page.js')),
  },
  {
    path: '/audit',
    word: 'audit',
    group: 'administer',
    right: 'audit.read',
    icon: 'audit',
    page: lazy(() => import('../screens/administer/audit-page.js')),
  },
  {
    path: '/system',
    word: 'system',
    group: 'administer',
    right: 'system.read',
    icon: 'system',
    page: lazy(() => import('../screens/administer/system-page.js')),
  },
];
