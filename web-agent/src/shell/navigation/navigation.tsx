import { Menu } from 'antd';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { hiddenOf, hiddenText } from '../../components/hidden-columns.js';
import { later } from '../../components/later.js';
import { useNarrow } from '../../components/use-narrow.js';
import { useProfile } from '../../session/use-workplace.js';
import { groupsOf } from './page-groups.js';
import { pageIcons } from './page-icons.js';
import type { PageEntry } from '../pages.js';

const FootBar = later(async () => (await import('./foot-bar.js')).FootBar);

/** The menu of the pages: at the side, in groups that fold; on a telephone at the foot, the rest in a sheet. */
export function Navigation({ pages }: { readonly pages: readonly PageEntry[] }): ReactNode {
  const { pathname } = useLocation();
  const here = pages.find(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  const narrow = useNarrow();
  return narrow ? <FootBar pages={pages} here={here} /> : <SideMenu pages={pages} here={here} />;
}

function SideMenu({ pages, here }: { readonly pages: readonly PageEntry[]; readonly here: PageEntry | undefined }): ReactNode {
  const { t } = useTranslation();
  const { userId } = useProfile();
  const place = `proofline.folded.${userId}`;
  const [folded, setFolded] = useState(() => hiddenOf(localStorage.getItem(place)));
  const groups = groupsOf(pages);
  // The current entry is scrolled into view.
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
        openKeys={groups.map(({ group }) => group).filter((group) => !folded.has(group))}
        onOpenChange={(open) => {
          const next = new Set(groups.map(({ group }) => group as string).filter((group) => !open.includes(group)));
          setFolded(next);
          localStorage.setItem(place, hiddenText(next));
        }}
        items={groups.map(({ group, entries }) => ({
          key: group,
          label: <span data-testid={`group-${group}`}>{t(`shell.nav.groups.${group}`)}</span>,
          children: entries.map(({ path, word, icon }) => ({
            key: path,
            icon: pageIcons[icon],
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
