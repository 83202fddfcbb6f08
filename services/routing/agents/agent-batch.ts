import type { AgentId } from '../../shared/domain/ids.js';
import type { AgentBatchRefusal } from '../../shared/domain/people/batch.js';
import { isPerson, PROOF_QUEUE } from '../../shared/domain/proof.js';
import type { Principal } from '../../shared/domain/people/rights.js';
import type { Audit } from '../../shared/platform/http/route.js';
import type { PlaceReach } from '../../shared/platform/reach/place-reach.js';
import { allOrNone } from '../../shared/platform/stores/all-or-none.js';
import type { CommandBus } from '../../shared/contracts/calls/commands.js';
import type { ListedAgents } from './listed-agents.js';
import type { QueueStore } from '../ports.js';
import { Queue } from '../queue.js';

type Skills = Readonly<Record<string, number>>;

/** What is changed for several agents at once. */
export interface AgentWork {
  readonly skills?: Skills | undefined;
  /** Queues with a list of members in which the agent is, of those within reach. */
  readonly serves?: readonly string[] | undefined;
}
export interface AgentBatchRow {
  readonly id: AgentId;
  /** As the page read it. */
  readonly before: AgentWork;
  readonly after: AgentWork;
}
export interface AgentBatchResult {
  readonly done: boolean;
  readonly rows: readonly { readonly id: string; readonly name?: string; readonly refused?: AgentBatchRefusal }[];
}

export interface AgentBatchNeeds {
  readonly queues: Pick<QueueStore, 'all' | 'put' | 'skills' | 'setSkills'>;
  readonly listed: Pick<ListedAgents, 'all'>;
  readonly commands: CommandBus;
  readonly places: Pick<PlaceReach, 'agents' | 'queues'>;
  readonly audit: Audit;
  readonly changed: (what: 'queues' | 'agents') => Promise<void>;
}

const isSame = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((each) => other.includes(each));
const pairs = (skills: Skills): string[] => Object.entries(skills).map(([skill, level]) => `${skill} ${String(level)}`);
const missingIn = (list: readonly string[], of: readonly string[]): string[] => of.filter((each) => !list.includes(each));

/**
 * Changes skills and queues of several agents. Without `commit` nothing is changed, and each row says whether it would be refused; with it,
 * one refused row leaves all rows unchanged. Each agent has a row of their own in the audit log.
 */
export function createAgentBatch({ queues, listed, commands, places, audit, changed }: AgentBatchNeeds) {
  /** The present state, as far as this person sees it. */
  async function present(by: Principal) {
    const [all, skills, live, people, sees, mayRead, mayWrite] = await Promise.all([
      queues.all(),
      queues.skills(),
      commands.send('agents.list', {}),
      listed.all(),
      places.agents(by),
      places.queues(by, 'read'),
      places.queues(by, 'write'),
    ]);
    const known = [...people, ...live.filter(({ agentId }) => isPerson(agentId))].filter(sees);
    const ofMembers = all.filter(({ id, members }) => members !== 'everyone' && id !== PROOF_QUEUE && mayRead(id));
    return {
      ofMembers,
      names: new Map<string, string>(known.map(({ agentId, name }) => [agentId, name])),
      skillsOf: (id: string): Skills => skills.get(id) ?? {},
      servesOf: (id: string): string[] => ofMembers.filter(({ members }) => members.includes(id)).map((queue) => queue.id),
      mayChange: (queueId: string): boolean => mayWrite(queueId) && ofMembers.some(({ id }) => id === queueId),
    };
  }

  function refusalOf(
    { id, before, after }: AgentBatchRow,
    { names, skillsOf, servesOf, mayChange }: Awaited<ReturnType<typeof present>>,
  ): AgentBatchRefusal | undefined {
    if (!names.has(id)) return 'out-of-reach';
    const serves = servesOf(id);
    if (before.skills !== undefined && !isSame(pairs(before.skills), pairs(skillsOf(id)))) return 'changed';
    if (before.serves !== undefined && !isSame(before.serves, serves)) return 'changed';
    const touched = after.serves === undefined ? [] : [...missingIn(serves, after.serves), ...missingIn(after.serves, serves)];
    return touched.every(mayChange) ? undefined : 'queue';
  }

  return async (by: Principal, rows: readonly AgentBatchRow[], commit: boolean, from: string): Promise<AgentBatchResult> => {
    const now = await present(by);
    const answer = rows.map((row) => {
      const [name, refused] = [now.names.get(row.id), refusalOf(row, now)];
      return { id: row.id, ...(name === undefined ? {} : { name }), ...(refused === undefined ? {} : { refused }) };
    });
    if (!commit || answer.some(({ refused }) => refused !== undefined)) return { done: false, rows: answer };

    const changes = rows.flatMap(({ id, after }) => {
      const [skills, serves] = [now.skillsOf(id), now.servesOf(id)];
      const said = [
        ...(after.skills === undefined || isSame(pairs(after.skills), pairs(skills))
          ? []
          : [`skills ${pairs(skills).join(', ') || '-'} → ${pairs(after.skills).join(', ') || '-'}`]),
        ...(after.serves === undefined || isSame(after.serves, serves)
          ? []
          : [`queues ${serves.join(', ') || '-'} → ${after.serves.join(', ') || '-'}`]),
      ];
      return said.length === 0 ? [] : [{ id, after, before: { skills, serves }, reason: said.join('; ') }];
    });
    for (const { id, before, after, reason } of changes)
      await audit({
        who: by.userId,
        what: 'agent.work-changed',
        object: id,
        from,
        success: true,
        before,
        after,
        reason: `${reason} (${String(changes.length)} together)`,
      });
    await allOrNone([
      ...changes.flatMap(({ id, before, after }) =>
        after.skills === undefined
          ? []
          : [{ run: () => queues.setSkills(id, { ...after.skills }), takeBack: () => queues.setSkills(id, { ...before.skills }) }],
      ),
      ...now.ofMembers.flatMap((queue) => queueStep(queues, queue, changes, by.name)),
    ]);
    await changed('queues');
    await changed('agents');
    return { done: true, rows: answer };
  };
}
export type AgentBatch = ReturnType<typeof createAgentBatch>;

interface Change {
  readonly id: AgentId;
  readonly before: Required<AgentWork>;
  readonly after: AgentWork;
}

/** The write of one queue whose members change: the version that was read is replaced, and no later one. */
function queueStep(queues: AgentBatchNeeds['queues'], queue: Queue, changes: readonly Change[], by: string) {
  const { members } = queue;
  if (members === 'everyone') return [];
  const served = changes.filter(({ after }) => after.serves !== undefined);
  const leaving = served.filter(({ id, after }) => members.includes(id) && after.serves?.includes(queue.id) === false).map(({ id }) => id);
  const coming = served.filter(({ id, after }) => !members.includes(id) && after.serves?.includes(queue.id) === true).map(({ id }) => id);
  if (leaving.length + coming.length === 0) return [];
  const next = Queue.parse({ ...queue, members: [...members.filter((id) => !leaving.some((each) => each === id)), ...coming] });
  let stored: Queue | undefined;
  return [
    {
      run: async () => {
        stored = await queues.put(next, queue, by);
      },
      takeBack: () => queues.put(queue, stored, by),
    },
  ];
}
