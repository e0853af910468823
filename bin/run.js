Promise.all([import('../dist/cli/main.js'), import('../dist/cli/terminal/process-io.js')])
  .then(([{ main }, { processIo }]) => main(process.argv.slice(2), processIo()))
  .then((exitCode) => (process.exitCode = exitCode));
