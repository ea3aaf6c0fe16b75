import { show } from "./calls.js";

const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
worker.onmessage = ({ data }) => show("told", data);
worker.onerror = ({ message }) => show("told", { failed: message });
