// Servers that run beside a test.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Starts a program; `addressOf` finds its address in a line that it prints. `close()` ends it. */
export async function listening(program, args, options, addressOf) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data) => {
    complaints += data;
  });
  const ended = once(child, "exit");
  const close = async () => {
    child.kill();
    await ended;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const url = addressOf(line);
    if (!url) continue;
    // What it says later would fill the pipe.
    child.stdout.resume();
    return { url, close };
  }
  throw new Error(`${program} ${args.join(" ")} ended before it listened\n${complaints}`);
}
