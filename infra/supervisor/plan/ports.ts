/** Every port of an installation on one machine. Addresses are loopback except where a site opens them. */
export interface Ports {
  readonly web: number;
  readonly sip: number;
  readonly sipWebSocket: number;
  readonly sipAdmin: number;
  readonly sipTest: number;
  readonly sipTls: number;
  readonly documents: number;
  readonly objects: number;
  readonly valkey: number;
  readonly rtpengineNg: number;
  readonly dtmfLog: number;
  readonly rtpMin: number;
  readonly rtpMax: number;
  readonly recorderMin: number;
  readonly recorderMax: number;
  readonly mixerMin: number;
  readonly mixerMax: number;
}

export type PortName = keyof Ports;

interface PortRule {
  /** The variable that sets this port alone. */
  readonly variable: string;
  readonly usual: number;
  /** Distance from PROOFLINE_PORT_BASE when that is given. */
  readonly offset: number;
}

export const portRules: Readonly<Record<PortName, PortRule>> = {
  web: { variable: 'WEB_PORT', usual: 8443, offset: 0 },
  sip: { variable: 'SIP_PORT', usual: 5060, offset: 1 },
  sipWebSocket: { variable: 'SIP_WEBSOCKET_PORT', usual: 5062, offset: 2 },
  sipAdmin: { variable: 'SIP_ADMIN_PORT', usual: 9022, offset: 3 },
  documents: { variable: 'DOCUMENTS_PORT', usual: 27_018, offset: 4 },
  objects: { variable: 'OBJECTS_PORT', usual: 9100, offset: 5 },
  valkey: { variable: 'VALKEY_PORT', usual: 6380, offset: 6 },
  rtpengineNg: { variable: 'RTPENGINE_NG_PORT', usual: 22_222, offset: 7 },
  dtmfLog: { variable: 'DTMF_LOG_PORT', usual: 22_230, offset: 10 },
  sipTest: { variable: 'SIP_TEST_PORT', usual: 5064, offset: 11 },
  sipTls: { variable: 'SIP_TLS_PORT', usual: 5061, offset: 12 },
  rtpMin: { variable: 'RTPENGINE_PORT_MIN', usual: 40_000, offset: 100 },
  rtpMax: { variable: 'RTPENGINE_PORT_MAX', usual: 44_999, offset: 699 },
  recorderMin: { variable: 'RECORDER_PORT_MIN', usual: 46_000, offset: 700 },
  recorderMax: { variable: 'RECORDER_PORT_MAX', usual: 48_999, offset: 899 },
  mixerMin: { variable: 'MIXER_PORT_MIN', usual: 49_000, offset: 900 },
  mixerMax: { variable: 'MIXER_PORT_MAX', usual: 49_999, offset: 999 },
};

export const portNames = Object.keys(portRules) as PortName[];

/** Bound by the supervisor itself when it chose the base, so that two installations that choose at once cannot take the same. */
export const CLAIM_OFFSET = 99;

/** How many ports a base claims. */
export const BASE_SPAN = 1000;

/** The ports of an installation: one that is set by itself, else base plus offset, else the usual one. */
export function choosePorts(given: Partial<Record<PortName, number>>, base?: number): Ports {
  const chosen = portNames.map((name): [PortName, number] => {
    const { usual, offset } = portRules[name];
    return [name, given[name] ?? (base === undefined ? usual : base + offset)];
  });
  return Object.fromEntries(chosen) as Record<PortName, number>;
}

/** A port that one of the processes binds by itself. Ranges are left out: their users take any free port in them. */
export interface Binding {
  readonly name: PortName;
  readonly host: string;
  readonly port: number;
  readonly transport: 'tcp' | 'udp';
  /** The variable that moves it, where that is not the one of its rule. */
  readonly variable?: string;
}

export const variableOf = ({ name, variable }: Binding): string => variable ?? portRules[name].variable;
