import { readlinkSync } from 'node:fs';
import { z } from 'zod';
import { lookUp } from './process-table.js';

/** Names of our own tables, as `isolation.ts` creates them. */
const OURS = /^proofline_[0-9a-f]{12}$/;
const OWNER = /^owner (\d+) (\d+) (\d+)$/;

/** The PID namespace in which process ids are valid: a container on its host's network has other processes than the host. */
const namespaceOf = (link: string): string => /\d+/.exec(link)?.[0] ?? '0';
const ownNamespace = (): string => namespaceOf(readlinkSync('/proc/self/ns/pid'));

/** Stands in a rule table and names the supervisor that made it, so that a later one knows whether it still runs. */
export const ownerComment = (): string => `owner ${process.pid} ${lookUp(process.pid)?.startedTicks ?? '0'} ${ownNamespace()}`;

const Listing = z.object({
  nftables: z.array(z.object({ table: z.object({ family: z.string(), name: z.string(), comment: z.string().optional() }).optional() })),
});

/**
 * The tables in the output of `nft -j list tables` whose supervisors no longer run. A table that names no owner, or one in another
 * namespace, stays.
 */
export function abandonedIn(
  listing: string,
  { namespace = ownNamespace(), startedTicks = (pid: number) => lookUp(pid)?.startedTicks } = {},
): string[] {
  let parsed: z.infer<typeof Listing> | undefined;
  try {
    parsed = Listing.safeParse(JSON.parse(listing)).data;
  } catch {
    return [];
  }
  return (parsed?.nftables ?? []).flatMap(({ table }) => {
    if (table === undefined || table.family !== 'inet' || !OURS.test(table.name)) return [];
    const [, pid, ticks, where] = OWNER.exec(table.comment ?? '') ?? [];
    return pid === undefined || where !== namespace || startedTicks(Number(pid)) === ticks ? [] : [table.name];
  });
}
