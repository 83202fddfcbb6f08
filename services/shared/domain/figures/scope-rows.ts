import { boardFigureKeys, rowOwnKeys, trunkFigureKeys, type RowFigureKey } from './keys.js';
import { agentFigures, isOfPeople } from './threshold.js';

/** What the live boards have rows for, besides queues: the scopes of reports. */
export const rowScopes = ['number', 'trunk', 'client-unit', 'team', 'agent'] as const;
export type RowScope = (typeof rowScopes)[number];

/** Anybody may stand in front of a wall: none of its rows is about a person. */
export const wallRowScopes = ['number', 'trunk', 'client-unit', 'team'] as const satisfies readonly RowScope[];

/** Each of them is a board of its own, so that a page gets only the rows that it shows. */
export const scopeBoards = {
  'board:numbers': 'number',
  'board:trunks': 'trunk',
  'board:client-units': 'client-unit',
  'board:teams': 'team',
  'board:answering': 'agent',
} as const satisfies Record<string, RowScope>;
export type ScopeBoardName = keyof typeof scopeBoards;

/** The figures of a row: of people only those of the visits that they answered and of what they sent on, of a trunk also those of its legs. */
export function rowFigureKeys(of: RowScope): readonly RowFigureKey[] {
  if (isOfPeople(of)) return [...agentFigures, ...rowOwnKeys];
  return [...boardFigureKeys, ...rowOwnKeys, ...(of === 'trunk' ? trunkFigureKeys : [])];
}
