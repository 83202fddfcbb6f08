import type { PartyDoor } from '../../shared/domain/calls/party-door.js';
import { CallCentreError } from '../../shared/domain/failure.js';
import { contains, familyOf, plainAddress } from '../../shared/platform/network/networks.js';
import { isIn, type PortRange } from '../../shared/platform/network/media-ports.js';
import type { AudioDescription, Endpoint } from './description.js';

/**
 * Networks in which no party can be (RFC 6890, RFC 5771, RFC 4291): media to them reaches nobody, many hosts, or this machine under another
 * name.
 */
const NOWHERE = ['0.0.0.0/8', '224.0.0.0/4', '240.0.0.0/4', '::/128', 'ff00::/8', '64:ff9b::/96', '2002::/16'];
/** Networks in which a party may be only if the site says so. */
const NEAR = ['127.0.0.0/8', '169.254.0.0/16', '::1/128', 'fe80::/10'];
const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** Decides which addresses a party may have its media sent to. */
export interface PeerRules {
  /** Networks that may contain parties although they are loopback, link-local or this machine (CIDR or single addresses). */
  readonly allowedNetworks: readonly string[];
  /** The addresses of this machine's interfaces at this moment. */
  readonly ownAddresses: () => readonly string[];
  /** Addresses that reach every host of a network of this machine. No party is there, whatever the site says. */
  readonly ownBroadcasts: () => readonly string[];
  /** Addresses that only the parts of this product use among themselves: inner legs, recorder, mixer. */
  readonly innerAddresses: readonly string[];
  /** Ports on which the parts of this product listen. On this machine they never belong to a party. */
  readonly ownPorts: ReadonlySet<number>;
  /**
   * The ports for media of the relay, the recorder and the mixer. At an address of this machine or of a relay they never belong to a party.
   */
  readonly ownRanges: readonly PortRange[];
  /** Addresses of relays on other machines. */
  readonly relayAddresses: readonly string[];
  /** An address of this machine that the telephones of test calls have, with a port that the system chooses; for the test door alone. */
  readonly testCallAddress: string | undefined;
  /** Addresses of other parts of the product on other machines. */
  readonly ownServers: readonly Endpoint[];
}

/** `door` is undefined for a leg of an older process, which did not store it. */
export interface Peers {
  /** Whether a party without ICE may be at this address. */
  allows(endpoint: Endpoint, door: PartyDoor | undefined): boolean;
  /** Fails with `media-address-not-allowed`. ICE candidates that are not allowed are left out. */
  checked(audio: AudioDescription, door: PartyDoor | undefined): AudioDescription;
}

/** From this port on, Linux assigns ports to sockets that ask for any (net.ipv4.ip_local_port_range). */
const FIRST_SYSTEM_PORT = 32_768;

export function createPeers(rules: PeerRules): Peers {
  const { allowedNetworks, ownAddresses, ownBroadcasts, innerAddresses, ownPorts, ownRanges, relayAddresses, testCallAddress, ownServers } =
    rules;
  const servers = new Set(ownServers.map(({ address, port }) => `${address} ${port}`));

  /** An ICE candidate is used only after a check with its keys came back from it, so nobody can name another's port with it. */
  function mayBeCandidate({ address: written, port }: Endpoint, door: PartyDoor | undefined): boolean {
    const address = plainAddress(written);
    if (familyOf(address) === undefined || port < 1 || port > 65_535) return false;
    if (contains(NOWHERE, address) || contains(innerAddresses, address) || servers.has(`${address} ${port}`)) return false;
    if (contains(ownBroadcasts(), address)) return false;
    const own = contains(ownAddresses(), address);
    if (!own && !contains(NEAR, address)) return true;
    if (ownPorts.has(port) || ownPorts.has(port + 1)) return false;
    if (door?.door === 'test' && address === testCallAddress && port >= FIRST_SYSTEM_PORT) return true;
    // Programs of this machine listen on the loopback: a party of a trunk is there only if the trunk itself is.
    if (door?.door === 'trunk' && contains(LOOPBACK, address) && !contains(door.addresses, address)) return false;
    return contains(allowedNetworks, address);
  }

  function isSoundPort({ address: written, port }: Endpoint): boolean {
    const address = plainAddress(written);
    return isIn(ownRanges, port) && [ownAddresses(), NEAR, relayAddresses].some((places) => contains(places, address));
  }

  const allows: Peers['allows'] = (endpoint, door) => mayBeCandidate(endpoint, door) && !isSoundPort(endpoint);

  return {
    allows,
    checked(audio, door) {
      const { endpoint, ice, rtcpPort } = audio;
      if (ice !== undefined) {
        const candidates = ice.candidates.filter((candidate) => mayBeCandidate(candidate, door));
        // The checks of ICE prove where a browser is. The address given besides is only the first guess.
        const [first] = candidates.filter(({ component }) => component === 1);
        return {
          ...audio,
          endpoint: first && { address: first.address, port: first.port },
          rtcpPort: undefined,
          ice: { ...ice, candidates },
        };
      }
      if (endpoint === undefined) return audio;
      if (!allows(endpoint, door) || (rtcpPort !== undefined && !allows({ ...endpoint, port: rtcpPort }, door)))
        throw new CallCentreError('media-address-not-allowed', 'Media is not sent to the address that the other side describes');
      return audio;
    },
  };
}
