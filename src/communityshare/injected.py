"""What a route may ask for: the parameter's name chooses the part, these types say what it is."""

from typing import Any, TypeAlias

from litestar.di import NamedDependency
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from communityshare.accounts.authentication import Authenticator
from communityshare.accounts.policy import Principal
from communityshare.accounts.tokens import LocalKeys, PlatformKeys
from communityshare.infra.cache import Cache
from communityshare.infra.clock import Clock
from communityshare.infra.flags import Flags
from communityshare.infra.ratelimit import RateLimiter
from communityshare.infra.settings import Settings
from communityshare.infra.transaction import UnitOfWork

# `connection`: the request's; a write's statements stand in one transaction that the edge commits.
TheConnection: TypeAlias = NamedDependency[AsyncConnection[Any]]
# `unit`: that transaction itself, for what must happen after the commit or in spite of a refusal.
TheUnit: TypeAlias = NamedDependency[UnitOfWork]
# `principal`: who asks.
ThePrincipal: TypeAlias = NamedDependency[Principal]
TheSettings: TypeAlias = NamedDependency[Settings]
TheClock: TypeAlias = NamedDependency[Clock]
TheFlags: TypeAlias = NamedDependency[Flags]
TheCache: TypeAlias = NamedDependency[Cache]
TheLimiter: TypeAlias = NamedDependency[RateLimiter]
TheKeys: TypeAlias = NamedDependency[LocalKeys | PlatformKeys]
TheAuthenticator: TypeAlias = NamedDependency[Authenticator]
ThePool: TypeAlias = NamedDependency[AsyncConnectionPool]
