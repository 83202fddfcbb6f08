import { breach, type Finding } from '../shared/domain/licence/finding.js';
import { inWords, type Say } from '../shared/domain/language.js';
import {
  flagOf,
  numberOf,
  rowsOf,
  shownOf,
  siteOfAddress,
  textOf,
  type LicenceFile,
  type LicenceRow,
} from '../shared/domain/licence/licence-file.js';
import type { ProbeRow } from '../shared/domain/licence/probe-row.js';
import {
  UNDECLARED_SEATS,
  type EquipmentLine,
  type EquipmentList,
  categories,
  type Category,
} from '../shared/domain/licence/equipment-list.js';
import { parts } from './parts.js';
import { isUnanswered, unseenEquipment } from './unseen-equipment.js';
import { byMachine, isOwnMachine, machinesOfRelays } from './machines.js';
import { cite } from '../shared/domain/licence/rules/rule-book.js';

/** Declared equipment and the findings of the probes, as one list. Pure: the same inputs give the same list and node numbers. */
export function reconcileEquipment(file: LicenceFile, probes: readonly ProbeRow[], say: Say): EquipmentList {
  const answered = probes.filter(({ outcome }) => outcome === 'answered');
  const seen = [...answered, ...machinesOfRelays(answered)];
  const findings: Finding[] = [];
  const siteIds = new Set(rowsOf(file, 'sites').map(({ key }) => key));
  const used = new Set<ProbeRow>();
  const draft: Omit<EquipmentLine, 'node'>[] = [];

  const unanswered = probes.filter(({ outcome }) => outcome !== 'answered');

  for (const row of rowsOf(file, 'equipment')) {
    if (textOf(row, 'state') === 'retired') continue;
    const match = seen.find((probe) => !used.has(probe) && declaredAs(row, probe));
    if (match !== undefined) used.add(match);
    const expected = textOf(row, 'probed') !== '' || match !== undefined;
    const standing =
      match !== undefined ? 'matched' : !expected ? 'by-hand' : isUnanswered(row, unanswered) ? 'declared-unanswered' : 'declared-silent';
    draft.push(declaredLine(file, row, match, { standing, say }));
    if (!siteIds.has(textOf(row, 'siteId')))
      findings.push(
        breach(
          'equipment-site',
          row.key,
          say(
            `设备放置地点"${textOf(row, 'siteId')}"不是已登记的场地。`,
            `The place "${textOf(row, 'siteId')}" of the equipment is not a registered site.`,
          ),
          cite('equipment-and-use', say),
        ),
      );
  }

  const own = seen.find(isOwnMachine);
  const declaredOwn = draft.find(({ seenBy }) => own !== undefined && seenBy?.subject === own.subject);
  const machineSite = declaredOwn?.siteId ?? (own === undefined ? firstMachineRoom(file) : siteOfHost(file, own));
  for (const host of seen.filter((row) => row.kind === 'host' && !used.has(row))) {
    draft.push(
      seenLine(host, siteOfHost(file, host), {
        ...hardwareOf(host, say),
        name: say('服务器', 'Server'),
        category: 'application',
        use: say('运行呼叫中心平台', 'Runs the call-centre platform'),
        state: say('在用', 'In use'),
      }),
    );
    findings.push(
      breach(
        'equipment-undeclared',
        host.subject,
        say(
          `探针发现服务器 ${String(host.facts['hostname'])}，设备登记中没有。`,
          `A probe found server ${String(host.facts['hostname'])}; the equipment register does not have it.`,
        ),
        cite('equipment-and-use', say),
      ),
    );
  }
  for (const device of seen.filter((row) => row.kind === 'snmp' && !used.has(row))) {
    draft.push(
      seenLine(device, siteOfAddress(file, word(device, 'address')) ?? machineSite, {
        ...deviceOf(device),
        name: word(device, 'name') || device.subject,
        category: device.facts['upsModel'] === undefined ? 'network' : 'power',
        use: '',
        state: say('在用', 'In use'),
      }),
    );
    findings.push(undeclaredDevice(device, say));
  }
  draft.push(...partLines(file, seen, machineSite, say));
  draft.push(...seatLines(file, seen, { findings, declared: draft, say }));
  findings.push(...unseenEquipment(draft, say));
  findings.push(...crossRules(file, draft, say));
  return { lines: draft.map((line, i) => ({ ...line, node: `N${String(i + 1).padStart(2, '0')}` })), findings };
}

