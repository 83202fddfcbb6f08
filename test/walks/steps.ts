import type { Locator, Page } from 'playwright-core';

/** What a walk cost the person who made it. */
export interface Cost {
  readonly clicks: number;
  readonly fields: number;
  readonly ms: number;
}

/** Clicks and types as a person does, and counts both. What the pages load or read by themselves costs nothing but time. */
export class Steps {
  #clicks = 0;
  #fields = 0;
  readonly #began = performance.now();
  readonly parts: { readonly name: string; readonly cost: Cost }[] = [];

  get cost(): Cost {
    return { clicks: this.#clicks, fields: this.#fields, ms: performance.now() - this.#began };
  }

  async click(where: Locator): Promise<void> {
    await where.click();
    this.#clicks += 1;
  }

  async fill(where: Locator, text: string): Promise<void> {
    await where.fill(text);
    this.#fields += 1;
  }

  /** One part of the walk, with what it cost by itself. */
  async part(name: string, walk: () => Promise<void>): Promise<void> {
    const before = this.cost;
    await walk();
    const { clicks, fields, ms } = this.cost;
    this.parts.push({ name, cost: { clicks: clicks - before.clicks, fields: fields - before.fields, ms: ms - before.ms } });
  }
}

/** Waits until the page shows a step of the guide in this state. */
export const stepIs = (page: Page, step: string, state: string, timeoutMs = 30_000): Promise<void> =>
  page.locator(`[data-testid=set-up-${step}][data-state=${state}]`).waitFor({ timeout: timeoutMs });

export const costText = (name: string, { clicks, fields, ms }: Cost): string =>
  `${name.padEnd(44)} ${String(clicks).padStart(6)} ${String(fields).padStart(6)} ${(ms / 1_000).toFixed(1).padStart(8)} s`;
