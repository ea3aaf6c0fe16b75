// The part of the tests that runs on the server.

import { renderToString } from "react-dom/server";
import { App } from "./app.jsx";

export async function rendered() {
  const { document: page, window: global } = globalThis;
  if (page || global) throw new Error("this is no server");
  return renderToString(<App />);
}
