import { Spin } from 'antd';
import type { ComponentType } from 'react';
import { onceLoaded } from '../components/later.js';
import { SeatPage } from '../screens/seat/seat-page.js';
import { loadPageWords } from '../i18n/language.js';
import type { Right } from '../../../services/shared/domain/people/rights.js';

export type PageGroup = 'work' | 'supervise' | 'compliance' | 'administer';

/** One page of the product: its address, who may see it, and its word. Each but the seat is loaded when it is first opened. */
export interface PageEntry {
  readonly path: string;
  readonly word: string;
  readonly group: PageGroup;
  readonly right: Right;
  readonly icon: string;
  /**
   * True: the page covers the whole site, and is hidden from people with a scope, to whom the server refuses it. False: the page covers
   * queues, numbers and client units, and is hidden from team leaders, for whom it would stay empty.
   */
  readonly wholeSite?: boolean;
  /** Other addresses inside the page, such as one case. */
  readonly deeper?: string;
  readonly page: ComponentType;
}

/** A page whose words come with it. */
const worded = (load: () => Promise<{ default: ComponentType }>): ComponentType =>
  onceLoaded(
    async () => (await Promise.all([load(), loadPageWords()]))[0].default,
    () => <Spin className="page-wait" />,
  );

export const AccountPage = worded(() => import('../screens/account/account-page.js'));

