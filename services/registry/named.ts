import type { Approval, Entry } from './register.js';

/** The displayed name of an account; undefined when there is no such account, as for a row that the system wrote. */
export type NameOf = (userId: string) => Promise<string | undefined>;

/** Somebody who wrote something, with the name that a person at a page knows them by. */
export async function writtenBy<Written extends { readonly updatedBy: string }>(
  written: Written,
  nameOf: NameOf,
): Promise<Written & { readonly updatedByName?: string }> {
  const updatedByName = await nameOf(written.updatedBy);
  return { ...written, ...(updatedByName === undefined ? {} : { updatedByName }) };
}

/** A row with the names of who wrote it and who approved it. */
export async function named({ approval, ...entry }: Entry, nameOf: NameOf) {
  const [written, approved] = await Promise.all([
    writtenBy(entry, nameOf),
    approval === undefined ? undefined : approvedBy(approval, nameOf),
  ]);
  return { ...written, ...(approved === undefined ? {} : { approval: approved }) };
}

async function approvedBy(approval: Approval, nameOf: NameOf): Promise<Approval & { readonly byName?: string }> {
  const byName = await nameOf(approval.by);
  return { ...approval, ...(byName === undefined ? {} : { byName }) };
}