/** The parts of the product: on one machine a line with a quantity for each, on another machine a line of its own. */
function partLines(file: LicenceFile, seen: readonly ProbeRow[], machineSite: string, say: Say): Omit<EquipmentLine, 'node'>[] {
  return parts.flatMap((part) => {
    const all = seen.filter(({ kind, subject }) => kind === part.kind && (part.role?.test(subject) ?? true));
    return [...byMachine(all, seen)].flatMap(([machine, instances]): Omit<EquipmentLine, 'node'>[] => {
      const [first] = instances;
      if (first === undefined) return [];
      const host = seen.find(({ subject }) => subject === `host:${machine}`);
      const name = inWords(part.name, say);
      const line = seenLine(first, host === undefined ? machineSite : siteOfHost(file, host), {
        ...softwareOf(first, say),
        name: machine === '' ? name : say(`${name}（${machine}）`, `${name} (${machine})`),
        category: part.category,
        use: inWords(part.use, say),
        state: say('在用', 'In use'),
      });
      return [{ ...line, part: part.id, quantity: instances.length, standing: 'matched' }];
    });
  });
}

function declaredAs(row: LicenceRow, probe: ProbeRow): boolean {
  const probed = textOf(row, 'probed');
  const serial = textOf(row, 'serialNumber');
  if (probed !== '') return probe.subject === probed || probe.kind === probed;
  if (probe.kind !== 'host' && probe.kind !== 'snmp') return false;
  const addresses = probe.kind === 'snmp' ? [probe.facts['address']] : probe.facts['addresses'];
  return (
    (serial !== '' && serial === probe.facts['serial']) ||
    (textOf(row, 'address') !== '' && Array.isArray(addresses) && addresses.includes(textOf(row, 'address')))
  );
}

function declaredLine(
  file: LicenceFile,
  row: LicenceRow,
  probe: ProbeRow | undefined,
  { standing, say }: { readonly standing: EquipmentLine['standing']; readonly say: Say },
): Omit<EquipmentLine, 'node'> {
  const category = textOf(row, 'category');
  const site = rowsOf(file, 'sites').find(({ key }) => key === textOf(row, 'siteId'));
  return {
    name: textOf(row, 'name'),
    category: category in categories ? (category as Category) : 'application',
    model: textOf(row, 'model') || (probe === undefined ? '' : hardware(probe, say).model),
    quantity: numberOf(row, 'quantity'),
    maker: textOf(row, 'maker') || (probe === undefined ? '' : hardware(probe, say).maker),
    obtained: [shownOf(file, 'equipment', row, 'obtained'), textOf(row, 'contractNumber')].filter((part) => part !== '').join(' '),
    use: textOf(row, 'use'),
    siteId: textOf(row, 'siteId'),
    place: [textOf(site, 'address'), textOf(row, 'rack')].filter((part) => part !== '').join(' '),
    software:
      textOf(row, 'software') || (probe === undefined ? '' : (probe.kind === 'snmp' ? deviceOf(probe) : softwareOf(probe, say)).software),
    networkAccessLicence: textOf(row, 'networkAccessLicence'),
    asset: [row.key, textOf(row, 'serialNumber')].filter((part) => part !== '').join(' / '),
    usedFrom: textOf(row, 'usedFrom'),
    responsible: textOf(row, 'responsible'),
    state: shownOf(file, 'equipment', row, 'state'),
    standing,
    ...(probe === undefined ? {} : { seenBy: seenBy(probe) }),
  };
}

const seenBy = ({ probe, at, rawSha256, subject }: ProbeRow): NonNullable<EquipmentLine['seenBy']> => ({ probe, at, rawSha256, subject });
const word = (row: ProbeRow, key: string): string => {
  const value = row.facts[key];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
};
const gibibytes = (bytes: unknown): string => (typeof bytes === 'number' ? `${Math.round(bytes / 2 ** 30)} GiB` : '');

