import { S3mini, S3NetworkError, S3ServiceError } from 's3mini'
import { systemClock } from '../../kernel/clock.ts'

/** A bucket of a store that speaks S3, and how it is reached. */
export interface BucketPlace {
  /** Of the bucket, by path: https://host:port/bucket. */
  readonly endpoint: string
  /** Speaks to it. What is aborted ends, bodies that are on their way included. */
  speak(signal?: AbortSignal): S3mini
}

/** How long a server may take to begin its answer, in milliseconds. */
const silenceMs = 60_000
/** How long to wait before each further try, in milliseconds. */
const pausesMs = [200, 1000]

/** Reads `s3+https://KEY:SECRET@HOST[:PORT]/BUCKET[?region=NAME]`. */
export function bucketPlace(url: string): BucketPlace {
  const { protocol, host, pathname, username, password, searchParams } = new URL(url.replace(/^s3\+/, ''))
  const endpoint = `${protocol}//${host}${pathname}`
  return {
    endpoint,
    speak: (signal) =>
      new S3mini({
        accessKeyId: decodeURIComponent(username),
        secretAccessKey: decodeURIComponent(password),
        endpoint,
        region: searchParams.get('region') ?? 'us-east-1',
        fetch: patientFetch(signal),
      }),
  }
}

/** Waits for the begin of an answer, not for its end. A redirect is not followed: what is signed is for one server. */
const patientFetch =
  (signal?: AbortSignal): typeof fetch =>
  async (input, init) => {
    const silence = new AbortController()
    const timer = setTimeout(() => silence.abort(new S3NetworkError(`no answer in ${silenceMs / 1000} s`, 'ETIMEDOUT')), silenceMs)
    try {
      const signals = signal ? [silence.signal, signal] : [silence.signal]
      return await fetch(input, { ...init, redirect: 'error', signal: AbortSignal.any(signals) })
    } finally {
      clearTimeout(timer)
    }
  }

/** Does what may be done twice, until it succeeds or has failed a few times. Outages pass; a refusal does not. */
export async function insistently<T>(act: () => Promise<T>): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await act()
    } catch (error) {
      if (!isOutage(error)) throw error
      await systemClock.sleep(pauseMs)
    }
  }
  return act()
}

// fetch tells of broken connections by a TypeError.
const isOutage = (error: unknown): boolean =>
  error instanceof S3ServiceError
    ? error.status >= 500 || error.status === 429
    : error instanceof S3NetworkError || error instanceof TypeError

/** Undefined in place of the refusal that says that there is no such thing. */
export async function unlessAbsent<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof S3ServiceError && error.status === 404 && error.serviceCode !== 'NoSuchBucket') return undefined
    throw error
  }
}
