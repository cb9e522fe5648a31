"""What a route may ask for: the parameter's name chooses the part, these types say what it is."""

from typing import Any, TypeAlias

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
from communityshare.infra.storage import Storage
from communityshare.infra.transaction import UnitOfWork
from communityshare.infra.web import Ours

# `connection`: the request's; a write's statements stand in one transaction that the edge commits.
TheConnection: TypeAlias = Ours[AsyncConnection[Any]]
# `unit`: that transaction itself, for what must happen after the commit or in spite of a refusal.
TheUnit: TypeAlias = Ours[UnitOfWork]
# `principal`: who asks.
ThePrincipal: TypeAlias = Ours[Principal]
TheSettings: TypeAlias = Ours[Settings]
TheClock: TypeAlias = Ours[Clock]
TheFlags: TypeAlias = Ours[Flags]
TheCache: TypeAlias = Ours[Cache]
TheLimiter: TypeAlias = Ours[RateLimiter]
TheKeys: TypeAlias = Ours[LocalKeys | PlatformKeys]
TheAuthenticator: TypeAlias = Ours[Authenticator]
ThePool: TypeAlias = Ours[AsyncConnectionPool]
TheStorage: TypeAlias = Ours[Storage]
