import type { ReleaseName } from './catalogue.ts';

type Kind =
  ('boolean' | 'integer' | 'port' | 'URI' | 'host address') | ('log levels' | 'word' | 'word in any case');

/** An option that is more than text, and that Keystone reads whatever it is asked for. */
export interface SharedOption {
  readonly section: 'DEFAULT' | 'eventlet_server';
  readonly name: string;
  /** Older names in `[DEFAULT]`; the first that is set counts, if the option itself is not. */
  readonly formerly: readonly string[];
  readonly kind: Kind;
  /** For a word. */
  readonly choices?: readonly string[];
  /** The first release that has it, and the first without it. */
  readonly since: ReleaseName;
  readonly until?: ReleaseName;
  /**
   * `at the start`: the log is set up with it, or it is an option of the command line too. `in every answer`: the answer
   * itself needs it. `with all`: where Keystone reads all of `[DEFAULT]`.
   */
  readonly read: 'at the start' | 'in every answer' | 'with all';
}

type Range = readonly [since: ReleaseName, until?: ReleaseName | undefined];

function option(read: SharedOption['read'], name: string, kind: Kind, [since, until]: Range): SharedOption {
  return { section: 'DEFAULT', name, formerly: [], kind, since, ...(until && { until }), read };
}

const logging = (name: string, kind: Kind, ...range: Range) => option('at the start', name, kind, range);
const shared = (name: string, kind: Kind, ...range: Range) => option('with all', name, kind, range);
const eventlet = (name: string, kind: Kind, ...[since, until]: Range): SharedOption => ({
  ...option('with all', name, kind, [since, until]),
  section: 'eventlet_server',
  formerly: name.endsWith('_bind_host') ? ['bind_host', name] : [name],
});

/** `[eventlet_server]` is read with `[DEFAULT]` until 2023.2; 2024.1 has no such group. */
const EVENTLET_UNTIL: ReleaseName = '2024.1';

/**
 * Those of Keystone at its tags; those of oslo.log at the versions that the upper constraints of each series name. What a
 * Keystone 22 does with a wrong value of each was measured.
 */
export const SHARED_OPTIONS: readonly SharedOption[] = [
  logging('debug', 'boolean', '2012.1'),
  logging('verbose', 'boolean', '2012.1', 'pike'),
  logging('use_syslog', 'boolean', '2012.1'),
  logging('use_stderr', 'boolean', '2013.1'),
  logging('publish_errors', 'boolean', '2013.1'),
  logging('default_log_levels', 'log levels', '2013.1'),
  logging('use_syslog_rfc_format', 'boolean', '2014.1', 'mitaka'),
  logging('watch_log_file', 'boolean', 'mitaka'),
  logging('rate_limit_burst', 'integer', 'ocata'),
  logging('use_journal', 'boolean', 'pike'),
  logging('use_json', 'boolean', 'queens'),
  logging('use_eventlog', 'boolean', 'stein', '2025.1'),
  {
    ...logging('log_rotation_type', 'word in any case', 'stein'),
    choices: ['interval', 'size', 'none'],
  },
  option('at the start', 'standard_threads', 'boolean', ['2013.1', '2024.1']),
  option('at the start', 'pydev_debug_port', 'port', ['2013.1', '2024.1']),

  option('in every answer', 'insecure_debug', 'boolean', ['newton']),
  option('in every answer', 'public_endpoint', 'URI', ['ocata']),

  shared('list_limit', 'integer', '2014.1'),
  shared('max_token_size', 'integer', '2013.1'),
  shared('max_param_size', 'integer', '2013.1'),
  shared('compute_port', 'integer', '2013.1', 'liberty'),
  shared('public_port', 'integer', '2013.1', '2015.1'),
  shared('admin_port', 'integer', '2013.1', '2015.1'),
  shared('max_request_body_size', 'integer', '2013.1', '2015.1'),
  shared('fatal_deprecations', 'boolean', '2013.1', 'liberty'),
  shared('tcp_keepalive', 'boolean', '2014.1', '2015.1'),
  shared('tcp_keepidle', 'integer', '2014.1', '2015.1'),
  shared('crypt_strength', 'integer', '2014.1', 'stein'),
  shared('public_workers', 'integer', '2014.2', '2015.1'),
  shared('admin_workers', 'integer', '2014.2', '2015.1'),
  shared('domain_id_immutable', 'boolean', '2015.1', 'ocata'),
  shared('max_project_tree_depth', 'integer', '2015.1'),
  shared('strict_password_check', 'boolean', '2015.1'),
  { ...shared('notification_format', 'word', 'newton'), choices: ['basic', 'cadf'] },
  shared('rate_limit_interval', 'integer', 'ocata'),
  shared('admin_endpoint', 'URI', 'ocata', 'train'),
  shared('log_rotate_interval', 'integer', 'stein'),
  {
    ...shared('log_rotate_interval_type', 'word in any case', 'stein'),
    choices: ['Seconds', 'Minutes', 'Hours', 'Days', 'Weekday', 'Midnight'],
  },
  shared('max_logfile_count', 'integer', 'stein'),
  shared('max_logfile_size_mb', 'integer', 'stein'),
  shared('max_db_limit', 'integer', '2025.1'),

  eventlet('public_workers', 'integer', '2015.1', 'newton'),
  eventlet('admin_workers', 'integer', '2015.1', 'newton'),
  eventlet('tcp_keepalive', 'boolean', '2015.1', 'newton'),
  eventlet('tcp_keepidle', 'integer', '2015.1', 'newton'),
  eventlet('public_port', 'port', '2015.1', EVENTLET_UNTIL),
  eventlet('admin_port', 'port', '2015.1', EVENTLET_UNTIL),
  eventlet('public_bind_host', 'host address', 'pike', EVENTLET_UNTIL),
  eventlet('admin_bind_host', 'host address', 'pike', EVENTLET_UNTIL),
];

/**
 * While `public_endpoint` is set, each link in an answer reads all of `[DEFAULT]`, and so does each HTTP 401: from Kilo to
 * 2023.2. Every login to a project does so in any case, for the catalogue.
 */
export const LINKS_READ_ALL = { since: '2015.1', until: '2024.1' } as const;