export const pages: readonly PageEntry[] = [
  {
    path: '/seat',
    word: 'seat',
    group: 'work',
    right: 'seat.use',
    icon: 'seat',
    page: SeatPage,
  },
  {
    path: '/my-reviews',
    word: 'myReviews',
    group: 'work',
    right: 'calls.own',
    icon: 'quality',
    page: worded(() => import('../screens/quality/my-reviews-page.js')),
  },
  {
    path: '/wallboard',
    word: 'wallboard',
    group: 'supervise',
    right: 'queues.watch',
    icon: 'wallboard',
    deeper: '/wallboard/walls',
    page: worded(() => import('../screens/supervise/wallboard-page.js')),
  },
  {
    path: '/alarms',
    word: 'alarms',
    group: 'supervise',
    right: 'alarms.use',
    icon: 'alarms',
    page: worded(() => import('../screens/alarms/alarms-page.js')),
  },
  {
    path: '/reports',
    word: 'reports',
    group: 'supervise',
    right: 'calls.read',
    icon: 'reports',
    page: worded(() => import('../screens/reports/reports-page.js')),
  },
  {
    path: '/agents',
    word: 'agents',
    group: 'supervise',
    right: 'agents.watch',
    icon: 'agents',
    page: worded(() => import('../screens/supervise/live/agents-page.js')),
  },
  {
    path: '/calls',
    word: 'calls',
    group: 'supervise',
    right: 'calls.read',
    icon: 'calls',
    deeper: '/calls/:callId',
    page: worded(() => import('../screens/supervise/calls/calls-page.js')),
  },
  {
    path: '/quality',
    word: 'quality',
    group: 'supervise',
    right: 'recordings.review',
    icon: 'quality',
    page: worded(() => import('../screens/quality/quality-page.js')),
  },
  {
    path: '/listening',
    word: 'listening',
    group: 'supervise',
    right: 'listening.read',
    icon: 'recordings',
    page: worded(() => import('../screens/listening/listening-page.js')),
  },
  {
    path: '/replay',
    word: 'replay',
    group: 'supervise',
    right: 'queues.edit',
    wholeSite: false,
    icon: 'replay',
    page: worded(() => import('../screens/supervise/replay-page.js')),
  },
  {
    path: '/callbacks',
    word: 'callbacks',
    group: 'supervise',
    right: 'agents.control',
    wholeSite: false,
    icon: 'callbacks',
    page: worded(() => import('../screens/supervise/callbacks-page.js')),
  },
  {
    path: '/customers',
    word: 'customers',
    group: 'supervise',
    right: 'customers.read',
    wholeSite: false,
    icon: 'inspector',
    page: worded(() => import('../screens/customers/customers-page.js')),
  },
  {
    path: '/calling-out',
    word: 'callingOut',
    group: 'supervise',
    right: 'outbound.read',
    wholeSite: false,
    icon: 'callingOut',
    page: worded(() => import('../screens/calling-out/calling-out-page.js')),
  },
  {
    path: '/complaints',
    word: 'complaints',
    group: 'supervise',
    right: 'complaints.read',
    wholeSite: false,
    icon: 'complaints',
    deeper: '/complaints/:id',
    page: worded(() => import('../screens/complaints/complaints-page.js')),
  },
  {
    path: '/satisfaction',
    word: 'satisfaction',
    group: 'supervise',
    right: 'satisfaction.read',
    icon: 'satisfaction',
    page: worded(() => import('../screens/supervise/satisfaction-page.js')),
  },
  {
    path: '/readiness',
    word: 'readiness',
    group: 'compliance',
    right: 'evidence.read',
    wholeSite: true,
    icon: 'readiness',
    page: worded(() => import('../screens/compliance/readiness-page.js')),
  },
  {
    path: '/licence-cases',
    word: 'licenceCases',
    group: 'compliance',
    right: 'evidence.read',
    wholeSite: true,
    icon: 'packs',
    page: worded(() => import('../screens/compliance/licence-cases-page.js')),
  },
  {
    path: '/registry',
    word: 'registry',
    group: 'compliance',
    right: 'registry.read',
    wholeSite: true,
    icon: 'registry',
    page: worded(() => import('../screens/registry/registry-page.js')),
  },
  {
    path: '/topology',
    word: 'topology',
    group: 'compliance',
    right: 'evidence.read',
    wholeSite: true,
    icon: 'topology',
    page: worded(() => import('../screens/compliance/topology-page.js')),
  },
  {
    path: '/service-quality',
    word: 'serviceQuality',
    group: 'compliance',
    right: 'evidence.read',
    wholeSite: true,
    icon: 'serviceQuality',
    page: worded(() => import('../screens/compliance/service-quality-page.js')),
  },
  {
    path: '/packs',
    word: 'packs',
    group: 'compliance',
    right: 'evidence.read',
    wholeSite: true,
    icon: 'packs',
    page: worded(() => import('../screens/compliance/packs-page.js')),
  },
  {
    path: '/drill',
    word: 'drill',
    group: 'compliance',
    right: 'evidence.read',
    wholeSite: true,
    icon: 'inspector',
    page: worded(() => import('../screens/compliance/drill-page.js')),
  },
  {
    path: '/inspector',
    word: 'inspector',
    group: 'compliance',
    right: 'evidence.read',
    wholeSite: true,
    icon: 'inspector',
    page: worded(() => import('../screens/compliance/inspector-page.js')),
  },
  {
    path: '/keeping',
    word: 'keeping',
    group: 'compliance',
    right: 'evidence.read',
    wholeSite: true,
    icon: 'keeping',
    page: worded(() => import('../screens/keeping/keeping-page.js')),
  },
  {
    path: '/exports',
    word: 'exports',
    group: 'compliance',
    right: 'exports.use',
    icon: 'exports',
    page: worded(() => import('../screens/compliance/exports-page.js')),
  },
  {
    path: '/set-up',
    word: 'setUp',
    group: 'administer',
    right: 'system.edit',
    wholeSite: true,
    icon: 'setUp',
    page: worded(() => import('../screens/administer/set-up/set-up-page.js')),
  },
  {
    path: '/queues',
    word: 'queues',
    group: 'administer',
    right: 'queues.edit',
    icon: 'queues',
    page: worded(() => import('../screens/administer/queues/queues-page.js')),
  },
  {
    path: '/agent-settings',
    word: 'agentSettings',
    group: 'administer',
    right: 'queues.edit',
    icon: 'agentSettings',
    page: worded(() => import('../screens/administer/agent-settings-page.js')),
  },
  {
    path: '/caller-lists',
    word: 'callerLists',
    group: 'administer',
    right: 'flows.edit',
    wholeSite: true,
    icon: 'callerLists',
    page: worded(() => import('../screens/administer/caller-lists-page.js')),
  },
  {
    path: '/numbers',
    word: 'numbers',
    group: 'administer',
    right: 'flows.edit',
    icon: 'numbers',
    page: worded(() => import('../screens/administer/numbers-page.js')),
  },
  {
    path: '/flows',
    word: 'flows',
    group: 'administer',
    right: 'flows.edit',
    icon: 'flows',
    page: worded(() => import('../screens/administer/flows-page.js')),
  },
  {
    path: '/prompts',
    word: 'prompts',
    group: 'administer',
    right: 'flows.edit',
    icon: 'prompts',
    page: worded(() => import('../screens/administer/prompts/prompts-page.js')),
  },
  {
    path: '/users',
    word: 'users',
    group: 'administer',
    right: 'users.read',
    icon: 'users',
    page: worded(() => import('../screens/administer/people/users-page.js')),
  },
  {
    path: '/security',
    word: 'security',
    group: 'administer',
    right: 'security.edit',
    wholeSite: true,
    icon: 'security',
    page: worded(() => import('../screens/administer/security-page.js')),
  },
  {
    path: '/audit',
    word: 'audit',
    group: 'administer',
    right: 'audit.read',
    wholeSite: true,
    icon: 'audit',
    page: worded(() => import('../screens/administer/audit-page.js')),
  },
  {
    path: '/system',
    word: 'system',
    group: 'administer',
    right: 'system.read',
    wholeSite: true,
    icon: 'system',
    page: worded(() => import('../screens/administer/system/system-page.js')),
  },
  {
    path: '/interface',
    word: 'interface',
    group: 'administer',
    right: 'system.read',
    wholeSite: true,
    icon: 'interface',
    page: worded(() => import('../screens/administer/interface/interface-page.js')),
  },
];
