import vue from "@vitejs/plugin-vue";
import { vitePlugin } from "thetaone-web/server";
import { defineConfig, loadEnv } from "vite";

// Without it, Vue looks for components with the names of the elements.
const compilerOptions = { isCustomElement: (tag) => tag.startsWith("theta-") };

export default defineConfig(({ mode }) => {
  const { THETA_ONE_API_KEY, THETA_ONE_BASE_URL } = loadEnv(mode, process.cwd(), "THETA_ONE_");
  const proxy = vitePlugin({ apiKey: THETA_ONE_API_KEY, baseUrl: THETA_ONE_BASE_URL });
  return { plugins: [vue({ template: { compilerOptions } }), proxy] };
});
