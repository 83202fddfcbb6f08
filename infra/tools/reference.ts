// npm run reference: writes the pages of docs/reference that are made from code. A test fails when a page differs from what this would write.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { api } from '../../services/shared/contracts/api/api.js';
import { breakingChanges } from '../../services/shared/platform/http/breaking-changes.js';
import { openApiOf, type JsonSchema, type OpenApi } from '../../services/shared/platform/http/open-api.js';
import { alarmCodes, alarmKinds, usualEscalationMinutes, usualWays } from '../../services/shared/domain/alarm.js';
import { alarmLevelWords, alarmWords } from '../../services/shared/domain/alarm-words.js';
import { commands } from '../../services/shared/contracts/calls/commands.js';
import { fromPageRights } from '../../services/shared/contracts/calls/seat-socket.js';
import { failures } from '../../services/shared/domain/failure.js';
import { shiftFigures } from '../../services/shared/domain/figures/adherence.js';
import { figureRegistry, versionOf, type DailyKey, type FigureKey } from '../../services/shared/domain/figures/registry.js';
import { rights, roles } from '../../services/shared/domain/people/rights.js';
import { events } from '../../services/shared/events/catalogue.js';
import { packFormatPage } from '../../services/evidence/index.js';
import { withKnowledge } from './verifier-knowledge.js';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [`| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');

/** The interface as JSON, one operation per line, so that a diff shows the routes concerned. */
export function openApiText(): string {
  const { paths, ...rest } = openApiOf(api);
  const linesOf = (entries: object, line: (value: object) => string): string =>
    Object.entries(entries)
      .map(([name, value]) => `${JSON.stringify(name)}: ${line(value as object)}`)
      .join(',\n');
  const operations = linesOf(paths, (methods) => `{\n${linesOf(methods, (operation) => JSON.stringify(operation))}\n}`);
  return `${JSON.stringify(rest).slice(0, -1)},\n"paths": {\n${operations}\n}}\n`;
}

const OPEN_API = join('docs', 'reference', 'openapi.json');

/** A change that breaks clients is stored only with a new major version of the contract. */
function storeOpenApi(): void {
  const after = openApiOf(api);
  const before = existsSync(OPEN_API) ? (JSON.parse(readFileSync(OPEN_API, 'utf8')) as OpenApi) : after;
  const breaks = breakingChanges(before, after);
  if (breaks.length > 0 && majorOf(before) === majorOf(after))
    throw new Error(
      `These changes break clients; CONTRACT_VERSION (services/shared/contracts/api/version.ts) has to say so:\n${breaks.join('\n')}`,
    );
  writeFileSync(OPEN_API, openApiText());
}

export const majorOf = ({ info }: Pick<OpenApi, 'info'>): string => info.version.split('.')[0] ?? '';

/** The routes by the first part of their path, for people; programs read openapi.json. */
function apiPage(): string {
  const { paths, info } = openApiOf(api);
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ route: `${method.toUpperCase()} ${path}`, ...operation })),
  );
  const parts = [...new Set(rows.map(({ tags }) => tags[0] ?? ''))].sort();
  const sections = parts.map((part) => {
    const ours = rows.filter(({ tags }) => tags[0] === part).sort((a, b) => (a.route < b.route ? -1 : 1));
    return `## ${part}\n\n${table(
      ['route', 'right', 'what', 'fails with'],
      ours.map((row) => [
        `\`${row.route}\``,
        `\`${row['x-right']}\``,
        row.summary.replaceAll('|', '\\|'),
        row['x-failures'].map((code) => `\`${code}\``).join(', '),
      ]),
    )}`;
  });
  return `# The HTTP interface\n\n${made} Version ${info.version}. Under \`/api\`; what each route takes and answers stands in [openapi.json](openapi.json), which a running installation gives as \`GET /api/openapi.json\`. What every route may fail with (nobody signed in, the right missing, input that is not as declared) is not repeated.\n\n${sections.join('\n\n')}\n`;
}

/** Each kind of alarm with its words, in both languages. */
function alarmsPage(): string {
  const rows = alarmCodes.map((code) => {
    const { level, receivers, ends } = alarmKinds[code];
    const minutes = usualEscalationMinutes[level];
    return [
      `\`${code}\``,
      level,
      receivers.map((right) => `\`${right}\``).join(', '),
      ends === 'part' ? 'with its condition' : 'when a person clears it',
      usualWays[level].join(', ') || 'the pages alone',
      minutes === 0 ? 'never' : `after ${minutes} min`,
    ];
  });
  const words = alarmCodes.map((code) => {
    const { title, means, todo } = alarmWords[code];
    const level = alarmLevelWords[alarmKinds[code].level];
    return `### \`${code}\`\n\n**${title.en}** (${level.en}). ${means.en} ${todo.en}\n\n**${title.zh}**（${level.zh}）${means.zh}${todo.zh}`;
  });
  return `# Alarms\n\n${made} Whoever holds one of the rights has the alarm on the bell and on the page *Alarms*; a rule of the site adds people and chooses how it leaves the pages, and what stands here is where it has set nothing. A way without a provider, and a person without an address, is left out.\n\n${table(['code', 'level', 'rights', 'ends', 'sent by', 'sent on'], rows)}\n\n## What each means and what to do\n\n${words.join('\n\n')}\n`;
}

