import { Schema, type Connection } from 'mongoose';
import { spellsOf, type Team, type TeamSpell } from '../../shared/domain/people/team.js';
import type { MembersOf } from '../../shared/platform/reach/reach.js';
import type { TeamStore } from '../teams/ports.js';
import { accountModel } from './mongo-accounts.js';

type Stored = Omit<Team, 'id'> & { readonly _id: string };

const schema = new Schema<Stored>(
  {
    _id: { type: String, required: true },
    name: { type: { 'zh-CN': String, en: String }, required: true, _id: false },
    site: String,
    closedAt: Date,
  },
  { collection: 'teams', versionKey: false },
);

const toTeam = ({ _id, ...rest }: Stored): Team => ({ id: _id, ...rest });

export function createMongoTeams(mongo: Connection): TeamStore {
  const teams = mongo.model<Stored>('Team', schema);
  return {
    all: async () => (await teams.find().sort({ _id: 1 }).lean<Stored[]>()).map(toTeam),
    async byId(id) {
      const found = await teams.findById(id).lean<Stored | null>();
      return found === null ? undefined : toTeam(found);
    },
    async put({ id, name, site }) {
      await teams.updateOne(
        { _id: id },
        { $set: { name, ...(site === undefined ? {} : { site }) }, ...(site === undefined ? { $unset: { site: 1 } } : {}) },
        { upsert: true },
      );
    },
    async close(id, closedAt) {
      await teams.updateOne({ _id: id }, { $set: { closedAt } });
    },
  };
}

/** The teams of the site, including closed ones. */
export const createTeamReader = (mongo: Connection): (() => Promise<readonly Team[]>) => createMongoTeams(mongo).all;

/**
 * Team memberships over time. The last reading is used while the store is down, so that seats and their supervisors can go on. Without
 * named teams: all teams.
 */
export function createMembersOf(mongo: Connection): MembersOf {
  const users = accountModel(mongo);
  let known: readonly TeamSpell[] | undefined;
  async function read(): Promise<readonly TeamSpell[]> {
    const found = await users
      .find({ 'memberships.0': { $exists: true } })
      .select('memberships')
      .lean();
    return found.flatMap(({ _id, memberships }) => spellsOf(_id, memberships));
  }
  return async (teamIds) => {
    try {
      known = await read();
    } catch (error) {
      if (known === undefined) throw error;
    }
    return teamIds === undefined ? known : known.filter(({ teamId }) => teamIds.includes(teamId));
  };
}
