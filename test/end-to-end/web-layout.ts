import type { Page } from 'playwright-core';

/**
 * Words of the page that its boxes cut, and words and controls that lie on each other. What a person can scroll to is not cut; a shortened
 * text that says itself in full under the mouse is not either.
 */
export const layoutFaultsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    interface Piece {
      readonly element: Element;
      readonly box: DOMRect;
      readonly layer: Element;
      readonly words: string;
      readonly isControl: boolean;
      /** Words of a control lie where it lies: it is judged in their place. */
      readonly isInControl: boolean;
    }
    const CONTROLS = 'button, a[href], input, textarea, select, [role=button], [role=tab], [role=switch], [role=combobox]';
    const faults = new Set<string>();
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
      element.closest('.visually-hidden, svg, canvas, .ant-tabs-nav-operations') === null;
    const layerOf = (element: Element): Element => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const { position, zIndex } = getComputedStyle(at);
        if (position === 'fixed' || position === 'sticky' || (position === 'absolute' && zIndex !== 'auto')) return at;
      }
      return document.documentElement;
    };
    const isSaidInFull = (element: Element): boolean =>
      element.closest('[title]:not([title=""]), [aria-label], .ant-select, .ant-tabs-nav-wrap, [aria-describedby]') !== null;

    /** What is seen of a box; undefined where all of it is scrolled or folded away. */
    function seen(element: Element, box: DOMRect, words: string): DOMRect | undefined {
      let { left, right, top, bottom } = box;
      let scrollsX = false;
      let scrollsY = false;
      for (let at: Element | null = element; at !== null && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.display === 'inline' || style.display === 'contents') continue;
        const clip = at.getBoundingClientRect();
        const isClipX = style.overflowX !== 'visible';
        const isClipY = style.overflowY !== 'visible';
        if (isClipX || isClipY) {
          if ((isClipX && (right <= clip.left || left >= clip.right)) || (isClipY && (bottom <= clip.top || top >= clip.bottom)))
            return undefined;
          scrollsX ||= style.overflowX === 'auto' || style.overflowX === 'scroll';
          scrollsY ||= style.overflowY === 'auto' || style.overflowY === 'scroll';
          const cutX = isClipX && !scrollsX && (right > clip.right + 1.5 || left < clip.left - 1.5);
          const cutY = isClipY && !scrollsY && Math.max(bottom - clip.bottom, clip.top - top) > (box.bottom - box.top) / 3;
          if ((cutX || cutY) && words !== '' && !isSaidInFull(element)) faults.add(`cut: ${words}`);
          if (isClipX) [left, right] = [Math.max(left, clip.left), Math.min(right, clip.right)];
          if (isClipY) [top, bottom] = [Math.max(top, clip.top), Math.min(bottom, clip.bottom)];
        }
        if (style.position === 'fixed') break;
      }
      return new DOMRect(left, top, right - left, bottom - top);
    }

    const pieces: Piece[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement;
      const words = (node.textContent ?? '').trim();
      if (element === null || words === '' || !isShown(element)) continue;
      const isInControl = element.closest(CONTROLS) !== null;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const line of range.getClientRects()) {
        if (line.width < 2 || line.height < 2) continue;
        const box = seen(element, line, words.slice(0, 40));
        if (box !== undefined)
          pieces.push({ element, box, layer: layerOf(element), words: words.slice(0, 40), isControl: false, isInControl });
      }
    }
    for (const element of document.querySelectorAll(CONTROLS)) {
      const whole = element.getBoundingClientRect();
      // The field of a list of choices lies on the words of the choice.
      if (!isShown(element) || element.closest('.ant-select') !== null || whole.width < 4 || whole.height < 4) continue;
      const box = seen(element, whole, '');
      const words = `<${element.getAttribute('data-testid') ?? (element.textContent?.trim().slice(0, 30) || (element.getAttribute('class') ?? '').slice(0, 30))}>`;
      if (box !== undefined) pieces.push({ element, box, layer: layerOf(element), words, isControl: true, isInControl: false });
    }

    pieces.sort((a, b) => a.box.top - b.box.top);
    pieces.forEach((one, at) => {
      for (let next = at + 1; next < pieces.length; next += 1) {
        const other = pieces[next];
        if (other === undefined || other.box.top >= one.box.bottom) break;
        if (one.element.contains(other.element) || other.element.contains(one.element) || one.layer !== other.layer) continue;
        if ((one.isInControl && other.isControl) || (one.isControl && other.isInControl)) continue;
        const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (wide > 3 && high > 3 && high > Math.min(one.box.height, other.box.height) * 0.35)
          faults.add(`overlap: ${one.words} / ${other.words}`);
      }
    });
    return [...faults];
  });
