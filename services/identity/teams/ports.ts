import type { Team } from '../../shared/domain/people/team.js';

export interface TeamStore {
  /** Including closed ones, by id. */
  all(): Promise<Team[]>;
  byId(id: string): Promise<Team | undefined>;
  /** Creates a team, or renames it. */
  put(team: Pick<Team, 'id' | 'name' | 'site'>): Promise<void>;
  close(id: string, at: Date): Promise<void>;
}
