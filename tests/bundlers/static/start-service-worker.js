import { show } from "./calls.js";

const { active, installing, waiting } = await navigator.serviceWorker.register("./service-worker.js", { type: "module" });
for (const task of ["onDemand", "calls", "recording"]) {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => show(task, data);
  (active ?? installing ?? waiting).postMessage(task, [port2]);
}
