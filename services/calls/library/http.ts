import { readFile } from 'node:fs/promises';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import type { Config } from '../../shared/platform/settings/config.js';
import type { Logger } from '../../shared/platform/processes/logger.js';
import { handled, route, type Audit, type Route } from '../../shared/platform/http/route.js';
import { createPromptFiles, shippedPrompts, sitePrompts } from '../adapters/prompt-files.js';
import { createPromptLibrary } from '../adapters/prompt-library.js';
import { createTellTelephony } from '../numbers/read-again.js';

export interface PromptRoutesDependencies {
  readonly config: Config;
  readonly commands: CommandBus;
  readonly audit: Audit;
  readonly log: Logger;
}

/** The prompts that callers hear: list, play, replace, restore. */
export function createPromptRoutes({ config, commands, audit, log }: PromptRoutesDependencies): Route[] {
  const siteFolder = sitePrompts(config.PROOFLINE_HOME);
  const library = createPromptLibrary({ siteFolder, shippedFolder: shippedPrompts() });
  const changed = createTellTelephony({ commands, log });

  return [
    route('GET /prompts', {
      reach: { kind: 'common' },
      handle: async () => ({ prompts: await library.list() }),
    }),
    route('GET /prompts/:language/:promptId/audio', {
      reach: { kind: 'common' },
      handle: async ({ params, response }) => {
        const file = createPromptFiles({ siteFolder }).file(params.promptId, params.language);
        if (file === undefined) throw new CallCentreError('not-found', 'No such prompt');
        response.type('audio/wav').end(await readFile(file));
        return handled;
      },
    }),
    route('PUT /prompts/:language/:promptId', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, upload, from }) => {
        const object = `prompt:${params.language}/${params.promptId}`;
        const sound = await upload.bytes();
        await audit({ who: principal.userId, what: 'prompt.replaced', object, from, success: true });
        await library.upload(params.language, params.promptId, sound);
        await changed();
      },
    }),
    route('POST /prompts/:language/:promptId/restore', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, body, from }) => {
        const object = `prompt:${params.language}/${params.promptId}`;
        await audit({
          who: principal.userId,
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
    route('DELETE /prompts/:language/:promptId', {
      reach: { kind: 'site' },
      handle: async ({ principal, params, from }) => {
        const object = `prompt:${params.language}/${params.promptId}`;
        await audit({ who: principal.userId, what: 'prompt.removed', object, from, success: true });
        await library.remove(params.language, params.promptId);
        await changed();
      },
    }),
  ];
}
