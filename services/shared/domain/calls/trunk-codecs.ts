/** The codecs of a trunk. `G729` is decoded when the carrier offers it, and is never offered by us. */
export const trunkCodecs = ['PCMA', 'PCMU', 'G722', 'OPUS', 'G729'] as const;
export type TrunkCodec = (typeof trunkCodecs)[number];
