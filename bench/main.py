"""What `make bench` runs in Odoo's shell: `env` comes from there."""

import os
import sys

sys.path.insert(0, os.environ["GCK_BENCH"])

import acciones
import documentos
import harness
import llamadas
import reclamaciones
import rivales
import volume

rows = int(os.environ["GCK_ROWS"])
parameter = env["ir.config_parameter"].sudo()  # noqa: F821
if parameter.get_param("gck.bench.rows") != str(rows):
    print("Loading", volume.build(env, rows), flush=True)  # noqa: F821
    parameter.set_param("gck.bench.rows", rows)
    env.cr.commit()  # noqa: F821
meter = harness.Meter(env)  # noqa: F821
acciones.run(meter, env)  # noqa: F821
with rivales.environment(os.environ.get("GCK_PEERS"), rows) as peer_env:
    reclamaciones.run(meter, env, peer_env)  # noqa: F821
    llamadas.run(meter, env, peer_env)  # noqa: F821
    documentos.run(meter, env, peer_env)  # noqa: F821
meter.table()
env.cr.rollback()  # noqa: F821
