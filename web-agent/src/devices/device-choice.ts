/** The devices of this workplace, by their browser ids; an empty id is the system's default. */
export interface DeviceChoice {
  readonly microphoneId: string;
  readonly speakerId: string;
  readonly ringerId: string;
  readonly ringVolume: number;
  /** When the check was last passed with these devices; null asks for it again. */
  readonly checkedAt: string | null;
}

export const defaultChoice: DeviceChoice = { microphoneId: '', speakerId: '', ringerId: '', ringVolume: 0.8, checkedAt: null };

const KEY = 'proofline.devices';

export function readChoice(storage: Pick<Storage, 'getItem'>): DeviceChoice {
  try {
    return { ...defaultChoice, ...(JSON.parse(storage.getItem(KEY) ?? '{}') as Partial<DeviceChoice>) };
  } catch {
    return defaultChoice;
  }
}

export function writeChoice(storage: Pick<Storage, 'setItem'>, choice: DeviceChoice): void {
  storage.setItem(KEY, JSON.stringify(choice));
}

/** What stands between an agent and ready, in the order in which it is put right. */
export type ReadinessGap = 'microphone' | 'audio-locked' | 'device-check' | 'line' | 'link';

export interface ReadinessFacts {
  readonly microphoneOpen: boolean;
  readonly audioUnlocked: boolean;
  readonly checkedAt: string | null;
  readonly lineUp: boolean;
  readonly linkUp: boolean;
}

/** Ready is earned: a seat that cannot ring or be heard never counts as ready. */
export function readinessGaps(facts: ReadinessFacts): readonly ReadinessGap[] {
  const gaps: ReadinessGap[] = [];
  if (!facts.linkUp) gaps.push('link');
  if (!facts.microphoneOpen) gaps.push('microphone');
  if (!facts.audioUnlocked) gaps.push('audio-locked');
  if (facts.checkedAt === null) gaps.push('device-check');
  if (!facts.lineUp && facts.linkUp && facts.microphoneOpen) gaps.push('line');
  return gaps;
}
