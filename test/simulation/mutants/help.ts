import { edit, mutant, type Mutant } from './mutant.js';

const file = 'services/supervision/help-service.ts';

export const help: readonly Mutant[] = [
  {
    name: 'a request for help outlives its call',
    profile: 'lost',
    edits: [
      edit(file, "if (name === 'call.ended') for", "if (name === 'call.ended' && open.length < 0) for"),
      edit(file, "if (name === 'call.agent-left')", "if (name === 'call.agent-left' && open.length < 0)"),
      edit(file, '[withoutCall(commands, settled), ', '[[], '),
    ],
  },
  {
    name: 'a request for help outlives the shift of its agent',
    profile: 'rare',
    edits: [
      edit(
        file,
        "if (name === 'agent.state-changed' && event.to === 'signed-out')",
        "if (name === 'agent.state-changed' && event.to === 'offered')",
      ),
      edit(file, ', withoutAgent(commands, settled)]', ', []]'),
    ],
  },
  mutant(
    'the board of agents does not learn that a request for help has ended',
    'lost',
    file,
    'if (await helps.end(help.id, how, now())) await changed(help);',
    'await helps.end(help.id, how, now());',
  ),
  mutant(
    'open requests for help are forgotten by a restart',
    'night',
    file,
    '    async renew() {\n      await read();\n',
    '    async renew() {\n',
  ),
];
