import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from '../machine/call.js';
import type { Prompts } from '../ports.js';

/** The shipped prompts: next to the sources, also when run from the compiled files. */
export function shippedPrompts(): string {
  const here = fileURLToPath(new URL('../prompts/', import.meta.url));
  return existsSync(here) ? here : fileURLToPath(new URL('../../../../services/calls/prompts/', import.meta.url));
}

/** The folder of a site's own prompts. */
export const sitePrompts = (home: string): string => resolve(home, 'prompts');

/**
 * Finds a prompt by its id: the site's folder first, the requested language before the other one. Results are cached until `forget`, which
 * the owner calls when prompts have been edited.
 */
export function createPromptFiles({
  siteFolder,
  shippedFolder = shippedPrompts(),
}: {
  readonly siteFolder: string;
  readonly shippedFolder?: string;
}): Prompts & {
  forget(): void;
} {
  const found = new Map<string, string | undefined>();
  const look = (promptId: string, language: Language): string | undefined => {
    const languages = language === 'en' ? ['en', 'zh-CN'] : ['zh-CN', 'en'];
    return languages
      .flatMap((each) => [siteFolder, shippedFolder].flatMap((folder) => join(folder, each, `${promptId}.wav`)))
      .find((path) => existsSync(path));
  };
  return {
    file(promptId, language) {
      const key = `${language}/${promptId}`;
      if (!found.has(key)) found.set(key, look(promptId, language));
      return found.get(key);
    },
    forget: () => found.clear(),
  };
}
