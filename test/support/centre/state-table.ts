import type { CallEvent } from '../../../services/calls/machine/call-events.js';
import type { TimerName } from '../../../services/calls/machine/effects.js';

export type EventName = Exclude<CallEvent['type'], 'timer'> | `timer:${TimerName}`;

/**
 * What the machine of a call answers to each event in each state. `.` refused as meaningless now, `!` refused for another reason, `=`
 * accepted without leaving the state, else the next state. services/calls/machine/state-table.test.ts holds the table to the machine.
 */
// prettier-ignore
export const stateTable: Readonly<Record<EventName | 'states', string>> = {
  states:                 'arriving  playing  menu       admitting  queued   offered    connected  calling  dialling  outside  parked     handed     handedOut  message  survey   closing  ended  held    away    asking  consulting',
  answered:               'playing   .        .          .          .        .          .          =        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'answer-failed':        'ended     .        .          .          .        .          .          ended    .         .        .          .          .          .        .        .        !      .       .       .       .',
  'far-alerted':          '.         .        .          .          .        .          .          =        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'early-media':          '.         .        .          .          .        .          .          =        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'caller-hung-up':       'ended     ended    ended      ended      ended    ended      ended      ended    ended     ended    ended      ended      ended      ended    ended    ended    !      ended   ended   ended   ended',
  'prompt-ended':         '.         menu     =          .          .        .          =          .        =         =        .          .          .          .        =        ended    !      =       =       =       =',
  key:                    '.         .        admitting  .          .        .          .          .        .         .        .          .          .          closing  closing  .        !      .       .       .       .',
  'timer:ring':           '.         .        .          .          .        queued     .          .        .         .        .          queued     .          .        .        .        !      .       .       .       .',
  'timer:seat-grace':     '.         .        .          .          .        .          .          .        .         .        .          .          .          .        .        .        !      .       queued  .       .',
  'timer:menu':           '.         .        =          .          .        .          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'timer:queue-wait':     '.         .        .          .          closing  closing    .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'timer:announce':       '.         .        .          .          .        =          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'timer:survey':         '.         .        .          .          .        .          .          .        .         .        .          .          .          .        closing  .        !      .       .       .       .',
  'timer:message':        '.         .        .          .          .        .          .          .        .         .        .          .          .          closing  .        .        !      .       .       .       .',
  'timer:park':           '.         .        .          .          .        .          .          .        .         .        queued     .          .          .        .        .        !      .       .       .       .',
  'timer:recording-pause':'.         .        .          .          .        .          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  admitted:               '.         .        .          queued     .        .          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'not-admitted':         '.         .        .          closing    .        .          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  overflow:               '.         .        .          .          closing  .          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  offer:                  '.         .        .          .          offered  =          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'agent-answered':       '.         .        .          .          .        connected  .          .        .         .        .          connected  .          .        .        .        !      .       .       !       !',
  declined:               '.         .        .          .          .        queued     .          .        .         .        .          queued     .          .        .        .        !      .       .       !       !',
  'hang-up':              '.         .        .          .          .        .          survey     ended    .         .        .          .          .          .        .        .        !      survey  survey  queued  =',
  end:                    'ended     ended    ended      ended      closing  ended      closing    ended    ended     ended    closing    ended      ended      ended    ended    ended    !      closing closing closing closing',
  hold:                   '.         .        .          .          .        .          =          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  resume:                 '.         .        .          .          .        .          .          .        .         .        .          .          .          .        .        .        !      =       .       .       .',
  transfer:               '.         .        .          .          .        .          queued     .        .         .        .          .          .          .        .        .        !      queued  .       .       .',
  consult:                '.         .        .          .          .        .          =          .        .         .        .          .          .          .        .        .        !      =       .       .       .',
  'consult-end':          '.         .        .          .          .        .          .          .        .         .        .          .          .          .        .        .        !      .       .       =       =',
  park:                   '.         .        .          .          .        .          parked     .        .         .        .          .          .          .        .        .        !      parked  .       .       .',
  fetch:                  '.         .        .          .          .        .          .          .        .         .        connected  .          .          .        .        .        !      .       .       .       .',
  'drop-party':           '.         .        .          .          .        .          !          .        .         .        .          .          .          .        .        .        !      !       !       !       !',
  'send-keys':            '.         .        .          .          .        .          =          .        .         .        .          .          .          .        .        .        !      .       =       =       =',
  'pause-recording':      '.         .        .          .          .        .          =          .        .         .        .          .          .          .        .        .        !      =       =       =       =',
  'resume-recording':     '.         .        .          .          .        .          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  'pause-failed':         '.         .        .          .          .        .          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  place:                  '.         .        .          .          .        .          .          .        .         .        .          .          .          .        .        .        !      .       .       .       .',
  monitor:                '.         .        .          .          .        .          =          .        .         .        .          .          .          .        .        .        !      =       =       =       =',
  'seat-down':            '.         .        .          .          .        queued     =          ended    .         .        .          queued     .          .        .        .        !      =       .       =       =',
  'seat-up':              '.         .        .          .          .        .          .          .        .         .        .          .          .          .        .        .        !      .       =       .       .',
  dialled:                '=         =        =          =          =        =          =          =        =         =        =          =          =          =        =        =        !      =       =       =       =',
  'script-shown':         '=         =        =          =          =        =          =          =        =         =        =          =          =          =        =        =        !      =       =       =       =',
  'leg-moved':            '=         =        =          =          =        =          =          =        =         =        =          =          =          =        =        =        !      =       =       =       =',
  'leg-answered':         '.         .        .          .          .        .          .          .        outside   .        .          .          outside    .        .        .        !      .       .       .       .',
  'leg-silent':           '=         =        =          =          =        =          =          =        =         =        =          =          =          =        =        =        !      =       =       =       =',
  'leg-alerted':          '=         =        =          =          =        =          =          =        =         =        =          =          =          =        =        =        !      =       =       =       =',
  'leg-key':              '=         =        =          =          =        =          =          =        queued    queued   =          =          queued     =        =        =        !      =       =       =       =',
  'leg-failed':           '.         .        .          .          .        .          !          .        queued    ended    .          .          queued     .        .        .        !      !       !       !       !',
  'leg-ended':            '.         .        .          .          .        .          !          .        queued    ended    .          .          queued     .        .        .        !      !       !       !       !',
  lost:                   'ended     ended    ended      ended      ended    ended      ended      ended    ended     ended    ended      ended      ended      ended    ended    ended    !      ended   ended   ended   ended',
};

/** States of the table that are parts of a stage. */
const within: Readonly<Record<string, string>> = {
  handedOut: 'handed',
  held: 'connected',
  away: 'connected',
  asking: 'connected',
  consulting: 'connected',
};

/** The pairs `stage x event` that the table accepts; every clock is `timer`. */
export function takenPairs(): ReadonlySet<string> {
  const { states, ...rows } = stateTable;
  const columns = states.split(/\s+/);
  return new Set(
    Object.entries(rows).flatMap(([event, row]) =>
      row.split(/\s+/).flatMap((outcome, at) => {
        const state = columns[at] ?? '';
        return outcome === '.' || outcome === '!' ? [] : [`${within[state] ?? state} x ${event.split(':', 1)[0] ?? ''}`];
      }),
    ),
  );
}
