import { typeOf, type Checksum } from '../protocol/checksum.js';
import { xml, type XmlNode } from '../protocol/xml.js';

/** A checksum as the headers of an answer; none for an object without one. */
export const checksumHeaders = (checksum: Checksum | undefined): Record<string, string> =>
  checksum === undefined ? {} : { [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, 'x-amz-checksum-type': typeOf(checksum) };

/** The name of the checksum's XML element, such as `ChecksumCRC32`. */
const elementName = ({ algorithm }: Checksum): string => `Checksum${algorithm.toUpperCase()}`;

/** A checksum as elements of an answer's document. */
export const checksumElements = (checksum: Checksum | undefined): XmlNode[] =>
  checksum === undefined ? [] : [xml(elementName(checksum), checksum.value), xml('ChecksumType', typeOf(checksum))];

/** The checksum of one part, which has no type of its own. */
export const partChecksum = (checksum: Checksum | undefined): XmlNode | undefined => checksum && xml(elementName(checksum), checksum.value);
