"""`python -m office`: the office as one process."""

import argparse
import json
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import uvicorn

from office.app import build, consents_of, now, sealing_keys
from office.cityos.opening import published
from office.config import PEOPLE, PURPOSES, RATE_ADDRESS, RATE_DEVICE, Settings, SetupFault
from office.desk import Offer, accept, list_devices, offered, pair, restored, revoke
from office.devices import ROLES
from office.journal import LONGEST_WHY
from office.pairing import MINUTES
from office.relays.command import Command, on_relays
from office.relays.config import read_directory
from office.relays.departure import handed_on
from office.reseed import ReseedKeys
from office.serving import Tls, listen, server
from office.store import hold, open_store

PORT = 8750
_DEVICES = ("pair", "revoke", "devices")
_RELAYS, _ANCHORS, _RESTORED = "relays", "anchors", "restored"
_ROTATIONS = ("rotate-seal", "rotate-reseed")
_EARLIEST = 2000  # a terminal believes in no year before


def main(arguments: Sequence[str]) -> int:
    """Serve until told to stop; a fault of the set-up is one line and exit status 2."""
    options = _parser().parse_intermixed_args(arguments)
    settings = Settings(
        options.home,
        options.people,
        options.letterhead,
        tuple(options.font),
        options.purposes,
        options.database or os.environ.get("KAKANAI_OFFICE_DATABASE", ""),
        options.city_os,
        options.relays,
        options.rate_device,
        options.rate_address,
    )
    try:
        if options.verb == "trust":
            return _tell_trust(settings)
        if options.verb in _ROTATIONS:
            return _rotate(settings, options.verb)
        if options.verb in _DEVICES:
            return _on_devices(settings, options)
        if options.verb == _ANCHORS:
            return _on_anchors(settings, options)
        if options.verb == _RESTORED:
            return _on_restored(settings, options)
        if options.verb == _RELAYS:
            command = Command(options.device or "list", options.about, as_json=options.json)
            return on_relays(settings, command, options.forms)
        return _serve(settings, options)
    except SetupFault as fault:
        print(f"kakanai office: {fault}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kakanai office")
    parser.add_argument(
        "verb",
        choices=("serve", "trust", *_ROTATIONS, *_DEVICES, _RELAYS, _ANCHORS, _RESTORED),
        nargs="?",
        default="serve",
        help="serve until told to stop; print the public keys for verifiers; seal papers, or the "
        "spare codes of slips, with a new key; let a device in; put it out; list them; "
        "what goes onward: list, check, retry, show, run; anchors accept DEVICE: believe a journal "
        "that came back from a backup; restored: this office itself came back from one",
    )
    parser.add_argument("device", nargs="?", default="", help="of pair and revoke; what of relays")
    parser.add_argument("about", nargs="?", default="", help="relays: a submission or a target")
    parser.add_argument("--why", default="", metavar="TEXT", help="anchors, restored: is kept")
    parser.add_argument("--since", default="", metavar="MOMENT", help="restored: the backup's end")
    parser.add_argument("--relays", type=Path, metavar="FILE", help="relays.yaml: what goes where")
    parser.add_argument(
        "--forms", type=Path, action="append", default=[], metavar="DIR", help="the city's own"
    )
    parser.add_argument("--role", choices=ROLES, help="of the device that is paired")
    parser.add_argument("--minutes", type=int, default=MINUTES, help="so long its code is good")
    parser.add_argument("--url", default="", help="where devices reach this office")
    parser.add_argument("--qr", type=Path, metavar="FILE", help="the code as a picture too")
    parser.add_argument("--json", action="store_true", help="the list as one JSON value")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument(
        "--database", default="", metavar="URL", help="postgresql://…; else a file in the home"
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument(
        "--reuse-port", action="store_true", help="share the port with other offices"
    )
    parser.add_argument(
        "--rate-device", type=float, default=RATE_DEVICE, metavar="N", help="calls a second; 0: any"
    )
    parser.add_argument(
        "--rate-address", type=float, default=RATE_ADDRESS, metavar="N", help="of strangers"
    )
    parser.add_argument("--tls-cert", type=Path, metavar="FILE", help="serve https")
    parser.add_argument("--tls-key", type=Path, metavar="FILE")
    parser.add_argument("--tls-client-ca", type=Path, metavar="FILE", help="whose clients may ask")
    parser.add_argument(
        "--enrol", action="append", default=[], metavar="DEVICE:ROLE", help="a code at the start"
    )
    parser.add_argument("--people", type=Path, default=PEOPLE, metavar="FILE", help="the register")
    parser.add_argument(
        "--purposes", type=Path, default=PURPOSES, metavar="FILE", help="what consent is asked for"
    )
    parser.add_argument("--letterhead", type=Path, metavar="FILE", help="as of the terminals")
    parser.add_argument(
        "--font", type=Path, action="append", default=[], metavar="FILE", help="the city's own"
    )
    parser.add_argument("--city-os", type=Path, metavar="FILE", help="what is told to which broker")
    parser.add_argument("--announce", action="store_true", help="say the address as JSON")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end with the parent")
    return parser


def _tell_trust(settings: Settings) -> int:
    """What verifiers need, and nothing secret."""
    print(sealing_keys(settings).trust().text())
    return 0


def _rotate(settings: Settings, verb: str) -> int:
    """An office that is running goes on with the new key; what was sealed before still counts."""
    keys = sealing_keys(settings)
    if verb == "rotate-reseed":
        print(ReseedKeys(settings.keys).rotate())
        return 0
    keys.rotate()
    print(keys.key().kid.hex())
    return 0


def _on_devices(settings: Settings, options: argparse.Namespace) -> int:
    """An office may be running meanwhile; it hears of it within a second."""
    if options.verb != "devices" and not options.device:
        raise SetupFault(f"{options.verb}: name the device")
    if options.verb == "pair" and not options.role:
        raise SetupFault(f"pair {options.device}: takes --role; roles: {', '.join(ROLES)}")
    engine = open_store(settings.database)
    try:
        if options.verb == "devices":
            return list_devices(engine, as_json=options.json)
        if options.verb == "revoke":
            return revoke(engine, options.device)
        scheme = "https" if options.tls_cert else "http"
        url = options.url or f"{scheme}://{options.host}:{options.port}"
        offer = Offer(options.device, options.role, url, options.minutes, options.qr)
        return pair(engine, offer)
    finally:
        engine.dispose()


def _on_anchors(settings: Settings, options: argparse.Namespace) -> int:
    """Only on the office's own command line, and never without a reason."""
    if options.device != "accept" or not options.about:
        raise SetupFault("anchors: takes accept DEVICE --why TEXT")
    why = _why("anchors accept", options)
    engine = open_store(settings.database)
    try:
        return accept(engine, options.about, why)
    finally:
        engine.dispose()


def _on_restored(settings: Settings, options: argparse.Namespace) -> int:
    """Everybody hears of it with the next report, within a minute."""
    why, since = _why("restored", options), _since(options.since)
    if isinstance(settings.database, Path) and not settings.database.exists():
        raise SetupFault(f"{settings.database}: no database came back here; use --home")
    engine = open_store(settings.database)
    try:
        restored(engine, since, why)
    finally:
        engine.dispose()
    return 0


def _since(said: str) -> datetime:
    """By the clock on the office's wall where it names no zone, whatever this machine's is."""
    wall = now()
    zone = wall.tzinfo
    try:
        found = datetime.fromisoformat(said)
        since = found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)
    except (ValueError, OverflowError) as fault:
        raise SetupFault("restored: takes --since 2026-11-20T02:00, the backup's end") from fault
    if since > wall:
        raise SetupFault(f"restored: --since {said} is still to come")
    if since.year < _EARLIEST:
        raise SetupFault(f"restored: --since {said}: takes a year from {_EARLIEST} on")
    return since


