/**
 * The version of the HTTP interface (semantic versioning). A change that breaks a client raises the first number: a route or a field of an
 * answer is removed, a type changes, or an input becomes required. `npm run reference` refuses to store such a change without it.
 */
export const CONTRACT_VERSION = '6.0.0';
