import { type BalancerHealth, healthOf, type Neighbour, serversOf } from './haproxy-health.ts'
import { at } from './ports.ts'

/** Where the balancer listens and whom it asks. */
export interface HaproxyTopology {
  readonly listen: { readonly host: string; readonly port: number }
  readonly controllers: readonly Neighbour[]
  /** Where `haproxyScript` lies. Without it a request is refused while no controller is up, and one that is just connecting to a controller as that is given up is broken. */
  readonly script?: string
  /** A unix socket for `show stat` and `set server … state drain`. */
  readonly adminSocket?: string
  /** Threads of the process; all cores unless said. */
  readonly threads?: number
  /** A file with the certificate of the front and its key: then it speaks TLS only. */
  readonly certificate?: string
  /** Without it, it tells nobody how it is. */
  readonly health?: BalancerHealth
}

/**
 * HAProxy's configuration for a cloud, for versions from 2.6 on. Each line that matters says why it is there.
 * Reload it (SIGUSR2 in master-worker mode) when the controllers change.
 */
export function renderHaproxy({ listen, controllers, script, adminSocket, threads, certificate, health }: HaproxyTopology): string {
  const servers = serversOf(controllers)
  return `# Written by "skykeel render haproxy". Change the cloud's configuration instead of this file.
global
  maxconn 8192
${threads ? `  nbthread ${threads}\n` : ''}${adminSocket ? `  stats socket ${adminSocket} mode 600 level admin\n` : ''}  # Only a request that fits a buffer can be sent again; user data makes them large.
  tune.bufsize 131072
  hard-stop-after 30s
  # To the journal, by way of systemd.
  log stdout format raw daemon
${script ? `  lua-load ${script}\n` : ''}${certificate ? '  ssl-default-bind-options ssl-min-ver TLSv1.2\n' : ''}
defaults
  mode http
  # Told is what went wrong, or was asked more than once, and who came and went. Paths only: a query may hold a secret.
  log global
  log-format "%ci %HM %HP %ST %B bytes in %Ta ms by %b/%s, ended %tsc, tries %rc"
  option dontlog-normal
  # A neighbour that only looks whether this machine can be reached says nothing.
  option dontlognull
  # Who does not even take a connection on this network is asked no longer; this is also the pause before the only one left is asked again.
  timeout connect 500ms
  timeout client 65s
  timeout http-keep-alive 65s
  timeout http-request 10s
  timeout check 1s
  # Longer than a controller waits for a database that can be written. One that is frozen fails its checks long before.
  timeout server 30s
  # A request that failed goes to another controller at once; often enough for one that dies while its neighbour is still coming back.
  option redispatch 1
  retries 6
  retry-on conn-failure empty-response response-timeout
  option forwardfor
  option http-keep-alive
  http-reuse always
  # The less busy of two at random. Other than leastconn it tries another server at once, without a pause of a second.
  balance random(2)
  option httpchk
  http-check send meth GET uri /healthcheck ver HTTP/1.1 hdr Host haproxy
  http-check expect status 200
  # A frozen server keeps its connections: ${script ? 'the script ends them' : 'they are ended'} once it is marked down, and its requests go elsewhere. Their keys make what it does later void.
  # Nobody starts slowly: who has little weight yet is passed over by requests that come from a server that died just then.
  default-server check inter 500ms fastinter 250ms downinter 250ms fall 2 rise 1${script ? '' : ' on-marked-down shutdown-sessions'}

frontend skykeel
  bind ${at(listen.host, listen.port)}${certificate ? ` ssl crt ${certificate} alpn http/1.1` : ''}
  http-request del-header X-Forwarded-For
  http-request del-header Skykeel-Waited
  http-request set-header X-Forwarded-Proto ${certificate ? 'https' : 'http'}
  http-request set-header X-Forwarded-Host %[req.hdr(Host)]
  # All attempts of one request carry one key, so a controller can tell a repeat and does the work once.
  http-request set-header Idempotency-Key %[uuid] if !{ method GET HEAD OPTIONS } !{ req.hdr(Idempotency-Key) -m found }
${script ? waiting : ''}  # Bytes of images come and go at their own pace.
  use_backend images if { path_end /file /stage }
  default_backend controllers
  http-error status 503 content-type application/json hdr Retry-After 5 string '{"error":{"code":503,"title":"Service Unavailable","message":"No instance of the service is available. Please try again later."}}'
  http-error status 502 content-type application/json string '{"error":{"code":502,"title":"Bad Gateway","message":"No instance of the service answered the request."}}'
  http-error status 504 content-type application/json string '{"error":{"code":504,"title":"Gateway Timeout","message":"The service did not answer in time."}}'

backend controllers
  # 404 means draining: nothing new, what runs may end.
  http-check disable-on-404
  # Only what is there as a whole can be sent again.
  option http-buffer-request
${servers}

backend images
  http-check disable-on-404
  timeout server 300s
${servers}
${health ? healthOf(health) : ''}`
}

const waiting = `  # With all controllers down a request waits for the first that comes back, rather than fail at once.
  http-request lua.wait_for_controller if { nbsrv(controllers) eq 0 }
`
