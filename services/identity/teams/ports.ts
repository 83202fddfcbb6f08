import type { Team } from '../../shared/domain/people/team.js';

export interface TeamStore {
  /** The closed ones too, by id. */
  all(): Promise<Team[]>;
  byId(id: string): Promise<Team | undefined>;
  /** Makes a team, or gives it other names. */
  put(team: Pick<Team, 'id' | 'name' | 'site'>): Promise<void>;
  close(id: string, at: Date): Promise<void>;
}
