// Which versions a bucket's lifecycle rules end, and when. Pure.

/** One rule of a bucket. Days count from the creation of a version, or from when it was replaced. */
export interface LifecycleRule {
  readonly id: string;
  readonly enabled: boolean;
  readonly prefix: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly expireDays?: number;
  /** ISO 8601, midnight UTC. */
  readonly expireDate?: string;
  readonly expireLoneDeleteMarkers?: boolean;
  readonly expireNoncurrentDays?: number;
  readonly keepNoncurrentVersions?: number;
  readonly abortUploadDays?: number;
}

/** What the rules look at in a version. */
export interface AgingVersion {
  readonly modifiedAt: string;
  readonly deleteMarker: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

const dayMs = 86_400_000;

/** S3 rounds up: what is `days` old expires at the next midnight UTC. */
const isDue = (since: string, days: number, nowMs: number): boolean =>
  nowMs >= Math.ceil((Date.parse(since) + days * dayMs) / dayMs) * dayMs;

const covers = (rule: LifecycleRule, key: string, version: AgingVersion): boolean =>
  rule.enabled && key.startsWith(rule.prefix) && Object.entries(rule.tags).every(([name, value]) => version.tags[name] === value);

function currentIsDue(rule: LifecycleRule, version: AgingVersion, versions: number, nowMs: number): boolean {
  if (version.deleteMarker) return rule.expireLoneDeleteMarkers === true && versions === 1;
  if (rule.expireDays !== undefined) return isDue(version.modifiedAt, rule.expireDays, nowMs);
  return rule.expireDate !== undefined && nowMs >= Date.parse(rule.expireDate);
}

/**
 * The versions of one key that are due to end; `versions` are all there are, newest first. Whether Object Lock forbids it is decided where
 * versions are deleted.
 */
export function dueVersions<V extends AgingVersion>(
  rules: readonly LifecycleRule[],
  key: string,
  versions: readonly V[],
  nowMs: number,
): readonly V[] {
  return versions.filter((version, index) => {
    const replacedAt = versions[index - 1]?.modifiedAt;
    return rules.some((rule) => {
      if (!covers(rule, key, version)) return false;
      if (replacedAt === undefined) return currentIsDue(rule, version, versions.length, nowMs);
      if (rule.expireNoncurrentDays === undefined || index <= (rule.keepNoncurrentVersions ?? 0)) return false;
      return isDue(replacedAt, rule.expireNoncurrentDays, nowMs);
    });
  });
}

/** Whether an upload that was never finished is to be aborted. */
export const isUploadDue = (rules: readonly LifecycleRule[], upload: { key: string; startedAt: string }, nowMs: number): boolean =>
  rules.some(
    ({ enabled, prefix, abortUploadDays }) =>
      enabled && abortUploadDays !== undefined && upload.key.startsWith(prefix) && isDue(upload.startedAt, abortUploadDays, nowMs),
  );
