import { LISTENING_EXPORT_ROWS, type ListeningSearch } from '../shared/contracts/api/calls/supervision.js';
import { CallCentreError } from '../shared/domain/failure.js';
import type { Principal } from '../shared/domain/people/rights.js';
import type { ReachOf } from '../shared/platform/reach/reach.js';
import { handled, route, type Audit, type Route } from '../shared/platform/http/route.js';
import { acknowledgementState, byNeed, secondsOf, type ListeningRule } from './listening.js';
import { listeningSheet } from './adapters/listening-sheet.js';
import { shownRow } from './shown.js';
import type { AcknowledgementStore, ListeningSearch as StoreSearch, ListeningStore, People, RuleStore } from './ports.js';
import type { AgentId, UserId } from '../shared/domain/ids.js';

export interface ListeningHttp {
  readonly rules: RuleStore;
  readonly acknowledgements: AcknowledgementStore;
  readonly listenings: ListeningStore;
  readonly people: People;
  /** Everybody who serves a queue, whatever their role. */
  readonly servers: () => Promise<ReadonlySet<string>>;
  /** Whether a person sees an agent; decided by the queues that the agent serves. */
  readonly agentsWithin: (principal: Principal) => Promise<(agentId: AgentId) => boolean>;
  readonly reachOf: ReachOf;
  readonly audit: Audit;
  readonly now: () => Date;
}

export const createListeningRoutes = (needs: ListeningHttp): Route[] => [...ruleRoutes(needs), ...reportRoutes(needs), ...ownRoutes(needs)];

const shownRule = ({ document, changedBy, revision = 0, ...rule }: Awaited<ReturnType<RuleStore['read']>>) => ({
  ...rule,
  ...(document === undefined ? {} : { document }),
  revision,
  ...(changedBy === undefined ? {} : { changedBy }),
});

function ruleRoutes({ rules, acknowledgements, people, servers, agentsWithin, audit, now }: ListeningHttp): Route[] {
  return [
    route('GET /listening/rule', {
      reach: { kind: 'common' },
      handle: async () => shownRule(await rules.read()),
    }),
    route('PUT /listening/rule', {
      reach: { kind: 'site' },
      async handle({ principal, body: { revision, document, ...body }, from }) {
        const read = await rules.read();
        if (revision !== (read.revision ?? 0))
          throw new CallCentreError('changed-meanwhile', 'Somebody has changed this in the meantime; nothing was saved.', {
            details: { changedBy: read.changedBy },
          });
        const isSameText = body.text.en === read.text.en && body.text['zh-CN'] === read.text['zh-CN'];
        const next: ListeningRule = {
          ...body,
          // Only `never` needs a document.
          ...(body.notice === 'never' ? { document } : {}),
          textVersion: isSameText ? read.textVersion : read.textVersion + 1,
        };
        const entry = {
          who: principal.userId,
          what: 'listening.rule-changed',
          object: 'listening-rule',
          from,
          reason: [
            next.notice,
            next.withoutAcknowledgement,
            `v${next.textVersion}`,
            ...(next.document === undefined ? [] : [next.document]),
          ].join(' · '),
          before: read,
          after: next,
        } as const;
        // The audit row comes before the new rule; if the rule is then not saved, a second row says so.
        await audit({ ...entry, success: true });
        const saved = await rules.save(next, read, principal.name).catch(async (error: unknown) => {
          await audit({ ...entry, success: false });
          throw error;
        });
        return shownRule(saved);
      },
    }),
    route('GET /listening/acknowledgements', {
      reach: { kind: 'filtered' },
      async handle({ principal }) {
        const [rule, last, all, serve, isWithin] = await Promise.all([
          rules.read(),
          acknowledgements.last(),
          people(),
          servers(),
          agentsWithin(principal),
        ]);
        // Supervisors who serve a queue take calls too.
        const shown = all.filter(({ userId, takesCalls, disabled }) => (takesCalls || serve.has(userId)) && !disabled && isWithin(userId));
        return {
          people: shown
            .map(({ userId, name }) => {
              const acknowledgement = last.get(userId);
              const { at, textVersion } = acknowledgement ?? {};
              return {
                userId,
                name,
                state: acknowledgementState(acknowledgement, rule, now()),
                ...(at === undefined ? {} : { at }),
                ...(textVersion === undefined ? {} : { textVersion }),
              };
            })
            .sort(byNeed),
        };
      },
    }),
  ];
}

