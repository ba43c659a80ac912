# The matrix's worker. Its port is chosen by the system and told over --control-fd.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  # The names are the paths in this repository: imports between the two are relative.
  modules = [
    (name = "test/runtimes/worker.js", esModule = embed "worker.js"),
    (name = ".portable/portable.js", esModule = embed "../../.portable/portable.js"),
  ],
  compatibilityDate = "2026-11-01",
);
