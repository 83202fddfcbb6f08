import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardName, BoardRows } from '../../../services/shared/contracts/queues/board.js';
import type { Board } from './boards.js';
import { addressOf, type AnswerOf, type AskedOf, type Given, type ReadPath, type WriteKey } from './api.js';
import { ApiProblem } from './session.js';
import { say } from './notices.js';
import { useApp, useMay, useWorkplace } from './use-workplace.js';

interface ReadOptions {
  readonly everyMs?: number;
  readonly enabled?: boolean;
}

/** What a page reads from `/api`; kept under its address. */
export function useRead<P extends ReadPath>(
  path: P,
  ...[asked]: Given<AskedOf<`GET ${P}`> & ReadOptions>
): UseQueryResult<AnswerOf<`GET ${P}`>> {
  const { session } = useApp();
  const { everyMs, enabled, ...request } = (asked ?? {}) as ReadOptions & { readonly params?: Readonly<Record<string, unknown>> };
  return useQuery({
    queryKey: addressOf(path, request)
      .split(/[/?]/)
      .filter((part) => part !== ''),
    queryFn: () => session.api.get(path, ...([request] as unknown as Given<AskedOf<`GET ${P}`>>)),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    enabled: enabled ?? true,
  });
}

/** The words of a failure, in the page's language. */
export function useFailureWords(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    const code = error instanceof ApiProblem ? error.code : 'internal';
    const refused = error instanceof ApiProblem ? refusalOf(error.details) : undefined;
    // A slice that says why it refused a step has words of its own.
    const own = refusalWords.map((words) => `${words}.${refused}`).find((key) => refused !== undefined && i18n.exists(key));
    if (own !== undefined) return t(own);
    const who = error instanceof ApiProblem ? changerOf(error.details) : undefined;
    if (code === 'changed-meanwhile' && who !== undefined) return t('failures.changed-meanwhile-by', { who });
    const over = error instanceof ApiProblem ? limitOf(error.details) : undefined;
    if (over !== undefined && i18n.exists(`failures.over-${over.limit}`)) return t(`failures.over-${over.limit}`, { most: over.most });
    const circle = error instanceof ApiProblem ? circleOf(error.details) : undefined;
    if (circle !== undefined) return t('failures.overflow-circle', { circle });
    const named = error instanceof ApiProblem ? namedFaultOf(error.details) : undefined;
    if (named !== undefined && i18n.exists(`failures.${named}`)) return t(`failures.${named}`);
    return i18n.exists(`failures.${code}`) ? t(`failures.${code}`) : t('failures.internal');
  };
}

const refusalWords = ['campaigns.refusals', 'complaints.refusals', 'drills.refusals', 'library.prompts.refusals'];

/** Reads again what is read under an area. */
export function useReadAgain(): (area: string) => Promise<void> {
  const client = useQueryClient();
  return useCallback((area) => client.invalidateQueries({ queryKey: [area] }), [client]);
}

const refusalOf = (details: unknown): string | undefined =>
  typeof details === 'object' && details !== null && 'refused' in details && typeof details.refused === 'string'
    ? details.refused
    : undefined;

/** Who changed what was to be changed. */
const limitOf = (details: unknown): { readonly limit: string; readonly most: number } | undefined =>
  typeof details === 'object' &&
  details !== null &&
  'limit' in details &&
  typeof details.limit === 'string' &&
  'most' in details &&
  typeof details.most === 'number'
    ? { limit: details.limit, most: details.most }
    : undefined;

const changerOf = (details: unknown): string | undefined =>
  typeof details === 'object' && details !== null && 'changedBy' in details && typeof details.changedBy === 'string'
    ? details.changedBy
    : undefined;

/** The queues through which an overflow leads round. */
const circleOf = (details: unknown): string | undefined =>
  typeof details === 'object' && details !== null && 'circle' in details && Array.isArray(details.circle)
    ? details.circle.join(' → ')
    : undefined;

