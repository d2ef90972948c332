/** What clients read to learn what this network API can do. */
export interface Extension {
  readonly name: string
  readonly alias: string
  readonly description: string
  readonly updated: string
}

const extension = (alias: string, name: string, updated: string, description = name): Extension => ({ name, alias, description, updated })

/** Exactly the extensions that really work. */
export const extensions: readonly Extension[] = [
  extension('agent', 'agent', '2013-02-03T10:00:00-00:00', 'The agent management extension.'),
  extension('allowed-address-pairs', 'Allowed Address Pairs', '2013-07-23T10:00:00-00:00', 'Provides allowed address pairs'),
  extension('availability_zone', 'Availability Zone', '2015-01-01T10:00:00-00:00', 'The availability zone extension.'),
  extension('binding', 'Port Binding', '2014-02-03T10:00:00-00:00', 'Expose port bindings of a virtual port to external application'),
  extension('dns-integration', 'DNS Integration', '2015-08-15T18:00:00-00:00', 'Provides integration with DNS.'),
  extension(
    'empty-string-filtering',
    'Empty String Filtering Extension',
    '2018-05-01T10:00:00-00:00',
    'Allow filtering by attributes with empty string value',
  ),
  extension(
    'external-net',
    'Neutron external network',
    '2013-01-14T10:00:00-00:00',
    'Adds external network attribute to network resource.',
  ),
  extension('extra_dhcp_opt', 'Neutron Extra DHCP options', '2013-03-17T12:00:00-00:00', 'Extra options configuration for DHCP.'),
  extension('filter-validation', 'Filter parameters validation', '2018-07-04T10:00:00-00:00', 'Provides validation on filter parameters.'),
  extension(
    'ip-substring-filtering',
    'IP address substring filtering',
    '2017-11-28T09:00:00-00:00',
    'Provides IP address substring filtering when listing ports',
  ),
  extension('net-mtu', 'Network MTU', '2015-03-25T10:00:00-00:00', 'Provides MTU attribute for a network resource.'),
  extension(
    'net-mtu-writable',
    'Network MTU (writable)',
    '2017-07-12T00:00:00-00:00',
    'Provides a writable MTU attribute for a network resource.',
  ),
  extension(
    'network-ip-availability',
    'Network IP Availability',
    '2015-09-24T00:00:00-00:00',
    'Provides IP availability data for each network and subnet.',
  ),
  extension('pagination', 'Pagination support', '2016-06-12T00:00:00-00:00', 'Extension that indicates that pagination is enabled.'),
  extension('port-security', 'Port Security', '2012-07-23T10:00:00-00:00', 'Provides port security'),
  extension(
    'project-id',
    'project_id field enabled',
    '2016-09-09T09:09:09-09:09',
    'Extension that indicates that project_id field is enabled.',
  ),
  extension('provider', 'Provider Network', '2012-09-07T10:00:00-00:00', 'Expose mapping of virtual networks to physical networks'),
  extension(
    'quota-check-limit',
    'Quota engine limit check',
    '2021-09-08T16:00:00-00:00',
    'Support for checking the resource usage before applying a new quota limit',
  ),
  extension(
    'quota_details',
    'Quota details management support',
    '2017-02-10T10:00:00-00:00',
    'Expose functions for quotas usage statistics per project',
  ),
  extension('quotas', 'Quota management support', '2012-07-29T10:00:00-00:00', 'Expose functions for quotas management per project'),
  extension(
    'revision-if-match',
    'If-Match constraints based on revision_number',
    '2016-12-11T00:00:00-00:00',
    'Extension indicating that If-Match based on revision_number is supported.',
  ),
  extension(
    'service-type',
    'Neutron Service Type Management',
    '2013-01-20T00:00:00-00:00',
    'API for retrieving service providers for Neutron advanced services',
  ),
  extension('sorting', 'Sorting support', '2016-06-12T00:00:00-00:00', 'Extension that indicates that sorting is enabled.'),
  extension(
    'standard-attr-description',
    'standard-attr-description',
    '2016-02-10T10:00:00-00:00',
    'Extension to add descriptions to standard attributes',
  ),
  extension(
    'standard-attr-revisions',
    'Resource revision numbers',
    '2016-04-11T10:00:00-00:00',
    'This extension will display the revision number of neutron resources.',
  ),
  extension(
    'standard-attr-tag',
    'Tag support for resources with standard attribute: network, subnet, port, router, floatingip, security_group',
    '2017-01-01T00:00:00-00:00',
    'Enables to set tag on resources with standard attribute.',
  ),
  extension(
    'standard-attr-timestamp',
    'Resource timestamps',
    '2016-09-12T10:00:00-00:00',
    'Adds created_at and updated_at fields to all Neutron resources that have Neutron standard attributes.',
  ),
  extension(
    'subnet-service-types',
    'Subnet service types',
    '2016-03-15T18:00:00-00:00',
    'Provides ability to set the subnet service_types field',
  ),
  extension(
    'tag-ports-during-bulk-creation',
    'Tag Ports During Bulk Creation',
    '2019-12-29T19:00:00-00:00',
    'Allow to tag ports during bulk creation',
  ),
]
