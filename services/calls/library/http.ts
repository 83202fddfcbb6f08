import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { CommandBus } from '../../shared/contracts/commands.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Config } from '../../shared/platform/config.js';
import type { Logger } from '../../shared/platform/logger.js';
import { handled, route, type Audit, type Route } from '../../shared/platform/route.js';
import { createPromptFiles, shippedPrompts, sitePrompts } from '../adapters/prompt-files.js';
import { createPromptLibrary, PROMPT_BYTES } from '../adapters/prompt-library.js';
import { createTellTelephony } from '../read-again.js';

const prompt = z.object({ language: z.enum(['zh-CN', 'en']), promptId: z.string().regex(/^[a-z0-9-]{1,60}$/) });

export interface PromptRoutesDependencies {
  readonly config: Config;
  readonly commands: CommandBus;
  readonly audit: Audit;
  readonly log: Logger;
}

/** The prompts that callers hear: listed, listened to, replaced, put back. */
export function createPromptRoutes({ config, commands, audit, log }: PromptRoutesDependencies): Route[] {
  const siteFolder = sitePrompts(config.PROOFLINE_HOME);
  const library = createPromptLibrary({ siteFolder, shippedFolder: shippedPrompts() });
  const changed = createTellTelephony({ commands, log });

  return [
    route({
      method: 'get',
      path: '/prompts',
      right: 'flows.edit',
      reach: { kind: 'common' },
      summary: 'All prompts, with where they come from and their earlier versions.',
      handle: async () => ({ prompts: await library.list() }),
    }),
    route({
      method: 'get',
      path: '/prompts/:language/:promptId/audio',
      right: 'flows.edit',
      reach: { kind: 'common' },
      summary: 'The sound of a prompt as callers hear it.',
      params: prompt,
      handle: async ({ params, response }) => {
        const file = createPromptFiles({ siteFolder }).file(params.promptId, params.language);
        if (file === undefined) throw new CallCentreError('not-found', 'No such prompt');
        response.type('audio/wav').end(await readFile(file));
        return handled;
      },
    }),
    route({
      method: 'put',
      path: '/prompts/:language/:promptId',
      right: 'flows.edit',
      reach: { kind: 'site' },
      summary: 'Replaces a prompt by an uploaded sound file of any usual kind.',
      params: prompt,
      uploadBytes: PROMPT_BYTES,
      handle: async ({ principal, params, upload, from }) => {
        const object = `prompt:${params.language}/${params.promptId}`;
        const sound = await upload.bytes();
        await audit({ who: principal?.userId ?? '', what: 'prompt.replaced', object, from, success: true });
        await library.upload(params.language, params.promptId, sound);
        await changed();
      },
    }),
    route({
      method: 'post',
      path: '/prompts/:language/:promptId/restore',
      right: 'flows.edit',
      reach: { kind: 'site' },
      summary: 'Puts an earlier version back.',
      params: prompt,
      body: z.object({ version: z.int().positive() }),
      handle: async ({ principal, params, body, from }) => {
        const object = `prompt:${params.language}/${params.promptId}`;
        await audit({
          who: principal?.userId ?? '',
          what: 'prompt.restored',
          object,
          from,
          success: true,
          after: { version: body.version },
        });
        await library.restore(params.language, params.promptId, body.version);
        await changed();
      },
    }),
    route({
      method: 'delete',
      path: '/prompts/:language/:promptId',
      right: 'flows.edit',
      reach: { kind: 'site' },
      summary: 'Takes the own prompt away: callers hear the shipped one again.',
      params: prompt,
      handle: async ({ principal, params, from }) => {
        const object = `prompt:${params.language}/${params.promptId}`;
        await audit({ who: principal?.userId ?? '', what: 'prompt.removed', object, from, success: true });
        await library.remove(params.language, params.promptId);
        await changed();
      },
    }),
  ];
}
