"""Words of somebody else, in a form that a column, a log line and a screen take."""


def printable(text: str, limit: int = 500) -> str:
    """Return one line of at most `limit` characters, without NUL, lone surrogates and other control characters.

    Bytes that are no UTF-8 reach us as surrogates, from headers and from mail servers; PostgreSQL refuses them.
    """
    return "".join(filter(str.isprintable, " ".join(text.split())))[:limit]
