import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom (docs/design.md). A folder may import itself and what is listed after it here.
 * `secret.ts`, `errors.ts` and `hash-of.ts` import nothing, `file-faults.ts` and `strict-text.ts` only errors,
 * `bounded-input.ts` and `files.ts` all of these, and `did-you-mean.ts` knows no more; all may import them.
 */
const LAYERS = {
  directory: [],
  schema: ['directory'],
  releases: ['directory'],
  'keystone-conf': ['directory', 'releases'],
  identities: ['directory', 'releases'],
  config: ['directory', 'releases', 'keystone-conf', 'identities'],
  sandbox: ['directory'],
  plan: ['directory', 'schema', 'releases', 'keystone-conf', 'identities'],
  history: ['directory', 'releases', 'keystone-conf', 'plan'],
  export: ['directory', 'releases', 'identities', 'plan'],
  doctor: ['history', 'directory', 'schema', 'releases', 'keystone-conf', 'identities', 'plan'],
  system: ['directory', 'releases', 'keystone-conf', 'identities', 'plan', 'history', 'doctor'],
  testing: ['directory', 'schema', 'releases', 'keystone-conf', 'identities', 'sandbox', 'plan'],
  cli: [
    'directory',
    'schema',
    'releases',
    'keystone-conf',
    'identities',
    'config',
    'sandbox',
    'plan',
    'history',
    'export',
    'doctor',
    'system',
  ],
};

/** The only files that may touch the outside world, and with what. */
const DOORS = {
  ldapts: [
    'src/directory/client-filter.ts',
    'src/directory/client-session.ts',
    'src/directory/assertion-control.ts',
    'src/directory/password-policy-control.ts',
  ],
  'node:fs': [
    'src/files.ts',
    'src/bounded-input.ts',
    'src/doctor/keystone-user.ts',
    'src/keystone-conf/document/file.ts',
    'src/keystone-conf/document/file-rights.ts',
    'src/history/journal-writer.ts',
    'src/history/journal-folder.ts',
    'src/history/undo-file.ts',
    'src/sandbox/**',
    'src/cli/**',
  ],
  'node:net': [
    'src/bounded-input.ts',
    'src/doctor/keystone-user.ts',
    'src/directory/certificate-name.ts',
    'src/directory/client-socket.ts',
    'src/doctor/memcached-fault.ts',
    'src/sandbox/**',
  ],
  'node:child_process': [
    'src/machine-name.ts',
    'src/doctor/keystone-user.ts',
    'src/keystone-conf/document/file-rights.ts',
    'src/identities/sql/run-keystone-manage.ts',
    'src/sandbox/**',
    'src/cli/**',
  ],
};

const folders = Object.keys(LAYERS);

const layerRules = (folder) => {
  const group = folders
    .filter((other) => other !== folder && !LAYERS[folder].includes(other))
    .flatMap((other) => [`../${other}/**`, `../../${other}/**`]);
  const outside =
    'errors, secret, files, file-faults, strict-text, bounded-input, did-you-mean, hash-of, machine-name';
  const message = `src/${folder} may import only ${[...LAYERS[folder], outside].join(', ')}.`;
  return group.length === 0 ? [] : [{ group, message }];
};

const doorRules = (allowed) =>
  Object.keys(DOORS)
    .filter((door) => !allowed.includes(door))
    .flatMap((door) => (door.startsWith('node:') ? [door, `${door}/*`] : [door]))
    .map((name) => ({
      name,
      message: `See DOORS in eslint.config.js for the files that may import ${name}.`,
    }));

const restrict = (allowedDoors, patterns = []) => ({
  'no-restricted-imports': ['error', { paths: doorRules(allowedDoors), patterns }],
});

const doorsOf = (file) =>
  Object.entries(DOORS)
    .filter(([, files]) => files.includes(file))
    .map(([door]) => door);

const folderConfigs = folders.map((folder) => ({
  files: [`src/${folder}/**/*.ts`],
  rules: restrict(doorsOf(`src/${folder}/**`), layerRules(folder)),
}));

const doorFiles = [...new Set(Object.values(DOORS).flat())].filter((file) => !file.endsWith('**'));
const fileConfigs = doorFiles.map((file) => {
  const folder = file.split('/').length > 2 ? file.split('/')[1] : undefined;
  const doors = [...doorsOf(file), ...(folder ? doorsOf(`src/${folder}/**`) : [])];
  return { files: [file], rules: restrict(doors, folder ? layerRules(folder) : []) };
});

export default tseslint.config(
  { ignores: ['dist', 'coverage'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'Only src/cli, src/sandbox and src/testing know a process.' },
      ],
      'max-params': ['error', 4],
      complexity: ['error', 12],
      ...restrict([]),
    },
  },
  ...folderConfigs,
  ...fileConfigs,
  {
    files: ['src/cli/**/*.ts', 'src/sandbox/**/*.ts', 'src/testing/**/*.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
  },
  {
    files: ['bin/*.js'],
    languageOptions: { sourceType: 'commonjs', globals: { require: 'readonly' } },
  },
  {
    // Parsed by every Node there is.
    files: ['bin/keystone-ldap.js'],
    languageOptions: { ecmaVersion: 5 },
  },
  {
    files: ['examples/**/jest/*'],
    languageOptions: { globals: { require: 'readonly', test: 'readonly', expect: 'readonly' } },
  },
);
