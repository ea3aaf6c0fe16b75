// Jest as it comes, but for the modules: it has to be started with NODE_OPTIONS=--experimental-vm-modules.
export default { transform: {}, testEnvironment: process.env.SANDBOX };
