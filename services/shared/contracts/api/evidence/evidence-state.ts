import { z } from 'zod';

/** A row of evidence: the time, the probe, what it saw, and the raw answer with its hash. */
export const ProbeRow = z.object({
  at: z.iso.datetime(),
  probe: z.string(),
  outcome: z.enum(['answered', 'failed', 'timed-out']),
  durationMs: z.number(),
  subject: z.string(),
  kind: z.enum([
    'seat',
    'relay',
    'clock',
    'probe',
    'host',
    'certificate',
    'software',
    'process',
    'sip-server',
    'document-store',
    'object-store',
    'live-state',
    'trunk-use',
    'number-use',
    'listener',
    'connection',
    'logs',
    'snmp',
  ]),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string()), z.boolean()])),
  raw: z.string(),
  rawSha256: z.string(),
});
export type ProbeRow = z.infer<typeof ProbeRow>;

export const Standing = z.enum(['matched', 'seen-not-declared', 'declared-silent', 'declared-unanswered', 'by-hand']);
export type Standing = z.infer<typeof Standing>;

/** A part of the product that a probe sees. */
export const PartId = z.enum(['telephony', 'routing', 'recorder', 'relay', 'mixer', 'cases', 'api', 'live', 'objects', 'documents', 'sip']);
export type PartId = z.infer<typeof PartId>;

const equipmentCategories = [
  'recorder',
  'application',
  'backup',
  'power',
  'gateway',
  'pbx',
  'acd',
  'ivr',
  'database',
  'storage',
  'firewall',
  'network',
  'terminal',
] as const;

/** A line of the equipment list 设备清单 with the columns of regulation 6.2. */
export const EquipmentLine = z.object({
  /** The number of the node in the topology. */
  node: z.string(),
  name: z.string(),
  category: z.enum(equipmentCategories),
  model: z.string(),
  quantity: z.number(),
  maker: z.string(),
  obtained: z.string(),
  use: z.string(),
  siteId: z.string(),
  place: z.string(),
  software: z.string(),
  networkAccessLicence: z.string(),
  asset: z.string(),
  /**
   * The name in a filing when there is no `asset`: the users of undeclared seats change, and the filing only states that such seats exist.
   */
  filedAs: z.string().optional(),
  usedFrom: z.string(),
  responsible: z.string(),
  state: z.string(),
  standing: Standing,
  /** Set when the line is a part of the product. */
  part: PartId.optional(),
  /** The row of the probe that saw it. */
  seenBy: z
    .object({
      probe: z.string(),
      at: z.iso.datetime(),
      rawSha256: z.string(),
      subject: z.string(),
    })
    .optional(),
});
export type EquipmentLine = z.infer<typeof EquipmentLine>;

export const TopologyNode = z.object({
  id: z.string(),
  /** The number in the equipment list; carriers and clients outside have none. */
  number: z.string(),
  lines: z.array(z.string()),
  frame: z.string(),
  standing: Standing,
  category: z.enum(['unknown', 'carrier', ...equipmentCategories]),
  part: PartId.optional(),
  /** The seats of a group, each seen (true) or only declared. */
  seats: z.array(z.boolean()).optional(),
});
export type TopologyNode = z.infer<typeof TopologyNode>;

export const EdgeKind = z.enum(['seat', 'media', 'data', 'trunk', 'signalling']);
export type EdgeKind = z.infer<typeof EdgeKind>;

export const TopologyEdge = z.object({
  from: z.string(),
  to: z.string(),
  lines: z.array(z.string()),
  kind: EdgeKind,
  /** A live connection or a call confirms it. Otherwise it is only designed, and drawn dashed. */
  observed: z.boolean(),
});
export type TopologyEdge = z.infer<typeof TopologyEdge>;

export const Frame = z.object({
  id: z.string(),
  /** Lines of text: the name, then the address and the internet exit. */
  title: z.string(),
  parent: z.string().optional(),
});
export type Frame = z.infer<typeof Frame>;

/** A finding that a person must check. `rule` is stable, so that a finding can be followed from day to day. */
export const Finding = z.object({
  rule: z.string(),
  severity: z.enum(['warning', 'note', 'breach']),
  /** The object: a row of a register, a node or a number. */
  subject: z.string(),
  text: z.string(),
  /** The rule behind it, in the reader's language (`rules/rule-book.ts`). */
  basis: z.string(),
});
export type Finding = z.infer<typeof Finding>;

