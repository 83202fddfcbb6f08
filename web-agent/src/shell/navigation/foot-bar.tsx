import { AppstoreOutlined } from '@ant-design/icons';
import { Drawer } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { atFoot, groupsOf } from './page-groups.js';
import { pageIcons } from './page-icons.js';
import type { PageEntry } from '../pages.js';

/** The menu on a telephone: the pages that are wanted most, and a sheet with all of them. */
export function FootBar({ pages, here }: { readonly pages: readonly PageEntry[]; readonly here: PageEntry | undefined }): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const first = atFoot(pages);
  const isWhole = first.length === pages.length;
  const entry = ({ path, word, icon }: PageEntry, testId: string): ReactNode => (
    <Link
      key={path}
      to={path}
      className="foot-entry"
      aria-current={here?.path === path ? 'page' : undefined}
      onClick={() => setOpen(false)}
      data-testid={`${testId}-${word}`}
    >
      {pageIcons[icon]}
      <span>{t(`shell.nav.${word}`)}</span>
    </Link>
  );
  return (
    <div className="foot-bar">
      {first.map((page) => entry(page, isWhole ? 'nav' : 'foot'))}
      {!isWhole && (
        <button type="button" className="foot-entry" aria-haspopup="dialog" onClick={() => setOpen(true)} data-testid="nav-more">
          <AppstoreOutlined />
          <span>{t('shell.more')}</span>
        </button>
      )}
      <Drawer open={open} placement="bottom" size="min(80vh, 620px)" title={t('shell.navigation')} onClose={() => setOpen(false)}>
        <div className="stack" data-testid="more-pages">
          {groupsOf(pages).map(({ group, entries }) => (
            <section key={group}>
              <h3 className="soft">{t(`shell.nav.groups.${group}`)}</h3>
              <div className="foot-sheet">{entries.map((page) => entry(page, 'nav'))}</div>
            </section>
          ))}
        </div>
      </Drawer>
    </div>
  );
}
