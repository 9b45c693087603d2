using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "blog", worker = .blog),
    # Fetches may go to loopback too, where the demonstration's issuer is.
    (name = "internet", network = (allow = ["public", "local"], tlsOptions = (trustBrowserCas = true))),
  ],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "blog")],
);

const blog :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "scopegate_bg.wasm", wasm = embed "dist/scopegate_bg.wasm"),
  ],
  bindings = [
    (name = "LOGTO_ENDPOINT", fromEnvironment = "LOGTO_ENDPOINT"),
    (name = "API_RESOURCE", fromEnvironment = "API_RESOURCE"),
    (name = "ORGANIZATION_API_RESOURCE", fromEnvironment = "ORGANIZATION_API_RESOURCE"),
  ],
);
