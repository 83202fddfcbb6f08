import { useEffect, useRef } from 'react';
import { shortcutOf, type Shortcut } from './shortcuts.js';

/**
 * Listens for the seat's keys while the page is shown. While it rings, Enter answers wherever the focus was left, except on the ringing
 * card's own buttons; nothing takes the focus away from somebody who is writing.
 */
export function useShortcuts(act: (shortcut: Shortcut) => void, ringing: boolean): void {
  const current = useRef(act);
  current.current = act;
  const rings = useRef(ringing);
  rings.current = ringing;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const typing =
        target !== null &&
        (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.closest('[role=dialog]') !== null);
      const onButton =
        target !== null &&
        target.closest('button, a, [role=tab], [role=menuitem]') !== null &&
        (!rings.current || target.closest('[data-testid=ringing-card], [role=menu]') !== null);
      const { key, shiftKey, ctrlKey, altKey, metaKey, repeat } = event;
      const shortcut = shortcutOf({ key, shiftKey, ctrlKey, altKey, metaKey, repeat, typing, onButton });
      if (shortcut === null) return;
      event.preventDefault();
      current.current(shortcut);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, []);
}
