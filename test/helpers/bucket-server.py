"""A store that speaks S3: all of OpenStack Swift in one process, on one disk. Arguments: a folder for its data, and a port."""

import os
import sys

import eventlet

eventlet.monkey_patch()

from swift.common import utils, wsgi
from swift.common.ring import RingBuilder

home, port = sys.argv[1], int(sys.argv[2])
keepers = ('account', 'container', 'object')


def write(name, text):
    path = os.path.join(home, name)
    with open(path, 'w') as file:
        file.write(text)
    return path


os.makedirs(os.path.join(home, 'devices', 'disk'), exist_ok=True)
utils.SWIFT_CONF_FILE = write('swift.conf', '[swift-hash]\nswift_hash_path_suffix = tests\n')
log = open(os.path.join(home, 'log'), 'a', buffering=1)
common = f'[DEFAULT]\nswift_dir = {home}\ndevices = {home}/devices\nmount_check = false\nfallocate_reserve = 0\n'

# Where everything is, is known before anything is loaded.
sockets = {kind: eventlet.listen(('127.0.0.1', 0)) for kind in keepers}
for kind in keepers:
    at = sockets[kind].getsockname()[1]
    ring = RingBuilder(1, 1, 1)
    ring.add_dev({
        'region': 1, 'zone': 1, 'weight': 1.0, 'device': 'disk', 'meta': '',
        'ip': '127.0.0.1', 'port': at, 'replication_ip': '127.0.0.1', 'replication_port': at,
    })
    ring.rebalance()
    ring.get_ring().save(os.path.join(home, f'{kind}.ring.gz'))

for kind in keepers:
    app = wsgi.loadapp(write(f'{kind}.conf', f'{common}[pipeline:main]\npipeline = {kind}\n[app:{kind}]\nuse = egg:swift#{kind}\n'))
    eventlet.spawn(eventlet.wsgi.server, sockets[kind], app, log=log)

# Nobody listens where the cache should be: Swift does without.
front = wsgi.loadapp(write('proxy.conf', f'''{common}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:9
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_tests_keeper = a-secret-of-tests .admin
[filter:slo]
use = egg:swift#slo
'''))
eventlet.wsgi.server(eventlet.listen(('127.0.0.1', port)), front, log=log)