/** The hashes of the verifiers, so that nobody has to trust the copy that came with a pack. */
function verifiersPage(): string {
  const rows = verifierFiles.map((file) => {
    const source = withKnowledge(readFileSync(file, 'utf8'));
    return [`\`${basename(file)}\``, `\`${createHash('sha256').update(source).digest('hex')}\``];
  });
  return `# The verifiers of evidence packs\n\n${made} Compare the copy that you use with these, not with what stands in the pack that you check: \`sha256sum verify.html\`, or on Windows \`certutil -hashfile verify.html SHA256\`.\n\n${table(['file', 'SHA-256'], rows)}\n`;
}

/** Every figure with its formula, as the reports show it. */
function figuresPage(): string {
  const rows = Object.entries(figureRegistry).map(([key, { name, text, unit, basis }]) => [
    `\`${key}\``,
    `${name.zh}<br>${name.en}`,
    `${text.zh}<br>${text.en}`,
    unit,
    basis,
    String(versionOf(key as FigureKey | DailyKey)),
  ]);
  return `# Figures\n\n${made} The source is \`services/shared/domain/figures/registry.ts\` (\`daily.ts\` beside it). Of the visits to a queue Q = H + A + F + C + L + W. T is the threshold of the queue as it was when the caller entered: answered at T is in time, abandoned at T is late. \`cohort\`: a visit counts where it began, a handling where the agent answered; \`sliced\`: states of agents are cut at the edges of the interval; \`daily\`: of whole days, counted anew each time from rows that come later than their calls (*Reports* → *Service and compliance*). Where nothing can be counted a dash is shown.\n\n${table(
    ['key', 'figure', 'formula', 'unit', 'basis', 'version'],
    rows,
  )}\n\n## Adherence\n\nBy agent and day, from the shifts of the register and the states of agents (*Reports* → *Adherence*). A shift that crosses midnight belongs to the day on which it begins.\n\n${table(
    ['figure', 'formula', 'unit', 'version'],
    Object.values(shiftFigures).map(({ name, text, unit, changes }) => [
      `${name.zh}<br>${name.en}`,
      `${text.zh}<br>${text.en}`,
      unit,
      String(1 + changes.length),
    ]),
  )}\n`;
}

const made = 'Made from the code by `npm run reference`; a test keeps it true.';

/** The fields of a failure's details, shape by shape: `{ limit, most }`. */
function detailsOf(code: string): string {
  const details = openApiOf(api).components.schemas[`Problem.${code}`]?.properties?.details;
  const shapeOf = ({ properties, items, type }: JsonSchema): string =>
    items !== undefined ? `${shapeOf(items)}[]` : properties === undefined ? String(type) : `{ ${Object.keys(properties).join(', ')} }`;
  return details === undefined ? '' : (details.anyOf ?? [details]).map((shape) => `\`${shapeOf(shape)}\``).join('<br>');
}

/** Each page by its file name. */
export function referencePages(): Readonly<Record<string, string>> {
  const shapes = (shape: object): string =>
    Object.keys(shape)
      .map((field) => `\`${field}\``)
      .join(', ');
  return {
    'rights.md': `# Who may do what\n\n${made} A right that no column holds is held by nobody. The source is \`services/shared/domain/people/rights.ts\`.\n\n${table(
      ['right', ...roles],
      Object.entries(rights).map(([right, holders]) => [
        `\`${right}\``,
        ...roles.map((role) => ((holders as readonly string[]).includes(role) ? 'yes' : right === 'public' ? 'all' : '')),
      ]),
    )}\n\n## Events of a page\n\n${table(
      ['socket event', 'right'],
      Object.entries(fromPageRights).map(([name, right]) => [`\`${name}\``, `\`${right}\``]),
    )}\n`,
    'errors.md': `# Errors\n\n${made} An HTTP error is a body \`{ code, message, details? }\`; a SIP error is the status beside it. The code decides the shape of \`details\`; \`openapi.json\` has each as the schema \`Problem.<code>\`.\n\n${table(
      ['code', 'HTTP', 'SIP', 'details'],
      Object.entries(failures).map(([code, { http, sip }]) => [`\`${code}\``, String(http), String(sip), detailsOf(code)]),
    )}\n`,
    'events.md': `# Events\n\n${made} Facts between the services, past tense, at least once and in order.\n\n${table(
      ['event', 'fields'],
      Object.entries(events).map(([name, schema]) => [`\`${name}\``, shapes(schema.shape)]),
    )}\n`,
    'alarms.md': alarmsPage(),
    'verifiers.md': verifiersPage(),
    'pack-format.zh-CN.md': packFormatPage(),
    'api.md': apiPage(),
    'figures.md': figuresPage(),
    'commands.md': `# Commands between roles\n\n${made} Answered within their time or failed; the owner is the role that serves it.\n\n${table(
      ['command', 'owner', 'input'],
      Object.entries(commands).map(([name, { owner, input }]) => [`\`${name}\``, owner, shapes(input.shape)]),
    )}\n`,
  };
}

/** The verifiers that every pack carries; they know the published formulas and the words of tables. */
export const verifierFiles = ['verify.html', 'recompute.py'].map((name) => join('services', 'evidence', 'verifier', name));

if (process.argv[1]?.endsWith('reference.js') === true) {
  for (const file of verifierFiles) writeFileSync(file, withKnowledge(readFileSync(file, 'utf8')));
  for (const [file, text] of Object.entries(referencePages())) writeFileSync(join('docs', 'reference', file), text);
  storeOpenApi();
}