def _why(what: str, options: argparse.Namespace) -> str:
    why: str = options.why.strip()
    if not why.isprintable() or not 0 < len(why) <= LONGEST_WHY:
        raise SetupFault(f"{what}: takes --why TEXT, one line of up to {LONGEST_WHY}")
    return why


def _serve(settings: Settings, options: argparse.Namespace) -> int:
    engine = open_store(settings.database)
    held = hold(settings.database) if isinstance(settings.database, Path) else None
    tls = _tls(options)
    listener = listen(options.host, options.port, shared=options.reuse_port)
    host, port = listener.getsockname()[:2]
    url = f"{'https' if tls else 'http'}://{host}:{port}"
    told = options.url or url
    pairings = {o.device: offered(engine, o) for o in _offers(options.enrol, told)}
    served = server(build(settings, engine), tls)
    if options.until_stdin_closes:
        threading.Thread(target=_end_with_parent, args=(served,), daemon=True).start()
    if options.announce:
        print(json.dumps({"url": url, "pairings": pairings}), flush=True)
    else:
        print(
            f"{url}/docs",
            *(f"{device} {code}" for device, code in pairings.items()),
            sep="\n",
            flush=True,
        )
    stands, directory = consents_of(settings, engine).stands, read_directory(settings.relays)
    with published(settings, engine, now), handed_on(directory, engine, now, stands):
        served.run(sockets=[listener])
    engine.dispose()
    if held is not None:
        os.close(held)
    return 0


def _offers(entries: Sequence[str], url: str) -> Iterator[Offer]:
    for entry in entries:
        device, _, role = entry.partition(":")
        yield Offer(device, role, url)


def _tls(options: argparse.Namespace) -> Tls | None:
    if bool(options.tls_cert) != bool(options.tls_key):
        raise SetupFault("--tls-cert and --tls-key go together")
    if options.tls_client_ca and not options.tls_cert:
        raise SetupFault("--tls-client-ca: needs --tls-cert and --tls-key")
    return (
        Tls(options.tls_cert, options.tls_key, options.tls_client_ca) if options.tls_cert else None
    )


def _end_with_parent(served: uvicorn.Server) -> None:
    sys.stdin.buffer.read()
    served.should_exit = True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