const hardwareOf = (row: ProbeRow, say: Say): { model: string; maker: string; software: string } => ({
  model: [
    word(row, 'model'),
    word(row, 'cores') === '' ? '' : say(`${word(row, 'cores')} 核`, `${word(row, 'cores')} cores`),
    gibibytes(row.facts['memoryBytes']),
  ]
    .filter((part) => part.trim() !== '')
    .join(' / '),
  maker: word(row, 'maker'),
  software: word(row, 'system'),
});
/** What a device says about itself. Without an inventory its one-line description is used for the software. */
const deviceOf = (row: ProbeRow): { model: string; maker: string; software: string } => ({
  model: word(row, 'model'),
  maker: word(row, 'maker'),
  software: word(row, 'software') || (word(row, 'description').split('\n')[0] ?? '').trim().slice(0, 120),
});
const hardware = (row: ProbeRow, say: Say): { model: string; maker: string } =>
  row.kind === 'snmp' ? deviceOf(row) : hardwareOf(row, say);
const softwareOf = (row: ProbeRow, say: Say): { model: string; maker: string; software: string } => ({
  model: say('软件', 'Software'),
  maker: '',
  software:
    row.kind === 'host'
      ? word(row, 'system')
      : row.kind === 'process'
        ? `Proofline ${word(row, 'version')}`
        : `${word(row, 'name')} ${word(row, 'version')}`.trim(),
});

function seenLine(
  row: ProbeRow,
  siteId: string,
  known: Pick<EquipmentLine, 'name' | 'category' | 'use' | 'model' | 'maker' | 'software' | 'state'>,
): Omit<EquipmentLine, 'node'> {
  return {
    ...known,
    quantity: 1,
    obtained: '',
    siteId,
    place: '',
    networkAccessLicence: '',
    asset: row.subject,
    usedFrom: '',
    responsible: '',
    standing: 'seen-not-declared',
    seenBy: seenBy(row),
  };
}

const undeclaredDevice = (device: ProbeRow, say: Say): Finding =>
  breach(
    'equipment-undeclared',
    device.subject,
    say(
      `SNMP 探针发现设备 ${word(device, 'name') || device.subject}，设备登记中没有。`,
      `The SNMP probe found ${word(device, 'name') || device.subject}; the equipment register does not have it.`,
    ),
    cite('equipment-and-use', say),
  );

const firstMachineRoom = (file: LicenceFile): string =>
  rowsOf(file, 'sites').find((site) => textOf(site, 'kind') === 'machine-room')?.key ?? '';

function siteOfHost(file: LicenceFile, host: ProbeRow): string {
  const addresses = host.facts['addresses'];
  const found = Array.isArray(addresses)
    ? addresses.map((address) => siteOfAddress(file, address as string)).find((site) => site !== undefined)
    : undefined;
  return found ?? firstMachineRoom(file);
}

