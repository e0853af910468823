#!/bin/sh
# What Keystone keeps in SQL. Run it once: keystone-manage adds every row again each time.
set -e
keystone-manage endpointTemplates add RegionOne swift http://swift.publicinternets.com/v1/AUTH_%tenant_id% http://swift.admin-nets.local:8080/ http://127.0.0.1:8080/v1/AUTH_%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne nova_compat http://nova.publicinternets.com/v1.0/ http://127.0.0.1:8774/v1.0 http://localhost:8774/v1.0 1 0
keystone-manage endpointTemplates add RegionOne nova http://nova.publicinternets.com/v1.1/ http://127.0.0.1:8774/v1.1 http://localhost:8774/v1.1 1 0
keystone-manage endpointTemplates add RegionOne glance http://glance.publicinternets.com/v1.1/%tenant_id% http://nova.admin-nets.local/v1.1/%tenant_id% http://127.0.0.1:9292/v1.1/%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne cdn http://cdn.publicinternets.com/v1.1/%tenant_id% http://cdn.admin-nets.local/v1.1/%tenant_id% http://127.0.0.1:7777/v1.1/%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne object_store http://swift.publicinternets.com/v1/AUTH_%tenant_id% http://swift.admin-nets.local:8080/ http://127.0.0.1:8080/v1/AUTH_%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne compute http://nova.publicinternets.com/v1.0/ http://127.0.0.1:8774/v1.0 http://localhost:8774/v1.0 1 0
keystone-manage endpointTemplates add RegionOne compute_v1 http://nova.publicinternets.com/v1.1/ http://127.0.0.1:8774/v1.1 http://localhost:8774/v1.1 1 0
keystone-manage endpointTemplates add RegionOne image http://glance.publicinternets.com/v1.1/%tenant_id% http://nova.admin-nets.local/v1.1/%tenant_id% http://127.0.0.1:9292/v1.1/%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne cdn http://cdn.publicinternets.com/v1.1/%tenant_id% http://cdn.admin-nets.local/v1.1/%tenant_id% http://127.0.0.1:7777/v1.1/%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne identity http://keystone.publicinternets.com/v2.0 http://127.0.0.1:5001/v2.0 http://127.0.0.1:5000/v2.0 1 1
keystone-manage token add 887665443383838 joeuser 1234 2012-02-05T00:00
keystone-manage token add 999888777666 admin 1234 2015-02-05T00:00
keystone-manage token add 111222333444 serviceadmin 1234 2015-02-05T00:00
keystone-manage token add 000999 admin 1234 2010-02-05T00:00
keystone-manage token add 999888777 disabled 1234 2015-02-05T00:00
keystone-manage endpoint add 1234 1
keystone-manage endpoint add 1234 2
keystone-manage endpoint add 1234 3
keystone-manage endpoint add 1234 4
keystone-manage endpoint add 1234 5
keystone-manage service add exampleservice
