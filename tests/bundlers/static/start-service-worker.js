import { show } from "./calls.js";

for (const [script, scope, tasks] of [
  ["./service-worker.js", "./", ["onDemand", "calls", "keeping", "recording"]],
  ["./keeping-service-worker.js", "./keeping/", ["kept"]],
]) {
  const { active, installing, waiting } = await navigator.serviceWorker.register(script, {
    type: "module",
    scope,
  });
  for (const task of tasks) {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => show(task, data);
    (active ?? installing ?? waiting).postMessage(task, [port2]);
  }
}