/** What is wrong with a password, with roles, with the end of an account or with a file: whoever is told only that something is wrong tries in the dark. */
function namedFaultOf(details: unknown): string | undefined {
  if (typeof details !== 'object' || details === null) return undefined;
  if ('password' in details && typeof details.password === 'string') return `password-${details.password}`;
  if ('roles' in details) return 'roles-apart';
  if ('file' in details) return 'file-kind';
  return 'expiresAt' in details ? 'inspector-end' : undefined;
}

/** A request that changes something. `isNew`: it makes something, and what is there already under its address is not replaced. */
export type Change<K extends WriteKey = WriteKey> = K extends WriteKey
  ? AskedOf<K> & { readonly route: K; readonly isNew?: boolean }
  : never;

/** A change of the server's state: refreshes what is read under `area`, and says in words when it was refused. */
export function useChange<K extends WriteKey = WriteKey>(
  area: string,
  done?: (answer: AnswerOf<K>) => void,
): UseMutationResult<AnswerOf<K>, unknown, Change<K>> {
  const { session } = useApp();
  const client = useQueryClient();
  const wordsOf = useFailureWords();
  const { t } = useTranslation();
  return useMutation<AnswerOf<K>, unknown, Change<K>>({
    mutationFn: (change) => session.api.send<K>(change.route as K, change as unknown as AskedOf<K> & { readonly isNew?: boolean }),
    onSuccess: async (answer) => {
      await client.invalidateQueries({ queryKey: [area] });
      done?.(answer);
    },
    onError: (error) => {
      // The person who opens it again sees the present state.
      if (error instanceof ApiProblem && error.code === 'changed-meanwhile') void client.invalidateQueries({ queryKey: [area] });
      const details = error instanceof ApiProblem && Array.isArray(error.details) ? (error.details as readonly unknown[]) : [];
      const problems = flowProblemsOf(details);
      if (problems.length === 0) void say('error', `${wordsOf(error)} ${fieldsOf(details)}`.trim(), 6);
      else {
        const said = problems.map(({ where, problem, detail }) => `${where}: ${t(`library.flow.problems.${problem}`)} ${detail}`.trim());
        void say('error', t('failures.flow-not-sound', { problems: said.join('; ') }), 10);
      }
    },
  });
}

interface FlowProblem {
  readonly where: string;
  readonly problem: string;
  readonly detail: string;
}

/** Why a flow does not go live: what is wrong at which step. */
const flowProblemsOf = (details: readonly unknown[]): FlowProblem[] =>
  details.filter(
    (each): each is FlowProblem => typeof each === 'object' && each !== null && 'where' in each && 'problem' in each && 'detail' in each,
  );

const fieldsOf = (details: readonly unknown[]): string =>
  details
    .map((detail) => (typeof detail === 'object' && detail !== null && 'at' in detail ? String(detail.at) : ''))
    .filter((field) => field !== '')
    .join(', ');

const neverRead = { value: null, atMs: 0 } as const;
const nothing = (): (() => void) => () => undefined;

/** A board of the live centre, followed while somebody looks at it. */
export function useBoard<N extends BoardName>(name: N): Board<BoardRows[N]> {
  const { boards } = useWorkplace();
  const may = useMay()(name === 'board:queues' ? 'queues.watch' : 'agents.watch');
  const board = boards !== null && may ? boards[name] : undefined;
  return useSyncExternalStore(board?.subscribe ?? nothing, () => board?.last() ?? neverRead);
}

/** Reads `area` again `afterMs` after one of the named facts; facts in between are covered by the same read. */
export function useRefreshOn(area: string, names: readonly string[], afterMs = 1_000): void {
  const { link } = useWorkplace();
  const client = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const wanted = names.join();
  useEffect(() => {
    const stop = link?.on('fact', ({ name }) => {
      if (!wanted.split(',').some((prefix) => name.startsWith(prefix))) return;
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        void client.invalidateQueries({ queryKey: [area] });
      }, afterMs);
    });
    return () => {
      stop?.();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [link, client, area, wanted, afterMs]);
}