function reportRoutes({ listenings, people, reachOf, audit }: ListeningHttp): Route[] {
  const searchOf = async (principal: Principal, { from, to, ...query }: ListeningSearch): Promise<StoreSearch> => ({
    ...query,
    asker: principal.userId,
    reach: await reachOf(principal),
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
  });
  const namesOf = async (): Promise<(userId: UserId) => { readonly userId: UserId; readonly name: string }> => {
    const names = new Map((await people()).map(({ userId, name }) => [userId, name]));
    return (userId) => ({ userId, name: names.get(userId) ?? userId });
  };
  return [
    route('GET /listening/report', {
      reach: { kind: 'filtered' },
      async handle({ principal, query: { skip, limit, ...query } }) {
        const search = await searchOf(principal, query);
        const [{ rows, total }, whom, personOf] = await Promise.all([
          listenings.list(search, { skip, limit }),
          listenings.people(search),
          namesOf(),
        ]);
        return {
          rows: rows.map((row) => shownRow(row, personOf)),
          total,
          people: whom.map(personOf).sort((a, b) => a.name.localeCompare(b.name, 'zh-CN')),
        };
      },
    }),
    route('GET /listening/report.csv', {
      reach: { kind: 'filtered' },
      async handle({ principal, query, from, response }) {
        const search = await searchOf(principal, query);
        const [{ rows, total }, personOf] = await Promise.all([
          listenings.list(search, { skip: 0, limit: LISTENING_EXPORT_ROWS }),
          namesOf(),
        ]);
        if (total > LISTENING_EXPORT_ROWS)
          throw new CallCentreError('too-large', 'There are too many rows for one export: choose a shorter period.', {
            details: { rows: total },
          });
        await audit({ who: principal.userId, what: 'listening.exported', object: 'csv', from, success: true, after: { rows: total } });
        response
          .attachment('listening.csv')
          .type('text/csv')
          .end(listeningSheet(rows.map((row) => shownRow(row, personOf))));
        return handled;
      },
    }),
  ];
}

function ownRoutes({ rules, acknowledgements, listenings, people, audit, now }: ListeningHttp): Route[] {
  return [
    route('GET /listening/mine', {
      reach: { kind: 'self' },
      async handle({ principal: { userId } }) {
        const [rule, last, unseen] = await Promise.all([rules.read(), acknowledgements.last([userId]), listenings.unseenBy(userId)]);
        const state = acknowledgementState(last.get(userId), rule, now());
        const names = new Map(unseen.length === 0 ? [] : (await people()).map((each) => [each.userId, each.name]));
        return {
          ...(state === 'valid' ? {} : { acknowledge: { text: rule.text, textVersion: rule.textVersion, state } }),
          listened: unseen.map((row) => {
            const own = row.parts.filter(({ agentId }) => agentId === userId);
            return {
              id: row.id,
              callId: row.callId,
              listenerName: names.get(row.listenerId) ?? row.listenerId,
              beganAt: row.beganAt,
              seconds: secondsOf({ parts: own }),
              modes: [...new Set(own.map(({ mode }) => mode))],
              ...(row.reason === undefined ? {} : { reason: row.reason }),
            };
          }),
        };
      },
    }),
    route('POST /listening/mine/acknowledgement', {
      reach: { kind: 'self' },
      async handle({ principal: { userId }, body: { textVersion }, from }) {
        const rule = await rules.read();
        if (rule.textVersion !== textVersion)
          throw new CallCentreError('changed-meanwhile', 'The text has been changed in the meantime. Read the new one.', {
            details: { changedBy: rule.changedBy },
          });
        await audit({
          who: userId,
          what: 'listening.acknowledged',
          object: `user:${userId}`,
          from,
          success: true,
          reason: `v${textVersion}`,
          after: { text: rule.text, textVersion },
        });
        await acknowledgements.put({ userId, at: now(), textVersion });
      },
    }),
    route('POST /listening/mine/seen', {
      reach: { kind: 'self' },
      handle: async ({ principal: { userId }, body: { ids } }) => listenings.setSeen(userId, ids),
    }),
  ];
}
