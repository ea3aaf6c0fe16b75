import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globals: true,
    environment: process.env.SANDBOX,
    include: ["*.test.js"],
    pool: process.env.POOL,
  },
});
