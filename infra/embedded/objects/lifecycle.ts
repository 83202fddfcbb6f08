/** One enabled or disabled rule of a bucket. Days count from the creation of a version, or from when it was replaced. */
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
