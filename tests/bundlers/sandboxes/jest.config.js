// Jest with its defaults, except for ES modules: start it with
// NODE_OPTIONS=--experimental-vm-modules.
export default { transform: {}, testEnvironment: process.env.SANDBOX };
