"""The registry in a Jupyter server: what JupyterLab's panel reads and changes, over REST, with no kernel.

Everything stands below ``/nbregistry/api`` and is written down in ``openapi.json``, from which requests are checked
here and the panel's types are made. A request goes this way: ``handlers`` (who may ask), ``contract`` (what may be
asked), ``workers`` (off the event loop), ``shelf`` within ``jail`` (which registry), then ``reading`` or ``changing``.
No model is ever loaded in the server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp


def _load_jupyter_server_extension(serverapp: ServerApp) -> None:
    """Add the routes; Jupyter's server calls this."""
    from nbregistry.server.handlers import routes
    from nbregistry.server.service import Service

    service = Service(parent=serverapp)
    serverapp.web_app.add_handlers(".*$", routes(serverapp.base_url, service))  # type: ignore[no-untyped-call]
    serverapp.log.info("nbregistry | registries below %s", service.root_dir)
