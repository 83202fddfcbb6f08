import { CALLER, type Call } from '../../../services/calls/machine/call.js';
import { mediaPlan, type MediaPlan } from '../../../services/calls/media/media-plan.js';
import { agentsOf, ears } from '../invariants/oracle.js';
import type { State } from './state.js';

/** What does not hold in a state; undefined when all does. The table of who hears what is that of the simulated centre. */
export function fault(state: State): string | undefined {
  return heardFault(state.call) ?? legsFault(state) ?? clockFault(state) ?? (isSettled(state) ? settledFault(state) : undefined);
}

/** Nothing is under way between telephony and routing. */
const isSettled = ({ news, offers }: State): boolean => news.length === 0 && offers.length === 0;

function settledFault({ call, agents, waits, seats }: State): string | undefined {
  const bound = agentsOf(call.stage);
  for (const [agentId, agent] of Object.entries(agents)) {
    const role = bound.get(agentId);
    const told = `${agentId} is ${agent.state} for routing and ${role ?? 'not in the call'} for telephony`;
    if (agent.state === 'on-call' && role !== 'talks' && role !== 'beside' && role !== 'answers') return told;
    if (agent.state === 'offered' && role !== 'rings' && role !== 'answers') return told;
    if (role === 'talks' && agent.state !== 'on-call') return told;
    if (agent.state === 'ready' && role !== undefined && agent.occupied === undefined) return told;
    if (agent.occupied !== undefined && role === undefined) return `${agentId} is occupied for routing and in no call`;
    if (agent.state === 'ready' && seats[agentId] !== true) return `${agentId} is ready without sound`;
  }
  const { stage } = call;
  const inLine =
    stage.kind === 'queued' ||
    stage.kind === 'offered' ||
    (stage.kind === 'connected' && stage.consult?.state === 'ringing' && stage.consult.target.to === 'queue');
  return waits === inLine ? undefined : `routing ${waits ? 'has' : 'does not have'} a call in line that is ${stage.kind}`;
}

/** Every outside leg that is up belongs to the stage, and every leg of the stage is up. */
function legsFault({ call: { stage, dialled = [] }, legs }: State): string | undefined {
  const leaving = dialled.filter(({ speech }) => speech?.what === 'farewell').map(({ legId }) => legId);
  const ofStage =
    stage.kind === 'connected'
      ? [...stage.parties.map(({ id }) => id), stage.consult?.party ?? ''].flatMap((id) => (id.startsWith('number:') ? [id.slice(7)] : []))
      : stage.kind === 'outside' || stage.kind === 'dialling'
        ? [stage.legId]
        : [];
  const held = [...ofStage, ...(stage.kind === 'ended' ? [] : leaving)];
  return [...held].sort().join() === [...legs].sort().join()
    ? undefined
    : `legs ${legs.join()} are up and the stage ${stage.kind} has ${held.join()}`;
}

const clocks: Partial<Record<Call['stage']['kind'], string>> = { queued: 'queue-wait', offered: 'ring', parked: 'park' };

/** A stage that no person is bound to end has a timer. */
function clockFault({ call: { stage }, timers, asked }: State): string | undefined {
  const clock = stage.kind === 'offered' && stage.answeredBy !== undefined ? undefined : clocks[stage.kind];
  if (clock !== undefined && !timers.some(({ timer }) => timer === clock)) return `${stage.kind} has no clock`;
  if (stage.kind === 'connected' && stage.away && !timers.some(({ timer, token }) => timer === 'seat-grace' && token === stage.agentId))
    return 'nobody waits for the seat that is away';
  if ((stage.kind === 'arriving' || stage.kind === 'admitting') && asked.length === 0) return `${stage.kind} waits for nothing`;
  if (stage.kind === 'ended' && timers.length > 0) return 'a clock of the ended call runs on';
  return undefined;
}

function heardFault(call: Call): string | undefined {
  const plan = mediaPlan(call);
  for (const [part, ear] of ears(call)) {
    if (isAway(call, part)) continue;
    const should = ear.parties.filter((party) => !isAway(call, party));
    const file = part === CALLER || part === 'caller' ? fileOf(plan) : undefined;
    // A seat that is away has no leg: whatever the plan says, no sound comes from there.
    const heard = file === undefined ? partiesOf(plan, part).filter((party) => !isAway(call, party)) : [];
    if (file !== undefined && ear.file?.(file) !== true) return `${part} hears the prompt ${file} in ${call.stage.kind}`;
    if (file === undefined && [...heard].sort().join() !== [...should].sort().join())
      return `${part} hears [${heard.join()}] in ${call.stage.kind} and should hear [${should.join()}]`;
  }
  return undefined;
}

function isAway({ stage }: Call, part: string): boolean {
  if (stage.kind !== 'connected') return false;
  if (part === `agent:${stage.agentId}`) return stage.away;
  return (
    stage.parties.some(({ id, away }) => id === part && away === true) || (stage.consult?.party === part && stage.consult.away === true)
  );
}

const fileOf = ({ callerHears }: MediaPlan): string | undefined =>
  callerHears.kind === 'speech' ? callerHears.prompts[0] : callerHears.kind === 'repeated' ? callerHears.promptId : undefined;

const partiesOf = ({ pairs, room }: MediaPlan, part: string): readonly string[] => {
  const pair = pairs.find((each) => each.includes(part));
  if (pair !== undefined) return pair.filter((each) => each !== part);
  return room?.[part] ?? [];
};
