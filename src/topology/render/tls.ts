import { isIP } from 'node:net'
import type { Topology } from '../model.ts'
import { open, script } from './part.ts'
import type { RenderedFile } from '../unit.ts'

/** For a private authority: what openssl is told, and a script that makes the authority and the certificate of the front in `folder`. */
export function tlsFiles(topology: Topology, folder: string): readonly RenderedFile[] {
  if (topology.tls.kind !== 'private') return []
  return [open(`${folder}/openssl.cnf`, opensslConfig(topology)), script(`${folder}/make-certificate`, makeScript)]
}

const opensslConfig = ({ address }: Topology): string => `# Written by skykeel from the topology.
[req]
prompt = no
distinguished_name = name
utf8 = yes

[name]
commonName = ${address}

[authority]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash

[front]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
# Clients compare this with the address that they were told.
subjectAltName = ${isIP(address) ? 'IP' : 'DNS'}:${address}
`

const makeScript = `#!/bin/sh
# Written by skykeel. Makes a private authority and the certificate of the front, in the folder of this script.
# What is there stays: for a new certificate remove front.pem and run it again. Keep authority.key in a safe place; nobody needs it to run the cloud.
set -eu
cd "$(dirname "$0")"
umask 077

if [ ! -e authority.pem ]; then
  openssl ecparam -name prime256v1 -genkey -noout -out authority.key
  openssl req -x509 -new -key authority.key -config openssl.cnf -extensions authority -subj '/CN=Skykeel private authority' -days 3650 -out authority.pem
  chmod 644 authority.pem
fi

if [ ! -e front.pem ]; then
  openssl ecparam -name prime256v1 -genkey -noout -out front.key
  openssl req -new -key front.key -config openssl.cnf -out front.csr
  openssl x509 -req -in front.csr -CA authority.pem -CAkey authority.key -CAcreateserial -extfile openssl.cnf -extensions front -days 825 -out front.crt
  # HAProxy wants the certificate and its key in one file. It gets its name last, when it is whole.
  cat front.crt front.key > front.new
  mv front.new front.pem
  rm front.csr front.crt front.key
fi

echo "Clients trust authority.pem; balancers get front.pem."
`