/** Seats that were online, by site. Declared terminals of the site cover them; seats above that number are seen but not declared. */
function seatLines(
  file: LicenceFile,
  seen: readonly ProbeRow[],
  {
    findings,
    declared,
    say,
  }: { readonly findings: Finding[]; readonly declared: readonly Omit<EquipmentLine, 'node'>[]; readonly say: Say },
): Omit<EquipmentLine, 'node'>[] {
  const registered = new Map(
    rowsOf(file, 'seats')
      .filter((row) => textOf(row, 'usedUntil') === '' && textOf(row, 'agentAccount') !== '')
      .map((row) => [textOf(row, 'agentAccount'), row]),
  );
  const bySite = new Map<string, ProbeRow[]>();
  for (const seat of seen.filter(({ kind }) => kind === 'seat')) {
    const site = siteOfAddress(file, word(seat, 'address')) ?? '';
    bySite.set(site, [...(bySite.get(site) ?? []), seat]);
  }
  return [...bySite].flatMap(([siteId, seats]) => {
    const terminals = declared
      .filter((line) => line.category === 'terminal' && (line.siteId === siteId || siteId === ''))
      .reduce((sum, { quantity }) => sum + quantity, 0);
    const above = seats.length - terminals;
    const undeclared = seats
      .map((seat) => ({ seat, row: registered.get(word(seat, 'account')) }))
      .sort((a, b) => Number(a.row !== undefined) - Number(b.row !== undefined) || nameOfSeat(a.seat).localeCompare(nameOfSeat(b.seat)))
      .slice(0, Math.max(0, above));
    const first = undeclared[0]?.seat;
    if (above <= 0 || first === undefined) return [];
    findings.push(
      breach(
        'seats-undeclared',
        siteId,
        say(
          `使用过的坐席 ${seats.length} 个，登记的坐席终端 ${terminals} 台。`,
          `${seats.length} seats were used; ${terminals} seat terminals are declared.`,
        ),
        cite('seats-declared', say),
      ),
    );
    return [
      {
        ...seenLine(first, siteId, {
          name: say('坐席终端（未登记）', 'Seat terminals (not declared)'),
          category: 'terminal',
          use: say('坐席', 'Seats'),
          model: '',
          maker: '',
          software: '',
          state: say('在用', 'In use'),
        }),
        asset: seatsInWords(undeclared, say),
        filedAs: `${UNDECLARED_SEATS}${siteId}`,
        quantity: above,
      },
    ];
  });
}

const SEATS_NAMED = 3;

/** The account of the person who sits there; the id, if a probe did not know the account. */
const nameOfSeat = (seat: ProbeRow): string => word(seat, 'account') || word(seat, 'agentId');

/** Seats as people know them: by their number in the register, otherwise by who signed in there and since when. */
function seatsInWords(seats: readonly { readonly seat: ProbeRow; readonly row: LicenceRow | undefined }[], say: Say): string {
  const named = seats.slice(0, SEATS_NAMED).map(({ seat, row }) => {
    const account = nameOfSeat(seat);
    if (row !== undefined) return say(`坐席 ${row.key}（${account}）`, `seat ${row.key} (${account})`);
    const person = word(seat, 'person');
    const who = person === '' || person === account ? account : say(`${person}（${account}）`, `${person} (${account})`);
    const day = word(seat, 'firstSeenOn');
    return day === '' ? who : say(`${who}，${day} 首次登录`, `${who}, first seen ${day}`);
  });
  const more = seats.length - named.length;
  return `${named.join(say('；', '; '))}${more > 0 ? say(` 等 ${seats.length} 个`, ` and ${more} more`) : ''}`;
}

function crossRules(file: LicenceFile, lines: readonly Omit<EquipmentLine, 'node'>[], say: Say): Finding[] {
  const findings: Finding[] = [];
  const total = (category: Category): number =>
    lines.filter((line) => line.category === category).reduce((sum, { quantity }) => sum + quantity, 0);
  const activeSeats = rowsOf(file, 'seats').filter((seat) => textOf(seat, 'usedUntil') === '' && !flagOf(seat, 'remote')).length;
  if (total('terminal') < activeSeats)
    findings.push(
      breach(
        'terminals-below-seats',
        'equipment',
        say(
          `坐席终端 ${total('terminal')} 台，坐席台账 ${activeSeats} 席。`,
          `${total('terminal')} seat terminals; the seat register has ${activeSeats}.`,
        ),
        cite('equipment-and-use', say),
      ),
    );
  const trunkChannels = rowsOf(file, 'trunks')
    .filter((trunk) => textOf(trunk, 'state') === 'in-use')
    .reduce((sum, trunk) => sum + numberOf(trunk, 'channels'), 0);
  const gatewayChannels = rowsOf(file, 'equipment').reduce((sum, row) => sum + numberOf(row, 'channels'), 0);
  if (gatewayChannels < trunkChannels)
    findings.push(
      breach(
        'channels-below-trunks',
        'equipment',
        say(
          `设备通道 ${gatewayChannels}，中继登记通道 ${trunkChannels}。`,
          `${gatewayChannels} channels of equipment; ${trunkChannels} are declared of the trunks.`,
        ),
        cite('equipment-and-use', say),
      ),
    );
  return findings;
}
