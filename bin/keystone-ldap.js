#!/usr/bin/env node
// Every Node can parse this file, so that one that is too old can say so. What it loads needs a newer one.
var needed = parseInt(require('../package.json').engines.node.replace(/\D+/, ''), 10);
var version = process.versions.node;

if (parseInt(version, 10) >= needed) {
  require('./run.js');
} else {
  var error = 'keystone-ldap needs Node.js ' + needed + ' or later, and this is ' + version + '.';
  process.stderr.write('error: ' + error + ' Nothing was done.\n');
  process.exitCode = 2;
}
