// Runs one test in a worker: `{ file, name }` comes in, what `runTest` returns goes out.

globalThis.onmessage = async ({ data: { file, name } }) => {
  const { runTest } = await import("./test.js");
  await import(file);
  postMessage({ problem: await runTest(name) });
};
