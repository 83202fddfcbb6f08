import { useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { sidesOf } from '../../../../services/shared/domain/calls/call-sides.js';
import { callerName } from '../../components/names/caller-name.js';
import { daysFrom } from '../../components/time/site-days.js';
import { timeText } from '../../components/time/times.js';
import { nameOf, useQueues } from '../../screens/seat/queue-names.js';
import type { AnswerOf } from '../../session/api.js';
import { useBoard, useRead } from '../../session/use-server.js';
import { useApp } from '../../session/use-workplace.js';
import type { PageEntry } from '../pages.js';
import { fitting, groups, meaningOf, type Choice, type Meaning } from './choices.js';

/** Four digits are searched for in this many of the newest ended calls: what one page of the list of calls may hold. */
const NEWEST_CALLS = 100;
const CASES_AT_ONCE = 200;
/** No more cases than this in one day are searched. */
const CASES_AT_MOST = 2_000;

export interface Found {
  readonly choices: readonly Choice[];
  readonly reading: boolean;
  readonly failed: boolean;
}

type Words = ReturnType<typeof useTranslation>['t'];
type EndedCall = AnswerOf<'GET /calls'>['calls'][number];
type LiveCall = AnswerOf<'GET /calls/live'>['calls'][number];
type Case = AnswerOf<'GET /complaints'>['complaints'][number];

/** The parts of a query that the palette uses. */
interface Reading {
  readonly isFetching: boolean;
  readonly isError: boolean;
  readonly data: unknown;
}

/**
 * What the text finds, by the same routes that the pages read: a person who may not open a page finds nothing that leads to it, and nothing
 * is read before something is typed.
 */
export function useFound(pages: readonly PageEntry[], text: string): Found {
  const { t } = useTranslation();
  const typed = text.trim() !== '';
  const meaning = meaningOf(text);
  const opens = (path: string): boolean => pages.some((page) => page.path === path);
  const named = useNamed(opens, typed);
  const calls = useCalls(opens('/calls'), meaning);
  const cases = useCase(opens('/complaints'), meaning);
  const reads: readonly Reading[] = [...named.reads, ...calls.reads, cases.read];
  const exact = [...calls.choices, ...(cases.choice === undefined ? [] : [cases.choice]), ...searchesOf(opens, meaning, t)];
  const byName = fitting([...pageChoices(pages, t), ...named.choices], text);
  const all = [...exact, ...byName];
  return {
    choices: groups.flatMap((group) => all.filter((choice) => choice.group === group)),
    reading: reads.some(({ isFetching, data }) => isFetching && data === undefined),
    failed: reads.some(({ isError, data }) => isError && data === undefined),
  };
}

function pageChoices(pages: readonly PageEntry[], t: Words): readonly Choice[] {
  const both = (key: string): string[] => ['zh-CN', 'en'].map((language) => i18next.getFixedT(language)(key));
  return [
    ...pages.map(({ path, word, group }) => ({
      key: `page-${path}`,
      group: 'pages' as const,
      label: t(`shell.nav.${word}`),
      detail: t(`shell.nav.groups.${group}`),
      to: path,
      also: both(`shell.nav.${word}`),
    })),
    { key: 'page-/account', group: 'pages', label: t('shell.account'), to: '/account', also: both('shell.account') },
  ];
}

/** A whole number is looked up on the page to which the line leads, not here. */
const searchesOf = (opens: (path: string) => boolean, meaning: Meaning, t: Words): readonly Choice[] => {
  if (meaning.kind !== 'number') return [];
  const { number } = meaning;
  const asked = encodeURIComponent(number);
  return [
    ...(opens('/calls')
      ? [{ key: 'calls-of', group: 'calls' as const, label: t('palette.callsOf', { number }), to: `/calls?search=${asked}` }]
      : []),
    ...(opens('/complaints')
      ? [{ key: 'cases-of', group: 'cases' as const, label: t('palette.casesOf', { number }), to: `/complaints?number=${asked}` }]
      : []),
  ];
};

/** People, queues and numbers, once for each page on which they can be opened. */
function useNamed(opens: (path: string) => boolean, typed: boolean): { readonly choices: readonly Choice[]; readonly reads: Reading[] } {
  const { t, i18n } = useTranslation();
  const seats = useBoard('board:agents').value;
  const queues = useQueues();
  const users = useRead('/users', { enabled: typed && opens('/users') });
  const settings = useRead('/queues', { enabled: typed && opens('/queues') });
  const numbers = useRead('/numbers', { enabled: typed && opens('/numbers') });
  const at = (page: string): string => t(`shell.nav.${page}`);
  const asked = (path: string, name: string, value: string): string => `${path}?${name}=${encodeURIComponent(value)}`;
  const choices: Choice[] = [];
  if (opens('/agents'))
    for (const { agentId, name } of seats ?? [])
      choices.push({ key: `seat-${agentId}`, group: 'people', label: name, detail: at('agents'), to: asked('/agents', 'find', name) });
  // The call that an agent is in, by the agent's name.
  if (opens('/calls'))
    for (const { agentId, name, call } of seats ?? [])
      if (call !== undefined)
        choices.push({
          key: `call-of-${agentId}`,
          group: 'calls',
          label: name,
          detail: `${t('calls.live')} · ${t(`calls.now.stages.${call.state}`)}`,
          to: `/calls/${call.callId}`,
        });
  if (opens('/users'))
    for (const { id, name, displayName } of users.data?.users ?? [])
      choices.push({
        key: `user-${id}`,
        group: 'people',
        label: displayName,
        detail: `${name} · ${at('users')}`,
        to: asked('/users', 'find', name),
        also: [name],
      });
  if (opens('/wallboard'))
    for (const { queueId, name, internal } of queues ?? [])
      if (!internal)
        choices.push({
          key: `queue-${queueId}`,
          group: 'queues',
          label: nameOf(name, i18n.language),
          detail: at('wallboard'),
          to: asked('/wallboard', 'queue', queueId),
          also: [queueId, ...Object.values(name)],
        });
  if (opens('/queues'))
    for (const { id, name } of settings.data?.queues ?? [])
      choices.push({
        key: `settings-${id}`,
        group: 'queues',
        label: nameOf(name, i18n.language),
        detail: at('queues'),
        to: asked('/queues', 'queue', id),
        also: [id, ...Object.values(name)],
      });
  if (opens('/numbers'))
    for (const { number, name } of numbers.data?.numbers ?? []) {
      const label = `${number} ${name}`.trim();
      const also = [name];
      choices.push({
        key: `number-${number}`,
        group: 'numbers',
        label,
        detail: at('numbers'),
        to: asked('/numbers', 'number', number),
        also,
      });
      choices.push({ key: `flow-${number}`, group: 'numbers', label, detail: at('flows'), to: asked('/flows', 'number', number), also });
    }
  return { choices, reads: [users, settings, numbers] };
}

function useCalls(may: boolean, meaning: Meaning): { readonly choices: readonly Choice[]; readonly reads: readonly Reading[] } {
  const { t } = useTranslation();
  const query = meaning.kind === 'call' ? { search: meaning.callId, limit: 1 } : { limit: NEWEST_CALLS };
  const read = useRead('/calls', { query, enabled: may && (meaning.kind === 'call' || meaning.kind === 'last-digits') });
  const fits = ({ callerMasked }: Pick<EndedCall, 'callerMasked'>): boolean =>
    meaning.kind === 'call' || (meaning.kind === 'last-digits' && callerMasked.endsWith(meaning.digits));
  const live = useRead('/calls/live', { enabled: may && (meaning.kind === 'call' || meaning.kind === 'last-digits') });
  const calls = may ? (read.data?.calls ?? []).filter(fits) : [];
  const goingOn = may
    ? (live.data?.calls ?? []).filter((call) => (meaning.kind === 'call' ? call.callId === meaning.callId : fits(call)))
    : [];
  return {
    reads: [read, live],
    choices: [
      ...goingOn.slice(0, 8).map((call) => liveChoice(call, t)),
      ...calls.slice(0, 8).map((call): Choice => {
        const { caller, called } = sidesOf(call);
        return {
          key: `call-${call.callId}`,
          group: 'calls',
          label: `${callerName(caller, t)} → ${callerName(called, t)}`,
          detail: timeText(call.invitedAt),
          to: `/calls/${call.callId}`,
        };
      }),
    ],
  };
}

function liveChoice(call: LiveCall, t: Words): Choice {
  const { caller, called } = sidesOf(call);
  return {
    key: `live-${call.callId}`,
    group: 'calls',
    label: `${callerName(caller, t)} → ${callerName(called, t)}`,
    detail: `${t('calls.live')} · ${t(`calls.now.stages.${call.state}`)}`,
    to: `/calls/${call.callId}`,
  };
}

/** A complaint by its number: looked for among those received on the day that the number contains. */
function useCase(may: boolean, meaning: Meaning): { readonly choice?: Choice; readonly read: Reading } {
  const { t } = useTranslation();
  const { session } = useApp();
  const wanted = meaning.kind === 'case' ? meaning : undefined;
  const read = useQuery({
    queryKey: ['complaints', 'by-number', wanted?.number ?? ''],
    enabled: may && wanted !== undefined && dayjs(wanted.day).isValid(),
    queryFn: async (): Promise<Case | null> => {
      if (wanted === undefined) return null;
      const { from, to } = daysFrom(dayjs(wanted.day), dayjs(wanted.day));
      for (let skip = 0; skip < CASES_AT_MOST; skip += CASES_AT_ONCE) {
        const { complaints, total } = await session.api.get('/complaints', {
          query: { receivedFrom: from, receivedTo: to, skip, limit: CASES_AT_ONCE },
        });
        const found = complaints.find(({ number }) => number === wanted.number);
        if (found !== undefined) return found;
        if (skip + CASES_AT_ONCE >= total) return null;
      }
      return null;
    },
  });
  const found = may && wanted !== undefined ? read.data : null;
  if (found === null || found === undefined) return { read };
  const { id, number, kind } = found;
  return {
    read,
    choice: { key: `case-${id}`, group: 'cases', label: number, detail: t(`complaints.kinds.${kind}`), to: `/complaints/${id}` },
  };
}
