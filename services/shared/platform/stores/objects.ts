import { Client } from 'minio';
import type { Config } from '../settings/config.js';

/**
 * What services may do with the store. A body is always bytes: minio does not listen for errors of a stream that it is given, and such an
 * error would end the process. Content that does not fit into memory is sent as a file (`fPutObject`).
 */
export interface ObjectClient extends Omit<Client, 'putObject'> {
  putObject(
    bucket: string,
    name: string,
    body: Buffer | string,
    size?: number,
    metaData?: Record<string, string>,
  ): ReturnType<Client['putObject']>;
}

/**
 * The S3 client of this process. `forBrowsers` signs for the address that browsers reach. `partBytes`: a larger file is sent in parts of this
 * size, two of which are in memory; 64 MiB without it.
 */
export function createObjectClient(
  config: Config,
  { forBrowsers = false, partBytes }: { readonly forBrowsers?: boolean; readonly partBytes?: number } = {},
): ObjectClient {
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
    ...(partBytes === undefined ? {} : { partSize: partBytes }),
  });
}
