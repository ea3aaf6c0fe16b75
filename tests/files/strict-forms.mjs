// Preloaded into a Node: it fails if what was uploaded in it is not what a strict reader expects.

import { watchForms } from "./strict.js";

const formsRead = watchForms();
process.once("beforeExit", async () => {
  const problems = await formsRead();
  if (problems.length > 0) throw new Error(`uploaded: ${problems.join("; ")}`);
});
