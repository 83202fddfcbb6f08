/**
 * The version of the HTTP interface (semantic versioning). What breaks a client (a route or a field of an answer that goes, a type that
 * changes, an input that is newly required) raises the first number; `npm run reference` refuses to store such a change without it.
 */
export const CONTRACT_VERSION = '4.0.0';
