// Preloaded into a Node process. The process fails if a strict reader rejects an upload.

import { watchForms } from "./strict.js";

const formsRead = watchForms();
process.once("beforeExit", async () => {
  const problems = await formsRead();
  if (problems.length > 0) throw new Error(`uploaded: ${problems.join("; ")}`);
});
