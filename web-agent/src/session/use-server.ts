import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { BoardName, BoardRows } from '../../../services/shared/contracts/queues/board.js';
import type { AnyFailureDetails } from '../../../services/shared/domain/failure-details.js';
import type { Board } from './boards.js';
import { addressOf, type AnswerOf, type AskedOf, type Given, type ReadPath, type WriteKey } from './api.js';
import { ApiProblem } from './session.js';
import { say } from './notices.js';
import { useApp, useMay, useWorkplace } from './use-workplace.js';

interface ReadOptions {
  readonly everyMs?: number;
  readonly enabled?: boolean;
  /** Read again on opening, however lately it was read; `isFetchedAfterMount` says when that is done. */
  readonly anew?: boolean;
}

/** What a page reads from `/api`; kept under its address. */
export function useRead<P extends ReadPath>(
  path: P,
  ...[asked]: Given<AskedOf<`GET ${P}`> & ReadOptions>
): UseQueryResult<AnswerOf<`GET ${P}`>> {
  const { session } = useApp();
  const { everyMs, enabled, anew, ...request } = (asked ?? {}) as ReadOptions & { readonly params?: Readonly<Record<string, unknown>> };
  return useQuery({
    queryKey: addressOf(path, request)
      .split(/[/?]/)
      .filter((part) => part !== ''),
    queryFn: () => session.api.get(path, ...([request] as unknown as Given<AskedOf<`GET ${P}`>>)),
    ...(everyMs === undefined ? {} : { refetchInterval: everyMs }),
    ...(anew === true ? { refetchOnMount: 'always' as const } : {}),
    enabled: enabled ?? true,
  });
}

const unknownFailure = { code: 'internal', details: undefined } as const;
/** Names no field. */
const noDetails: AnyFailureDetails = [];

/** The words of a failure, in the page's language. */
export function useFailureWords(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    const { code, details = noDetails } = error instanceof ApiProblem ? error : unknownFailure;
    // A slice that gives a reason for refusing a step has its own words for it.
    const own =
      'refused' in details ? refusalWords.map((words) => `${words}.${details.refused}`).find((key) => i18n.exists(key)) : undefined;
    if (own !== undefined) return t(own);
    if ('changedBy' in details && details.changedBy !== undefined) return t('failures.changed-meanwhile-by', { who: details.changedBy });
    if ('limit' in details && i18n.exists(`failures.over-${details.limit}`))
      return t(`failures.over-${details.limit}`, { most: details.most });
    if ('circle' in details) return t('failures.overflow-circle', { circle: details.circle.join(' → ') });
    const named = namedFaultOf(details);
    if (named !== undefined && i18n.exists(`failures.${named}`)) return t(`failures.${named}`);
    return i18n.exists(`failures.${code}`) ? t(`failures.${code}`) : t('failures.internal');
  };
}

const refusalWords = ['campaigns.refusals', 'complaints.refusals', 'drills.refusals', 'library.prompts.refusals', 'calls.notes.refusals'];

/** Reads everything under an area again. */
export function useReadAgain(): (area: string) => Promise<void> {
  const client = useQueryClient();
  return useCallback((area) => client.invalidateQueries({ queryKey: [area] }), [client]);
}

/** The named fault of a password, of roles, of an account's end or of a file: a person told only that something is wrong has to guess. */
function namedFaultOf(details: AnyFailureDetails): string | undefined {
  if ('password' in details) return `password-${details.password}`;
  if ('roles' in details) return 'roles-apart';
  if ('file' in details) return `file-${details.file}`;
  return 'expiresAt' in details ? 'inspector-end' : undefined;
}

/** A request that changes something. `isNew`: it creates something, and never replaces what already exists under its address. */
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
      // A person who opens it again sees the present state.
      if (error instanceof ApiProblem && error.code === 'changed-meanwhile') void client.invalidateQueries({ queryKey: [area] });
      const details = error instanceof ApiProblem && error.details !== undefined && 'length' in error.details ? error.details : [];
      const problems = flowProblemsOf(details);
      if (problems.length === 0) void say('error', `${wordsOf(error)} ${fieldsOf(details)}`.trim(), 6);
      else {
        const said = problems.map(({ where, problem, detail }) => `${where}: ${t(`library.flow.problems.${problem}`)} ${detail}`.trim());
        void say('error', t('failures.flow-not-sound', { problems: said.join('; ') }), 10);
      }
    },
  });
}

type ListedDetail = Extract<AnyFailureDetails, readonly unknown[]>[number];

/** Why a flow cannot go live: what is wrong at which step. */
const flowProblemsOf = (details: readonly ListedDetail[]) =>
  details.flatMap((each) => (typeof each === 'object' && 'where' in each ? [each] : []));

const fieldsOf = (details: readonly ListedDetail[]): string =>
  details.flatMap((each) => (typeof each === 'object' && 'at' in each ? [each.at] : [])).join(', ');

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
