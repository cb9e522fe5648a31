"""Takes the photos of the demo community to where the product keeps photos."""

import asyncio
import io
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from communityshare.demo.community import Community
from communityshare.demo.pictures import Shot, draw
from communityshare.demo.things import Thing
from communityshare.infra.storage import Storage
from communityshare.maintenance.logs import photos, picture
from communityshare.maintenance.logs.photos import Cleaned

_Print = tuple[Cleaned, bytes, bytes]


async def add(community: Community, storage: Storage) -> None:
    """Draw, store and attach the photos. Raises UnavailableError when the storage is away."""
    chosen = list(community.photographed())
    wanted = {(thing, shot) for _, thing, shots in chosen for shot in shots}
    developed = await asyncio.gather(*(asyncio.to_thread(_develop, thing, shot) for thing, shot in wanted))
    prints = dict(zip(wanted, developed, strict=True))
    kept = await asyncio.gather(
        *(_keep(log_id, [prints[thing, shot] for shot in shots], storage) for log_id, thing, shots in chosen)
    )
    community.add_photos(dict(zip((log_id for log_id, *_ in chosen), kept, strict=True)))


@cache  # several logs show the same picture
def _develop(thing: Thing, shot: Shot) -> _Print:
    drawn = io.BytesIO()
    draw(thing, shot).save(drawn, "PPM")
    photo, thumbnail, size = picture.clean(drawn.getvalue(), "PPM")
    return Cleaned(*size, len(photo), len(thumbnail)), photo, thumbnail


async def _keep(log_id: UUID, prints: list[_Print], storage: Storage) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(await photos.keep(one, log_id, storage, [])) for one in prints]
