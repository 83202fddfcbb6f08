import type { Page } from 'playwright-core';

/** What a page says of its line from now on: each state that is shown within `forMs`, once. */
export const linesSeen = (page: Page, forMs: number): Promise<string[]> =>
  page.evaluate((watchedMs) => {
    const seen = new Set<string>();
    const look = (): void => {
      const line = document.querySelector('[data-line]')?.getAttribute('data-line');
      if (line !== null && line !== undefined) seen.add(line);
    };
    const watch = new MutationObserver(look);
    watch.observe(document, { subtree: true, attributes: true, childList: true });
    look();
    return new Promise<string[]>((resolve) =>
      setTimeout(() => {
        watch.disconnect();
        resolve([...seen]);
      }, watchedMs),
    );
  }, forMs);
