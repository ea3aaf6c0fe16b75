using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = (
      compatibilityDate = "2026-01-01",
      modules = [
        (name = "edge.js", esModule = embed "edge.js"),
        (name = "core_bg.wasm", wasm = embed "core_bg.wasm"),
      ],
      globalOutbound = "localhost",
    )),
    (name = "localhost", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "edge")],
);
