import { SearchOutlined } from '@ant-design/icons';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePhonePart } from '../../session/use-workplace.js';
import type { PageEntry } from '../pages.js';
import { opensPalette } from './choices.js';
import './palette-button.css';

const Palette = lazy(() => import('./palette.js'));

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const isDialogOpen = (): boolean => [...document.querySelectorAll('[role=dialog]')].some((dialog) => dialog.checkVisibility());

/** Opens the palette, by key or by hand. Not while a call rings: the ring comes before everything. */
export function PaletteButton({ pages }: { readonly pages: readonly PageEntry[] }): ReactNode {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState(false);
  const ringing = usePhonePart(({ offer }) => offer !== null);
  const rings = useRef(ringing);
  rings.current = ringing;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const { key, ctrlKey, metaKey, altKey, shiftKey, repeat } = event;
      const writing = event.defaultPrevented || event.isComposing || isWriting(event.target);
      if (!opensPalette({ key, ctrlKey, metaKey, altKey, shiftKey, repeat, writing, dialogOpen: isDialogOpen(), ringing: rings.current }))
        return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
  // Its words come with those of the pages.
  if (!i18n.exists('palette.open')) return null;
  return (
    <>
      {/* Not the kit's button: what the first page shares with it would be cut into more files. */}
      <button
        type="button"
        className="palette-open"
        aria-label={t('palette.open')}
        title={t('palette.open')}
        aria-keyshortcuts="Control+K"
        aria-haspopup="dialog"
        disabled={ringing}
        onClick={() => setOpen(true)}
        data-testid="palette-open"
      >
        <SearchOutlined />
        <kbd className="wide">Ctrl K</kbd>
      </button>
      {open && (
        <Suspense fallback={null}>
          <Palette pages={pages} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
