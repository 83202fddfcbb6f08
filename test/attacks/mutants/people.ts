import { attack, edit, unit, type Mutant } from './mutant.js';

const ARRIVING = 'services/calls/running/arriving.ts';
const LEAVING = 'services/outbound/leaving/leaving.ts';
const REACH = 'services/api/refuse-reach.ts';
const ACCOUNTS = 'services/identity/account-service.ts';
const EXPORTS = 'services/identity/exports/export-service.ts';
const EXPORT = 'services/identity/exports/export.ts';
const APP = 'services/api/adapters/express-app.ts';
const PLAN = 'services/shared/domain/numbers/numbering-plan.ts';
const PROVING = 'services/identity/proving.ts';
const TURNS = 'services/identity/turns.ts';

/** The web origin, accounts, files and the numbers that are dialled. */
export const people: readonly Mutant[] = [
  {
    finding: 'C2',
    without: 'a callback is promised to a caller whose number nobody vouches for',
    edits: [
      edit(
        ARRIVING,
        'callbackBarred: isCallbackBarred(incoming.callerNumber, directory.trunk(incoming.trunkId)?.trustsIdentity === true),',
        'callbackBarred: false,',
      ),
    ],
    held: attack('leaving-the-house', 'is promised to no caller %s: that caller waits', 'still { calls: [] }'),
  },
  {
    finding: 'C2',
    without: 'a callback that nobody presses a key for is dialled to any number',
    edits: [edit(LEAVING, 'if (callback?.automatic === true) {', 'if (callback?.automatic === undefined && false) {')],
    held: unit('services/outbound/gate/gate.test.ts', '%s is refused, written down and audited', 'resolved instead of rejected'),
  },
  {
    finding: 'H1',
    without: 'a transfer reaches any number, registered or not',
    edits: [
      edit(
        LEAVING,
        "if (ways[way].rests === 'destination') return transferred(question, number.kind);",
        "if (ways[way].rests === 'destination') return { allowed: true };",
      ),
    ],
    held: attack(
      'leaving-the-house',
      'reaches no number by transfer, consultation or a call of the own that costs or that nobody approved',
      '"not-registered"',
    ),
  },
  {
    finding: 'H2',
    without: 'a person with a scope changes what concerns the whole site',
    edits: [edit(REACH, "  if (reach.kind === 'site') throw outsideScope();\n", '')],
    held: attack('accounts-and-scopes', 'by writing', '+ Received'),
  },
  {
    finding: 'H2',
    without: 'a person with a scope changes what is of another client',
    edits: [edit(REACH, 'if (!(await reaches[of](principal, id, own)))', 'if (false as boolean)')],
    held: attack('accounts-and-scopes', 'by writing', '+ Received'),
  },
  {
    finding: 'H3',
    without: 'an administrator changes password, factor, networks, end and roles of the own account',
    edits: [edit(ACCOUNTS, 'if (id === by.userId && heldBack)', 'if (id === by.userId && heldBack && false)')],
    held: attack(
      'accounts-and-scopes',
      'a stolen access token of an administrator does not change %s of the same person',
      'Expected: >= 400',
    ),
  },
  {
    finding: 'H3',
    without: 'an administrator grants more than the own scope',
    // The scope is still asked for: an answer that was built without asking for it is withheld.
    edits: [
      edit(
        ACCOUNTS,
        'if (!isPartOf(given, await scopeInAccount(accounts, principal)))',
        'if ((await scopeInAccount(accounts, principal)) === undefined && given.queues.length < 0)',
      ),
    ],
    held: attack(
      'accounts-and-scopes',
      'an administrator of one client neither widens the own scope nor makes anybody of the whole site',
      'attack-made',
    ),
  },
  {
    finding: 'H3',
    without: 'one administrator alone resets the password of a holder of a sensitive role',
    edits: [
      edit(
        ACCOUNTS,
        'const resetWaits = !alone && resets && strongAmong(account.roles).length > 0;',
        'const resetWaits = false as boolean;',
      ),
    ],
    held: attack('settled-site', 'does not sign in as %s by a new password and authenticator', 'Expected length: 1'),
  },
  {
    finding: 'H3',
    without: 'an account that nobody confirmed approves exports',
    edits: [edit(EXPORTS, 'const settledBy = await settled(principal.userId);', 'const settledBy = true as boolean;')],
    held: unit(
      'services/identity/exports/export-service.test.ts',
      'somebody whose account is not settled approves nothing, and may refuse',
      'resolved instead of rejected',
    ),
  },
  {
    finding: 'H3',
    without: 'the last administrators close each other',
    edits: [
      edit(
        ACCOUNTS,
        "if (lost !== undefined)\n        throw new CallCentreError('last-administrator'",
        "if (lost !== undefined && false)\n        throw new CallCentreError('last-administrator'",
      ),
    ],
    held: attack('races', 'is neither closed nor limited by an administrator whose account ends, also not by two at once', '-     409'),
  },
  {
    finding: 'H4',
    alone: true,
    without: 'an upload goes to the store as a stream, while it arrives',
    edits: [
      edit(
        'services/registry/http.ts',
        'const body = await upload.file(query.fileName);',
        "const arriving = upload.file(query.fileName);\n      const { Readable } = await import('node:stream');\n      const body = Readable.from((async function* () { yield await arriving; })()) as unknown as Buffer;",
      ),
    ],
    held: attack('hostile-files', 'an upload that is cut, refused or longer than it says ends no process', 'Expected: 0'),
  },
  {
    finding: 'H5',
    alone: true,
    without: 'a sheet is parsed in the process that serves the pages, without a limit of columns',
    edits: [
      edit(
        'services/registry/adapters/import-file.ts',
        'export const readImportFile: ReadImportFile = async (file) => (await parse(file)) as ReadImport;',
        "import { readImport } from '../import.js';\nimport { registerNamed } from '../registers.js';\nimport { readSheet } from '../../shared/platform/files/sheet-reader.js';\nexport const readImportFile: ReadImportFile = async ({ register, bytes }) =>\n  readImport(registerNamed(register) as never, readSheet(bytes, { rows: 1e9, columns: 1e9 }), register) as ReadImport;\nvoid parse;",
      ),
    ],
    held: attack('hostile-files', 'a small workbook that asks for much keeps nobody waiting', 'Expected: <= 1500'),
  },
  {
    finding: 'M1',
    without: 'a search for a whole number is not counted',
    edits: [edit(APP, 'await countLookUp({ lookUps, audit }, declared, principal, from, declared.looksUp?.({ query, body }));', '')],
    held: attack('web-origin', 'are not found by trying them in %s without the right to see them', 'Received: 1'),
  },
  {
    finding: 'M2',
    without: 'an access code before a number makes another number of it',
    edits: [edit(PLAN, 'const code = ACCESS_CODE.exec(digits)?.[0];', "const code = ACCESS_CODE.exec('')?.[0];")],
    held: attack('leaving-the-house', 'leads past no list of those who do not want to be called', '+ Received'),
  },
  {
    finding: 'M2',
    without: 'the country code without its plus makes another number of it',
    edits: [
      edit(PLAN, 'if (digits.startsWith(COUNTRY) && digits.length > 10) {', 'if (digits.startsWith(COUNTRY) && digits.length > 100) {'),
    ],
    held: attack('leaving-the-house', 'leads past no black list', '+ Received'),
  },
  {
    finding: 'L1',
    without: 'a wrong secret with the id of a session ends that session',
    edits: [
      edit(
        'services/identity/account.ts',
        "return session.pastHashes?.includes(presentedHash) === true ? 'theft' : 'wrong';",
        "return 'theft';",
      ),
    ],
    held: attack('web-origin', 'is not ended by somebody who knows its id alone', 'Received: 401'),
  },
  {
    finding: 'L2',
    without: 'passwords that come at once are all checked, at once',
    edits: [
      edit(TURNS, 'if (busy < places) busy += 1;', 'if (busy < 1e9) busy += 1;'),
      edit(PROVING, '      await refuseEarly(trier);\n      try {', '      try {'),
    ],
    held: unit(
      'services/identity/proving.test.ts',
      'of three hundred wrong passwords that come at once, only as many are checked as before one has to wait',
      'Expected: <= 8',
    ),
  },
  {
    finding: 'L3',
    without: "a person's own browser waits because of the guesses of others at its address",
    edits: [
      edit(
        'services/identity/adapters/valkey-limits.ts',
        "place: byBrowser === 1 ? `browser:${digest(browser ?? '')}` : from,",
        'place: from,',
      ),
    ],
    held: attack('web-origin', "a colleague's wrong guesses lock nobody out at an address that they share", '429'),
  },
  {
    finding: 'L5',
    without: 'an agent opens a complaint on the call of a colleague, which holds its recording',
    edits: [
      edit(
        'services/complaints/http.ts',
        "if (body.callId !== undefined && !(await reachesCall(principal, body.callId, 'read')))",
        'if (false as boolean)',
      ),
    ],
    held: attack('web-origin', 'gets no complaint, no hold and no figures from an agent who has no part in it', 'Received:    200'),
  },
  {
    finding: 'L5',
    without: "an agent reports figures on the sound of a colleague's call",
    edits: [
      edit('services/api/adapters/seat-actions.ts', 'if (sample.callId !== undefined) await mustBeIn(agentId, sample.callId);\n', ''),
    ],
    held: attack('web-origin', 'gets no complaint, no hold and no figures from an agent who has no part in it', 'lossPercent'),
  },
  {
    finding: 'L6',
    without: 'a zero byte reaches the document store',
    edits: [edit(APP, 'const unplain = unplainTextIn(value);', 'const unplain = unplainTextIn(undefined);')],
    held: attack('web-origin', 'in %s is refused or finds nothing, and is no failure', '%00'),
  },
  {
    finding: 'L7',
    without: 'a connection without TLS stays open',
    edits: [edit('services/api/index.ts', 'const HANDSHAKE_MS = 10_000;', 'const HANDSHAKE_MS = 120_000;')],
    held: attack('web-origin', 'a connection that never says anything is cut', 'toBeDefined'),
  },
  {
    finding: 'L8',
    without: 'an approved export is taken without a limit',
    edits: [edit(EXPORT, 'export const TAKEN_MOST = 3;', 'export const TAKEN_MOST = 300;')],
    held: attack('web-origin', 'an approved export is not taken again and again', 'Expected: < 5'),
  },
];
