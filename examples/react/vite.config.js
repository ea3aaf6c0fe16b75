import react from "@vitejs/plugin-react";
import { vitePlugin } from "thetaone-web/server";
import { defineConfig, loadEnv } from "vite";

export default defineConfig(({ mode }) => {
  const { THETA_ONE_API_KEY, THETA_ONE_BASE_URL } = loadEnv(mode, process.cwd(), "THETA_ONE_");
  const proxy = vitePlugin({ apiKey: THETA_ONE_API_KEY, baseUrl: THETA_ONE_BASE_URL });
  return { plugins: [react(), proxy] };
});
