import { say } from './language.mjs';
import { Stop } from './stop.mjs';

/** Oldest Node.js version that has everything the product uses; `engines` in package.json says the same. */
const OLDEST = [20, 19];

/** @returns whether `version` ("20.19.4") is new enough */
export function newEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

export function checkNodeVersion(version = process.versions.node) {
  if (newEnough(version)) return version;
  const wanted = OLDEST.join('.');
  throw new Stop(say(`Node ${wanted} or newer is needed; this is ${version}.`, `需要 Node ${wanted} 或更高版本；当前版本为 ${version}。`));
}
