"""One way to the office: past the proxies of the surroundings, believing whom the city names."""

from pathlib import Path

import requests

from kiosk.errors import SetupFault


def web_session(ca: str = "") -> requests.Session:
    """A session of its own; `ca` is the file of the city's own authority, if it has one."""
    if ca and not Path(ca).is_file():
        raise SetupFault(f"office_ca: {ca}: no such file")
    session = requests.Session()
    session.trust_env = False
    session.verify = ca or True
    return session
