import {
  ApartmentOutlined,
  BellOutlined,
  AuditOutlined,
  AudioOutlined,
  CheckSquareOutlined,
  CustomerServiceOutlined,
  DashboardOutlined,
  ExportOutlined,
  FileProtectOutlined,
  LineChartOutlined,
  LockOutlined,
  FormOutlined,
  HistoryOutlined,
  NodeIndexOutlined,
  NumberOutlined,
  PhoneFilled,
  PhoneOutlined,
  RetweetOutlined,
  RocketOutlined,
  SafetyCertificateOutlined,
  SafetyOutlined,
  SmileOutlined,
  SolutionOutlined,
  SoundOutlined,
  StarOutlined,
  StopOutlined,
  TableOutlined,
  TeamOutlined,
  ToolOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { Menu } from 'antd';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import type { PageEntry, PageGroup } from './pages.js';

const icons: Record<string, ReactNode> = {
  seat: <CustomerServiceOutlined />,
  wallboard: <DashboardOutlined />,
  alarms: <BellOutlined />,
  reports: <LineChartOutlined />,
  agents: <TeamOutlined />,
  calls: <PhoneOutlined />,
  recordings: <AudioOutlined />,
  quality: <CheckSquareOutlined />,
  keeping: <SafetyOutlined />,
  callbacks: <RetweetOutlined />,
  callingOut: <PhoneFilled />,
  complaints: <FormOutlined />,
  satisfaction: <SmileOutlined />,
  readiness: <SafetyCertificateOutlined />,
  registry: <TableOutlined />,
  topology: <ApartmentOutlined />,
  serviceQuality: <LineChartOutlined />,
  packs: <FileProtectOutlined />,
  inspector: <SolutionOutlined />,
  replay: <HistoryOutlined />,
  agentSettings: <StarOutlined />,
  callerLists: <StopOutlined />,
  setUp: <RocketOutlined />,
  queues: <UnorderedListOutlined />,
  flows: <NodeIndexOutlined />,
  numbers: <NumberOutlined />,
  prompts: <SoundOutlined />,
  users: <TeamOutlined />,
  audit: <AuditOutlined />,
  system: <ToolOutlined />,
  interface: <ApartmentOutlined />,
  exports: <ExportOutlined />,
  security: <LockOutlined />,
};

const groups: readonly PageGroup[] = ['work', 'supervise', 'compliance', 'administer'];

export function Navigation({ pages }: { readonly pages: readonly PageEntry[] }): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const here = pages.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  const shown = groups
    .map((group) => ({ group, entries: pages.filter((page) => page.group === group) }))
    .filter(({ entries }) => entries.length > 0);
  // The current entry is scrolled into view, even in the bar at the bottom of a phone screen.
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    menu.current?.querySelector('.ant-menu-item-selected')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [here?.path]);
  return (
    <div ref={menu}>
      <Menu
        mode="inline"
        inlineIndent={16}
        selectedKeys={here === undefined ? [] : [here.path]}
        items={shown.map(({ group, entries }) => ({
          type: 'group' as const,
          key: group,
          label: t(`shell.nav.groups.${group}`),
          children: entries.map(({ path, word, icon }) => ({
            key: path,
            icon: icons[icon],
            label: (
              <Link to={path} data-testid={`nav-${word}`}>
                {t(`shell.nav.${word}`)}
              </Link>
            ),
          })),
        }))}
      />
    </div>
  );
}
