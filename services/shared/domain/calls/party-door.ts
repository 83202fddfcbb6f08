/**
 * The door through which a party's call came in or leaves; `addresses`: where its trunk is. It decides where on this machine the party's
 * media may be sent.
 */
export type PartyDoor = { readonly door: 'seat' | 'test' } | { readonly door: 'trunk'; readonly addresses: readonly string[] };
