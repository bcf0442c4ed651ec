"""A service, an address of the user's and the environment → the address to ask, or why there is none."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from mmra_api.errors import InputError
from mmra_api.providers.service import Service

EXAMPLE = "for example http://127.0.0.1:8000/v1"
VARIABLE = re.compile(r"\$\{(\w+)\}")
VERSION = re.compile(r"/v\d+(beta)?$")
ENDPOINT = re.compile(
    r"/chat/completions$|/messages$|/responses$|(/models(/[^/]*)?)?:(stream)?generateContent$", re.IGNORECASE
)
"""Ends of addresses of calls, which are copied where the address of the service is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a service is asked."""

    url: str
    source: str = ""
    """The environment variable that it comes from; empty where the user or the service gives it."""
    elsewhere: bool = False
    """Whether it is another than the service's own: a proxy, or a server that is compatible."""


def find_address(name: str, service: Service, given: str | None = None) -> Address:
    """Return where a service is asked: at ``given``, else as its environment variable says, else at its own address.

    Raises InputError for an address that cannot be asked, naming the variable that it comes from.
    """
    if given is not None and not given.strip():  # of a variable that is not set: it must not go to the vendor
        raise InputError("base URL '': it is empty: leave it out, or give an address")
    variable = "" if given is not None else service.address_variable
    override = (given if given is not None else os.environ.get(variable, "")).strip()
    if override:
        url = check_url(override, f" from {variable}" if variable else "")
        return Address(url=url, source=variable, elsewhere=not _is_own(url, service.base_url))
    used = " and ".join(VARIABLE.findall(service.base_url))
    source = f" from {used}" if used else f" of the service {name!r}"
    return Address(url=check_url(_expand(name, service.base_url), source), source=used)


def _is_own(url: str, base_url: str) -> bool:
    """Return whether an address is the service's own, or a region of it: a host below its host."""
    there, own = urlsplit(drop_version(url)), urlsplit(drop_version(base_url))
    of_host = there.netloc == own.netloc or there.netloc.endswith(f".{own.netloc}")
    return of_host and (there.scheme, there.path) == (own.scheme, own.path)


def drop_version(url: str) -> str:
    """Return an address without the version at its end."""
    return VERSION.sub("", url)


def check_url(url: str, source: str = "") -> str:
    """Return an address in its usual form. Raises InputError for one that cannot be asked; ``source`` is named.

    A part that may be a secret is never quoted.
    """
    try:
        parts = urlsplit(url if "://" in url else f"//{url}")
        has_host = bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        raise InputError(f"base URL {_cut(url)!r}{source}: host or port cannot be read; {EXAMPLE}") from None
    if found := _find_extras(parts, url):
        raise InputError(f"the base URL{source} holds {found}: leave it out; secrets go into the environment")
    if not parts.scheme:
        raise InputError(f"base URL {url!r}{source}: http:// or https:// is missing at its beginning; {EXAMPLE}")
    if parts.scheme not in {"http", "https"}:
        raise InputError(f"base URL {url!r}{source}: it begins with {parts.scheme}://, not with http:// or https://")
    if not has_host:
        raise InputError(f"base URL {url!r}{source}: give the address up to the version, {EXAMPLE}")
    if re.search(r"\s", url):
        raise InputError(f"base URL {url!r}{source}: it holds a space; {EXAMPLE}")
    url = f"{parts.scheme}://{parts.netloc.casefold()}{parts.path}".rstrip("/")
    if end := ENDPOINT.search(url):
        raise InputError(f"base URL {url!r}{source}: leave {end[0]} off; the path of a call is added to the address")
    return url


def check_template(base_url: str) -> None:
    """Raise InputError for an address that cannot be asked, whatever its ``${VARIABLE}`` hold."""
    whole = VARIABLE.sub("https://1", base_url, count=1) if VARIABLE.match(base_url) else base_url
    check_url(VARIABLE.sub("1", whole))  # 1 may stand for a host and for a port


def _find_extras(parts: SplitResult, url: str) -> str:
    """Return what an address holds beside host and path, in words."""
    extras = {
        "a user name": bool(parts.username),
        "a password": bool(parts.password),
        "a query (from ? on)": "?" in url,
        "a fragment (from # on)": "#" in url,
    }
    return " and ".join(name for name, there in extras.items() if there)


def _cut(url: str) -> str:
    """Return an address without what may be a secret."""
    return re.split(r"[?#]", re.sub(r"[^/@]*@", "…@", url))[0]


def _expand(name: str, base_url: str) -> str:
    """Put the values of environment variables in their places."""

    def find(match: re.Match[str]) -> str:
        rest = base_url[match.end() :]
        value = os.environ.get(match[1], "").strip().rstrip("/").removesuffix(rest)
        if not value:
            need = (
                f"export {match[1]}=https://…" if match.start() == 0 else f"set {match[1]} (in base_url {base_url!r})"
            )
            raise InputError(f"{name} needs its address: {need}, or give --base-url")
        return value

    return VARIABLE.sub(find, base_url)
