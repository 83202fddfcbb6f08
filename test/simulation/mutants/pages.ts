import { mutant, type Mutant } from './mutant.js';

export const pages: readonly Mutant[] = [
  mutant(
    'pages are not told that a call has ended',
    'calm',
    'services/api/adapters/tell-pages.ts',
    'ended(agentId, { callId, cause, by, at, direction, decided });',
    'undefined;',
  ),
  mutant(
    'a page keeps what has ended',
    'calm',
    'web-agent/src/phone/phone.ts',
    'const calls = phone.calls.filter(({ callId }) => callId !== end.callId);',
    'const calls = phone.calls;',
  ),
  mutant(
    'a page rings on when the ring is over',
    'calm',
    'web-agent/src/phone/phone.ts',
    "return { phone: { ...phone, offer: null }, effects: [{ do: 'stop-ringing' }] };",
    'return same(phone);',
  ),
  mutant(
    'pages are not told that an agent has left a call',
    'transfers',
    'services/api/adapters/tell-pages.ts',
    '        return ended(event.agentId, endOf(event));',
    '        return undefined;',
  ),
  mutant(
    'pages are not told that a ring is over',
    'calm',
    'services/api/adapters/tell-pages.ts',
    "io.to(seatRoom(event.agentId)).emit('call:offer-ended', {",
    "io.to('').emit('call:offer-ended', {",
  ),
  mutant(
    'pages are not told of a change',
    'conferences',
    'services/api/adapters/tell-pages.ts',
    "      case 'call.changed':\n        return inTurn",
    '        return inTurn',
  ),
  mutant(
    'a page that was reloaded forgets its call',
    'network',
    'web-agent/src/phone/phone.ts',
    'const next: Phone = { ...base, calls: sync.calls.filter((call) => !isRinging(call)), offer };',
    'const next: Phone = { ...base, offer };',
  ),
  mutant(
    'a page does not report that its sound is up',
    'network',
    'web-agent/src/phone/phone.ts',
    "    effects.push({ do: 'report-media', up: true }, { do: 'set-mute', muted: phone.muted });",
    "    effects.push({ do: 'set-mute', muted: phone.muted });",
  ),
  mutant(
    'a page whose calls nobody could be asked of is not told of them later',
    'rare',
    'services/api/adapters/tell-pages.ts',
    '      untold[what].add(agentId);\n',
    '',
  ),
  mutant(
    'a page is shown a call that its agent has left while the view was made',
    'network',
    'services/calls/call-commands.ts',
    'return views.filter((_view, index) => agentId',
    'return views.filter((_view, index) => index >= 0 || agentId',
  ),
];
