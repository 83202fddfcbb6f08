// npm run reference: writes the pages of docs/reference that are made from code. A test fails when a page differs from what this would write.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '../../services/shared/contracts/commands.js';
import { fromPageRights } from '../../services/shared/contracts/seat-socket.js';
import { failures } from '../../services/shared/domain/failure.js';
import { rights, roles } from '../../services/shared/domain/rights.js';
import { events } from '../../services/shared/events/catalogue.js';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');

const made = 'Made from the code by `npm run reference`; a test keeps it true.';

/** Each page by its file name. */
export function referencePages(): Readonly<Record<string, string>> {
  const shapes = (shape: object): string =>
    Object.keys(shape)
      .map((field) => `\`${field}\``)
      .join(', ');
  return {
    'rights.md': `# Who may do what\n\n${made} A right that no column holds is held by nobody. The source is \`services/shared/domain/rights.ts\`.\n\n${table(
      ['right', ...roles],
      Object.entries(rights).map(([right, holders]) => [
        `\`${right}\``,
        ...roles.map((role) => ((holders as readonly string[]).includes(role) ? 'yes' : right === 'public' ? 'all' : '')),
      ]),
    )}\n\n## Events of a page\n\n${table(
      ['socket event', 'right'],
      Object.entries(fromPageRights).map(([name, right]) => [`\`${name}\``, `\`${right}\``]),
    )}\n`,
    'errors.md': `# Errors\n\n${made} An HTTP error is a body \`{ code, message, details? }\`; a SIP error is the status beside it.\n\n${table(
      ['code', 'HTTP', 'SIP'],
      Object.entries(failures).map(([code, { http, sip }]) => [`\`${code}\``, String(http), String(sip)]),
    )}\n`,
    'events.md': `# Events\n\n${made} Facts between the services, past tense, at least once and in order.\n\n${table(
      ['event', 'fields'],
      Object.entries(events).map(([name, schema]) => [`\`${name}\``, shapes(schema.shape)]),
    )}\n`,
    'commands.md': `# Commands between roles\n\n${made} Answered within their time or failed; the owner is the role that serves it.\n\n${table(
      ['command', 'owner', 'input'],
      Object.entries(commands).map(([name, { owner, input }]) => [`\`${name}\``, owner, shapes(input.shape)]),
    )}\n`,
  };
}

if (process.argv[1]?.endsWith('reference.js') === true) {
  for (const [file, text] of Object.entries(referencePages())) writeFileSync(join('docs', 'reference', file), text);
}
