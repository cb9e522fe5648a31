"""Who lives, works and lends in the demo community."""

from dataclasses import dataclass

from communityshare.accounts.policy import Role

PASSWORD = "demo-maintenance"  # noqa: S105 public by design: `--demo` listens on loopback only


@dataclass(frozen=True, slots=True)
class Person:
    """A member of the community. Only the three demo logins can sign in."""

    key: str
    name: str
    email: str
    role: Role = Role.MEMBER
    premium: bool = False
    phone: str | None = None
    active: bool = True
    signs_in: bool = False


def _login(key: str, name: str, role: Role, phone: str) -> Person:
    return Person(key, name, f"{key}@communityshare.example", role, premium=True, phone=phone, signs_in=True)


def _neighbour(
    name: str, mailbox: str, role: Role = Role.MEMBER, *, phone: str | None = None, active: bool = True
) -> Person:
    """Whoever gave a number has the premium membership, which includes SMS."""
    address = f"{mailbox}@communityshare.example"
    return Person(mailbox.partition(".")[0], name, address, role, phone is not None, phone, active)


PEOPLE = (
    _login("admin", "Amara Okafor", Role.ADMIN, "+12025550101"),
    _login("coordinator", "Jonas Weber", Role.COORDINATOR, "+12025550102"),
    _login("member", "Lucía Fernández", Role.MEMBER, "+12025550103"),
    _neighbour("Ingrid Solberg", "ingrid.solberg", Role.ADMIN),
    _neighbour("Priya Raman", "priya.raman", Role.COORDINATOR, phone="+12025550105"),
    _neighbour("Tomasz Nowak", "tomasz.nowak", Role.COORDINATOR),
    _neighbour("Aiko Tanaka", "aiko.tanaka", Role.COORDINATOR),
    # Moved away: what was assigned to him falls back to the owners.
    _neighbour("Samuel Osei", "samuel.osei", Role.COORDINATOR, active=False),
    _neighbour("Yusuf Demir", "yusuf.demir", phone="+12025550109"),
    _neighbour("Leila Haddad", "leila.haddad"),
    _neighbour("Mateus Carvalho", "mateus.carvalho"),
    _neighbour("Chloé Martin", "chloe.martin"),
    _neighbour("Nguyễn Thị Hoa", "hoa.nguyen"),
    _neighbour("Rafael Ortiz", "rafael.ortiz"),
    _neighbour("Siobhán Kelly", "siobhan.kelly", phone="+12025550115"),
    _neighbour("Wanjiru Kamau", "wanjiru.kamau"),
)
