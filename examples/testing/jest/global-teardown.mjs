export default () => globalThis.keystoneDirectory.stop();
