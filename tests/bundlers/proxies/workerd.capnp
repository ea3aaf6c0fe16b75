using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "edge", worker = (
      compatibilityDate = "2026-01-01",
      compatibilityFlags = ["enable_request_signal"],
      modules = [(name = "edge.js", esModule = embed "edge.js")],
      bindings = [(name = "PROXY_OPTIONS", fromEnvironment = "PROXY_OPTIONS")],
      globalOutbound = "localhost",
    )),
    (name = "localhost", network = (allow = ["local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "edge")],
);
