import { attack, edit, unit, type Mutant } from './mutant.js';

const SEAT_DOOR = 'services/api/adapters/seat-door.ts';
const SEAT_PASSAGE = 'services/api/seat-door/seat-passage.ts';
const TRUNK_DOOR = 'services/signalling/doors/trunk-door.ts';
const DRACHTIO = 'services/signalling/adapters/drachtio.ts';
const PEER = 'services/signalling/peer.ts';
const PEERS = 'infra/embedded/sip/agent/peers.ts';
const READER = 'services/media/sdp/reader.ts';
const SOUND_PEERS = 'services/media/sdp/peers.ts';
const COPIES = 'services/recording/capture/adapters/rtpengine-copies.ts';
const EAR_COPIES = 'services/media/legs/leg-copies.ts';
const NEGOTIATION = 'services/media/negotiation.ts';
const ISOLATION = 'infra/supervisor/processes/isolation.ts';
const HOME = 'infra/supervisor/plan/home.ts';

/** A party of a trunk may be on the loopback wherever that trunk is. */
const ON_THIS_MACHINE = edit(
  SOUND_PEERS,
  "if (door?.door === 'trunk' && contains(LOOPBACK, address) && !contains(door.addresses, address)) return false;",
  '',
);

/** The doors of calls and of sound, and the ports on the loopback. */
export const doors: readonly Mutant[] = [
  {
    finding: 'C1',
    without: 'whoever opens a WebSocket at the seat door is let in without a ticket',
    edits: [
      edit(
        SEAT_DOOR,
        'if (sessionId === undefined) return 401;',
        "if (sessionId === undefined) return { sessionId: 'x', userId: 'x' as UserId, address };",
      ),
    ],
    held: attack('sip-seat-door', 'does not get to the SIP server %s', 'refused at the upgrade'),
  },
  {
    finding: 'C1',
    without: 'whoever calls from this machine is a trunk that is believed',
    edits: [
      edit(
        TRUNK_DOOR,
        'const trunk = trunkOf(trunks().trunks(), invite.sourceAddress, invite.transport);',
        "const all = trunks().trunks();\n    const trunk = invite.sourceAddress === '127.0.0.1' ? all.find(({ trustsIdentity }) => trustsIdentity) : trunkOf(all, invite.sourceAddress, invite.transport);",
      ),
      ON_THIS_MACHINE,
    ],
    held: attack('sip-trunk-door', 'is no trunk because it sits on this machine', '95**4'),
  },
  {
    finding: 'C1',
    without: 'an INVITE from an address of no trunk is taken as one of the first trunk',
    edits: [
      edit(
        TRUNK_DOOR,
        'const trunk = trunkOf(trunks().trunks(), invite.sourceAddress, invite.transport);',
        'const trunk = trunkOf(trunks().trunks(), invite.sourceAddress, invite.transport) ?? trunks().trunks()[0];',
      ),
      ON_THIS_MACHINE,
    ],
    held: attack('sip-trunk-door', 'is let in by no method over %s, and is sent no sound', 'Received:    200'),
  },
  {
    finding: 'C3',
    alone: true,
    without: "the packet time of a party's description is told to the relay as it came",
    edits: [
      edit(
        READER,
        "packetTimeMs: oneOf(packetTimesMs, Number(attributes.get('ptime')?.[0])),",
        "packetTimeMs: Number(attributes.get('ptime')?.[0]) || undefined,",
      ),
    ],
    held: attack('media-plane', '%s ends no relay and no conversation', 'Object.is equality'),
  },
  {
    finding: 'C4',
    without: 'a copy for the recorder goes to whoever sends to its port first, on the interface of the parties',
    edits: [
      edit(
        COPIES,
        "const OUR_SOCKET_ALONE = { 'endpoint-learning': 'off', flags: ['strict source'] } as const;",
        "const OUR_SOCKET_ALONE = { 'endpoint-learning': 'immediate', flags: [] } as const;",
      ),
      edit(COPIES, "const INNER = 'inner';", "const INNER = 'outer';"),
    ],
    held: attack(
      'media-plane',
      'hears nothing of a conversation, is heard by nobody, and costs the recording nothing',
      'Object.is equality',
    ),
  },
  {
    finding: 'C4',
    without: "a party's side of the relay learns the party's address anew with each description",
    edits: [
      edit(
        NEGOTIATION,
        "  if (!behindNat) return { flags, 'endpoint-learning': 'off' };",
        "  if (!behindNat) return { flags: more.length > 0 ? [...more] : [], 'endpoint-learning': 'immediate' };",
      ),
    ],
    held: attack(
      'media-plane',
      'hears nothing of a conversation, is heard by nobody, and costs the recording nothing',
      'Object.is equality',
    ),
  },
  {
    finding: 'C4',
    without: 'a copy for a listener goes to whoever sends to its port first, on the interface of the parties',
    edits: [
      edit(
        EAR_COPIES,
        "const THERE_ALONE = { 'endpoint-learning': 'off', flags: ['strict source'] } as const;",
        "const THERE_ALONE = { 'endpoint-learning': 'immediate', flags: [] } as const;",
      ),
      edit(EAR_COPIES, '      interface: INNER,', "      interface: 'outer',"),
    ],
    held: attack(
      'media-plane',
      'hears nothing of a call that is handed to a colleague, of a conference, and of one that is listened to',
      'Object.is equality',
    ),
  },
  {
    finding: 'C5',
    without: 'a REGISTER of a seat goes through the seat door and is answered 200',
    edits: [
      edit(
        SEAT_PASSAGE,
        '    if (!METHODS.includes(method)) return refuse(',
        "    if (method === 'REGISTER') return { to: 'page', text: refusal(message, '200 OK') };\n    if (!METHODS.includes(method)) return refuse(",
      ),
    ],
    held: attack('sip-seat-door', 'registers nothing, least of all %s', 'Received:    200'),
  },
  {
    finding: 'C5',
    without: 'telephony accepts a REGISTER',
    edits: [
      edit(
        DRACHTIO,
        'srf.register((_req, res) => void send(res, NOT_ALLOWED, { Allow: METHODS }));',
        'srf.register((_req, res) => void send(res, SIP_OK, { Allow: METHODS }));',
      ),
    ],
    held: attack('sip-trunk-door', 'is let in by no method over %s, and is sent no sound', '"REGISTER"'),
  },
  {
    finding: 'M3',
    without: 'whoever knows the tags of a dialog speaks in it, from any address',
    edits: [
      edit(
        PEER,
        "  if (peer.door !== 'trunk') return source.address",
        "  if (peer.door === 'trunk') return true;\n  if (peer.door !== 'trunk') return source.address",
      ),
      edit(
        PEERS,
        '    if (!this.limited || origin === undefined) return true;\n    if (isWebSocket(origin)',
        '    if (this.limited) return true;\n    if (!this.limited || origin === undefined) return true;\n    if (isWebSocket(origin)',
      ),
    ],
    held: attack('sip-trunk-door', 'takes nothing from %s that knows its tags', '+   false'),
  },
  {
    finding: 'M3',
    without: 'telephony takes requests within a trunk call from any address',
    edits: [
      edit(
        PEER,
        "  if (peer.door !== 'trunk') return source.address",
        "  if (peer.door === 'trunk') return true;\n  if (peer.door !== 'trunk') return source.address",
      ),
    ],
    held: unit('services/signalling/peer.test.ts', '%s: %#', 'Expected: false'),
  },
  {
    finding: 'M4',
    without: "other users of the machine reach the relay's control port",
    edits: [edit(ISOLATION, "if (mode === 'no') return off('off', '');", "if (mode !== 'yes') return off('off', '');")],
    held: attack('control-ports', "%s at the relay's control port in vain", 'answered'),
  },
  {
    finding: 'L4',
    without: 'the SIP server sends to whatever place a Contact names',
    edits: [
      edit(
        PEERS,
        '    if (!this.limited || origin === undefined) return true;\n    if (isSecure(origin) && !',
        '    if (this.limited) return true;\n    if (isSecure(origin) && !',
      ),
    ],
    held: attack('sip-trunk-door', 'sends its requests to no place that a Contact names', '+   "sentThere": '),
  },
  {
    finding: 'L9',
    without: 'folders of the data folder are open to other users',
    edits: [edit(HOME, 'mkdirSync(folder, { recursive: true, mode: 0o700 });', 'mkdirSync(folder, { recursive: true, mode: 0o755 });')],
    held: attack(
      'control-ports',
      'finds no number of a caller in the files of live state and stores, also where the data folder itself is open to everybody',
      '"0"',
    ),
  },
  {
    finding: 'L10',
    without: 'sound is sent to whatever address a description names',
    edits: [
      edit(
        SOUND_PEERS,
        'if (!allows(endpoint, door) || (rtcpPort !== undefined && !allows({ ...endpoint, port: rtcpPort }, door)))',
        'if (familyOf(endpoint.address) === undefined)',
      ),
    ],
    held: attack('media-plane', 'that asks for sound to %s is refused', 'Received:    200'),
  },
  {
    finding: 'L10',
    without: 'a caller of any trunk has sound sent to programs of this machine',
    edits: [ON_THIS_MACHINE],
    held: attack('media-plane', 'that asks for sound to %s is refused', 'Received:    200'),
  },
];
