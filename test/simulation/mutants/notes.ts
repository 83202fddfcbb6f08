import { mutant, type Mutant } from './mutant.js';

const NOTES = 'services/calls/notes/http.ts';
const REACH = 'services/calls/records/call-reach.ts';
const OWN = 'services/calls/records/own-calls.ts';
const WORKSPACE = 'services/workspace/http.ts';

/** Mutants of notes on calls, of the own list of the day, and of favourites. */
export const notes: readonly Mutant[] = [
  mutant(
    'anybody writes on a call',
    'teams',
    NOTES,
    '        await mustReach(principal, callId);\n        const { userId, name } = principal;\n',
    '        const { userId, name } = principal;\n',
  ),
  mutant(
    'anybody reads the notes on a call',
    'teams',
    NOTES,
    '        await mustReach(principal, callId);\n        return {',
    '        return {',
  ),
  mutant(
    'a leader reaches the notes on calls of another team',
    'teams',
    REACH,
    "return mayUse(principal, 'calls.read') && withinReach(reach, call, call.invitedAt);",
    "return mayUse(principal, 'calls.read');",
  ),
  mutant(
    'a note is added to a call that is over',
    'teams',
    NOTES,
    "return (await commands.send('call.caller-hash', { callId })).agentIds;",
    "return await commands.send('call.caller-hash', { callId }).then((known) => known.agentIds, () => []);",
  ),
  mutant(
    'a note is acknowledged before it is stored',
    'teams',
    NOTES,
    'await notes.put({ callId, noteId, at: now(), by: { userId, name }, text });',
    'notes.put({ callId, noteId, at: now(), by: { userId, name }, text }).catch(() => undefined);',
  ),
  mutant(
    'a note that is there is refused when it is sent again after the end',
    'teams',
    NOTES,
    '          if (isThere) return undefined;\n          throw error;\n',
    '          throw error;\n',
  ),
  mutant(
    'the agent does not learn of a new note',
    'teams',
    NOTES,
    "text });\n        await bus.publish('call.noted', { callId, at: now().toISOString(), agentIds: [...agentIds] });",
    "text });\n        await bus.publish('call.noted', { callId, at: now().toISOString(), agentIds: [] });",
  ),
  mutant(
    'the open page of a call does not learn of a new note',
    'teams',
    'services/api/adapters/tell-pages.ts',
    '[callRoom(callId)]), ...(name',
    '[]), ...(name',
  ),
  mutant(
    'a call that ends while it is looked for fails with what no contract names',
    'teams',
    REACH,
    "if (failureOf(error) === 'no-such-call') return undefined;",
    "if (failureOf(error) === 'queue-full') return undefined;",
  ),
  mutant(
    'the list of the day is that of another agent',
    'teams',
    OWN,
    '{ ...query, skip: 0, agentId: principal.userId }',
    "{ ...query, skip: 0, agentId: 'a1' }",
  ),
  mutant('the list of the day shows who listened', 'teams', OWN, 'history: historyForAgents(call.history)', 'history: call.history'),
  mutant('the list of the day shows whole numbers', 'teams', OWN, 'callerNumber: _whole, callerHash', 'callerHash'),
  mutant(
    'what one person marks stands first for another',
    'teams',
    WORKSPACE,
    'favourites.mark(userId, favourite',
    "favourites.mark('a1', favourite",
  ),
  mutant(
    'a mark beyond the limit counts as made',
    'teams',
    WORKSPACE,
    'if (marked === undefined)\n',
    'if (marked === undefined) return { favourites: [...(await favourites.of(userId))] };\n        if (marked === undefined)\n',
  ),
  mutant('a removed mark stays', 'teams', WORKSPACE, 'body.marked ? await', "userId !== '' ? await"),
];
