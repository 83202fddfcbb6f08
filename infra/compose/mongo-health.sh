#!/bin/bash
# Healthy once this member is primary; the set of one member is made at the first look. The script goes by stdin, so that the password
# stands in no argument.
set -eu
{
  printf 'db.getSiblingDB("admin").auth("proofline", "%s");\n' "$(cat /secrets/documents-password)"
  cat <<'JS'
try { rs.status(); } catch (error) {
  if (error.codeName === 'NotYetInitialized') rs.initiate({ _id: 'proofline', members: [{ _id: 0, host: '127.0.0.1:27017' }] });
}
if (!db.hello().isWritablePrimary) quit(1);
JS
} | mongosh --quiet --norc mongodb://127.0.0.1:27017/admin >/dev/null
