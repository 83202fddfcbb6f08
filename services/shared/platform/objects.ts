import { Client } from 'minio';
import type { Config } from './config.js';

/** The S3 client of this process. `forBrowsers` signs for the address that browsers reach. */
export function createObjectClient(config: Config, { forBrowsers = false } = {}): Client {
  const endpoint = new URL(forBrowsers ? (config.S3_PUBLIC_ENDPOINT ?? config.S3_ENDPOINT) : config.S3_ENDPOINT);
  const useSSL = endpoint.protocol === 'https:';
  return new Client({
    endPoint: endpoint.hostname,
    port: endpoint.port === '' ? (useSSL ? 443 : 80) : Number(endpoint.port),
    useSSL,
    accessKey: config.S3_ACCESS_KEY,
    secretKey: config.S3_SECRET_KEY,
    region: config.S3_REGION,
    pathStyle: true,
  });
}
