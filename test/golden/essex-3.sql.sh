#!/bin/sh
# What Keystone keeps in SQL. Run it once: keystone-manage adds every row again each time.
set -e
keystone-manage service add coffee 'coffee service' 'coffee service'
keystone-manage service add tea 'tea house' 'tea house'
keystone-manage service add exampleservice 'example type' 'example description'
keystone-manage service add swift object-store 'Swift-compatible service'
keystone-manage service add cdn object-store 'Swift-compatible service'
keystone-manage service add nova compute 'OpenStack Compute Service'
keystone-manage service add nova_compat compute 'OpenStack Compute Service'
keystone-manage service add glance image 'OpenStack Image Service'
keystone-manage service add identity identity 'OpenStack Identity Service'
keystone-manage endpointTemplates add RegionOne swift http://swift.publicinternets.com/v1/AUTH_%tenant_id% http://swift.admin-nets.local:8080/ http://127.0.0.1:8080/v1/AUTH_%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne nova_compat http://nova.publicinternets.com/v1.0/ http://127.0.0.1:8774/v1.0 http://localhost:8774/v1.0 1 0
keystone-manage endpointTemplates add RegionOne nova http://nova.publicinternets.com/v1.1/ http://127.0.0.1:8774/v1.1 http://localhost:8774/v1.1 1 0
keystone-manage endpointTemplates add RegionOne glance http://glance.publicinternets.com/v1.1/ http://nova.admin-nets.local/v1.1/ http://127.0.0.1:9292/v1.1/ 1 0
keystone-manage endpointTemplates add RegionOne cdn http://cdn.publicinternets.com/v1.1/%tenant_id% http://cdn.admin-nets.local/v1.1/%tenant_id% http://127.0.0.1:7777/v1.1/%tenant_id% 1 0 1.1 http://127.0.0.1:7777/ http://127.0.0.1:7777/v1.1
keystone-manage endpointTemplates add RegionOne swift http://swift.publicinternets.com/v1/AUTH_%tenant_id% http://swift.admin-nets.local:8080/ http://127.0.0.1:8080/v1/AUTH_%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne nova http://nova.publicinternets.com/v1.0/ http://127.0.0.1:8774/v1.0 http://localhost:8774/v1.0 1 0
keystone-manage endpointTemplates add RegionOne nova_compat http://nova.publicinternets.com/v1.1/ http://127.0.0.1:8774/v1.1 http://localhost:8774/v1.1 1 0
keystone-manage endpointTemplates add RegionOne glance http://glance.publicinternets.com/v1.1/ http://nova.admin-nets.local/v1.1/ http://127.0.0.1:9292/v1.1/ 1 0
keystone-manage endpointTemplates add RegionOne cdn http://cdn.publicinternets.com/v1.1/%tenant_id% http://cdn.admin-nets.local/v1.1/%tenant_id% http://127.0.0.1:7777/v1.1/%tenant_id% 1 0
keystone-manage endpointTemplates add RegionOne identity http://keystone.publicinternets.com/v2.0 http://127.0.0.1:35357/v2.0 http://127.0.0.1:5000/v2.0 1 1
keystone-manage token add 887665443383838 joeuser customer-x 2012-02-05T00:00
keystone-manage token add 999888777666 admin '' 2015-02-05T00:00
keystone-manage token add 111222333444 serviceadmin '' 2015-02-05T00:00
keystone-manage token add 000999 admin customer-x 2010-02-05T00:00
keystone-manage token add 999888777 disabled customer-x 2015-02-05T00:00
keystone-manage endpoint add customer-x 1
keystone-manage endpoint add customer-x 2
keystone-manage endpoint add customer-x 3
keystone-manage endpoint add customer-x 4
keystone-manage endpoint add customer-x 5
keystone-manage credentials add admin EC2 admin:admin admin customer-x
