# A Worker from before nodejs_compat.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "built/plain-worker.js")],
  compatibilityDate = "2026-07-01",
  bindings = [(name = "SESSION_KEY", fromEnvironment = "SESSION_KEY")],
);