const RuleVersion = z.object({
  /** The first day on which it holds; null when it holds for the whole period. */
  from: z.iso.date().nullable(),
  article: z.string(),
  asks: z.string(),
  /** Where the text was found. */
  seen: z.string(),
});

/** A rule behind findings, duties and documents, with its versions and the answers of the authority. */
export const Rule = z.object({
  id: z.string(),
  now: RuleVersion,
  /** Earlier versions, newest first. */
  before: z.array(RuleVersion),
  /** The version that applies from a future day on. */
  coming: z.array(RuleVersion),
  confirmed: z.object({ by: z.string(), on: z.string(), answer: z.string() }).nullable(),
});
export type Rule = z.infer<typeof Rule>;

export const ConditionState = z.enum(['missing', 'met', 'attention']);
export type ConditionState = z.infer<typeof ConditionState>;

/** One condition of the licence: its state, its proof, and what is missing (自查评估). */
export const Condition = z.object({
  id: z.string(),
  title: z.string(),
  basis: z.string(),
  state: ConditionState,
  evidence: z.string(),
  missing: z.string(),
  /** Set when it relies on an unconfirmed reading (item 86). */
  openPoint: z.string().optional(),
});
export type Condition = z.infer<typeof Condition>;

export const SelfCheck = z.object({
  scope: z.enum(['provincial', 'nationwide']),
  conditions: z.array(Condition),
  met: z.number(),
});
export type SelfCheck = z.infer<typeof SelfCheck>;

/** The origin of a material: made by the system, uploaded by people, or filled in by the system and signed by people. */
export const MaterialSource = z.enum(['uploaded', 'generated', 'to-be-signed']);
export type MaterialSource = z.infer<typeof MaterialSource>;

export const MaterialState = z.enum(['ready', 'missing', 'not-needed', 'to-sign']);
export type MaterialState = z.infer<typeof MaterialState>;

export const Material = z.object({
  id: z.string(),
  title: z.string(),
  source: MaterialSource,
  state: MaterialState,
  from: z.string(),
});
export type Material = z.infer<typeof Material>;

export const Stage = z.object({
  id: z.enum([
    'paper',
    'self-check',
    'prepare',
    'submitted',
    'corrections',
    'review',
    'site-visit',
    'publicity',
    'issued',
    'change',
    'renewal',
    'annual-report',
  ]),
  title: z.string(),
  beganOn: z.string(),
  endedOn: z.string(),
  dueOn: z.string(),
});
export type Stage = z.infer<typeof Stage>;

export const ApplicationWorkspace = z.object({
  materials: z.array(Material),
  stages: z.array(Stage),
  ready: z.number(),
});
export type ApplicationWorkspace = z.infer<typeof ApplicationWorkspace>;

export const Duty = z.object({
  id: z.string(),
  title: z.string(),
  dueOn: z.string(),
  /** The day from which work on it may or should begin. */
  opensOn: z.string(),
  basis: z.string(),
  urgency: z.enum(['overdue', 'later', 'urgent', 'soon']),
});
export type Duty = z.infer<typeof Duty>;

export const Difference = z.object({
  subject: z.string(),
  /** The subject in words: `坐席台账 101`. */
  what: z.string(),
  change: z.enum(['changed', 'added', 'removed']),
  filed: z.string(),
  now: z.string(),
  /** The day on which the watch first saw it. */
  since: z.string(),
  fileBy: z.string(),
});
export type Difference = z.infer<typeof Difference>;

/** The conclusion of the last round of probes. */
export const SiteState = z.object({
  today: z.string(),
  probedAt: z.iso.datetime().nullable(),
  equipment: z.array(EquipmentLine),
  topology: z.object({
    nodes: z.array(TopologyNode),
    edges: z.array(TopologyEdge),
    frames: z.array(Frame),
  }),
  topologySvg: z.string(),
  upright: z.boolean(),
  findings: z.array(Finding),
  selfChecks: z.array(SelfCheck),
  workspace: ApplicationWorkspace,
  duties: z.array(Duty),
  filing: z.object({
    filedOn: z.string().nullable(),
    differences: z.array(Difference),
    oldest: z.string().nullable(),
    fileBy: z.string().nullable(),
  }),
  openPoints: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
    }),
  ),
  probes: z.array(ProbeRow.omit({ raw: true })),
});
export type SiteState = z.infer<typeof SiteState>;
