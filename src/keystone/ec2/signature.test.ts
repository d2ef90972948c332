import { expect, test } from 'vitest'
import { ec2Signature, s3Signature, type Signed } from './signature.ts'

// Each signature was made by keystoneclient's signer, or by keystone's own rule for S3.
const secret = 'deep secret'

const second: Signed = {
  verb: 'GET',
  host: 'cloud.example.org:8788',
  path: '/services/Cloud',
  params: { SignatureVersion: '2', Action: "Describe Instances'(~*)!", AWSAccessKeyId: 'a1', Max: 5, Zürich: 'ä/ö' },
}

const fourth: Signed = {
  verb: 'GET',
  path: '/',
  params: { Action: 'Foo', b: 'x y' },
  headers: {
    Authorization: 'AWS4-HMAC-SHA256 Credential=a1/20261128/region/ec2/aws4_request,SignedHeaders=host;x-amz-date,Signature=x',
    Host: 'cloud.example.org:8788',
    'X-Amz-Date': '20261128T120000Z',
  },
  body_hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
}

test('version 2 signs the parameters in their order', () => {
  expect(ec2Signature(secret, second)).toBe('u0iB53sGcKXaEIF4u3AXkm4AG9d31hsw6/WALAaeILc=')
})

test('version 4 signs headers and parameters, and of a POST no parameters', () => {
  expect(ec2Signature(secret, fourth)).toBe('161aeb922f5ed0644154b5195470267451830784cbb67ced69cc4ce17403ef15')
  expect(ec2Signature(secret, { ...fourth, verb: 'POST' })).toBe('bd33ead7b4737e256fa142198329c604ccb478eb8b9e00eb4d05332c4542a240')
  const params = {
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': 'a1/20261128/region/ec2/aws4_request',
    'X-Amz-Date': '20261128T120000Z',
    'X-Amz-SignedHeaders': 'host',
  }
  const inAddress = { verb: 'GET', path: '/', params, headers: { host: 'h' } }
  expect(ec2Signature(secret, inAddress)).toBe('539c807ee7b128e5b55b911570c752cc1d1cba8f5f495c1498b4f283cc6b36f6')
})

test('what is of no such version, or of two days, has no signature', () => {
  expect(ec2Signature(secret, { ...second, params: { SignatureVersion: '3' } })).toBeUndefined()
  expect(ec2Signature(secret, { params: { Action: 'Foo' } })).toBeUndefined()
  expect(ec2Signature(secret, { ...fourth, headers: { ...fourth.headers, 'X-Amz-Date': '20261129T120000Z' } })).toBeUndefined()
  expect(ec2Signature(secret, { headers: { Authorization: 'AWS4-HMAC-SHA256 nonsense' } })).toBeUndefined()
})

test('S3 signs a text, by its first rule or by version 4', () => {
  expect(s3Signature(secret, 'GET\n\n\nSat, 28 Nov 2026 12:00:00 GMT\n/bucket')).toBe('1Ue8c/3x7K88hddOltBgUVsyIqU=')
  const text = (service: string) => `AWS4-HMAC-SHA256\n20261128T120000Z\n20261128/region/${service}/aws4_request\nabc`
  expect(s3Signature(secret, text('s3'))).toBe('a20e605953a0017ba1c9e8006a8b14e0fe9f10a95a43ff74131ec5399bedfd04')
  expect(s3Signature(secret, text('ec2'))).toBeUndefined()
  expect(s3Signature(secret, 'AWS4-HMAC-SHA256\nabc')).toBeUndefined()
})
