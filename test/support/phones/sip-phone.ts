/** The telephone of the proof call, which knows nothing of the product: also the caller and the plain-RTP seat of the tests. */
export { SipPhone, udpLink, type SipLink } from '../../../services/proof-call/adapters/sip-phone.js';
