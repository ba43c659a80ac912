# As wrangler would write it. The address is given when workerd is started, the folder of the project as import path.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "/built/worker.js")],
  compatibilityDate = "2026-11-01", # from 2026-08-04 on with nodejs_compat
  bindings = [
    (name = "SESSION_KEY", fromEnvironment = "SESSION_KEY"),
    (name = "STORE", fromEnvironment = "STORE"),
  ],
);
