import { isIP } from 'node:net';
import type { Config } from '../../shared/platform/settings/config.js';
import { mediaRangesOf } from '../../shared/platform/network/media-ports.js';
import { ownAddresses, ownBroadcasts } from '../../shared/platform/network/own-addresses.js';
import { serversOf, valkeyAddress } from '../../shared/platform/events/valkey-client.js';
import type { Endpoint } from '../sdp/description.js';
import type { PeerRules } from '../sdp/peers.js';

type PeerConfig = Pick<
  Config,
  | 'MEDIA_PEER_NETWORKS'
  | 'MEDIA_INNER_ADDRESS'
  | 'RECORDER_ADDRESS'
  | 'MIXER_ADDRESS'
  | 'RTPENGINE_URLS'
  | 'DTMF_LISTEN'
  | 'VALKEY_URL'
  | 'MONGODB_URI'
  | 'S3_ENDPOINT'
  | 'DRACHTIO_URL'
  | 'SIP_WEBSOCKET_URL'
  | 'SIP_TRUNK_ADDRESS'
  | 'SIP_TEST_ADDRESS'
  | 'WEB_PORT'
  | 'RTPENGINE_PORT_MIN'
  | 'RTPENGINE_PORT_MAX'
  | 'RECORDER_PORT_MIN'
  | 'RECORDER_PORT_MAX'
  | 'MIXER_PORT_MIN'
  | 'MIXER_PORT_MAX'
>;

/** The addresses where parties may be, from the configuration. Parts of the product that the configuration names are never parties. */
export function peerRulesOf(config: PeerConfig): PeerRules {
  const servers = [
    ...config.RTPENGINE_URLS,
    `udp://${config.DTMF_LISTEN}`,
    ...valkeyServers(config.VALKEY_URL),
    ...mongoServers(config.MONGODB_URI),
    config.S3_ENDPOINT,
    config.DRACHTIO_URL,
    config.SIP_WEBSOCKET_URL,
    `sip://${config.SIP_TRUNK_ADDRESS}`,
    `sip://${config.SIP_TEST_ADDRESS}`,
  ].flatMap(serverOf);
  return {
    allowedNetworks: config.MEDIA_PEER_NETWORKS,
    ownAddresses,
    ownBroadcasts,
    innerAddresses: [config.MEDIA_INNER_ADDRESS, config.RECORDER_ADDRESS, config.MIXER_ADDRESS].filter((address) => isIP(address) !== 0),
    ownPorts: new Set([...servers.map(({ port }) => port), config.WEB_PORT]),
    ownRanges: mediaRangesOf(config),
    relayAddresses: config.RTPENGINE_URLS.flatMap(serverOf)
      .map(({ address }) => address)
      .filter((address) => isIP(address) !== 0),
    // The telephones of test calls have the address of their door, which need not be the one that carriers reach.
    testCallAddress: serverOf(`sip://${config.SIP_TEST_ADDRESS}`)[0]?.address,
    ownServers: servers.filter(({ address }) => isIP(address) !== 0),
  };
}

/** `mongodb://user:password@one:27017,other/name`: several hosts, which URL cannot parse. */
const mongoServers = (uri: string): string[] =>
  (/^mongodb:\/\/(?:[^@/]*@)?([^/?]+)/.exec(uri)?.[1] ?? '').split(',').map((host) => `mongodb://${host}`);

/** With sentinels only the sentinels are known, because they name the current primary. */
function valkeyServers(url: string): string[] {
  const address = valkeyAddress(url);
  return address === undefined
    ? []
    : serversOf(address).map(({ host, port }) => `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

function serverOf(url: string): Endpoint[] {
  if (!URL.canParse(url)) return [];
  const { hostname, port, protocol } = new URL(url);
  const usual = protocol === 'https:' ? 443 : protocol === 'http:' ? 80 : 0;
  const number = port === '' ? usual : Number(port);
  return number === 0 ? [] : [{ address: hostname.replace(/^\[|\]$/g, ''), port: number }];
}
